//! Tables of Arrow: those that logs are read from, and those that reports and logs are given out as.
#![expect(clippy::needless_pass_by_value, reason = "what comes from Python is handed over")]

use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, BooleanArray, Float64Array, Int64Array, LargeListArray, LargeStringArray, RecordBatch,
    RecordBatchOptions, RecordBatchReader, StructArray, UInt64Array,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, Field, FieldRef, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyboardInterrupt, PyRuntimeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyCapsule, PyDict};
use pyo3_arrow::ffi::{ArrayIterator, to_schema_pycapsule, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;

/// The batches of a table of any package that speaks Arrow, of rows or of columns; `wanted` are the columns to be read.
pub(crate) fn batches(table: &Bound<'_, PyAny>, wanted: Vec<&str>) -> PyResult<Batches> {
    let py = table.py();
    let table = py.import(intern!(py, "journey._tables"))?.call_method1("arrow", (table, wanted))?;
    Ok(Batches { reader: table.extract::<AnyRecordBatch>()?.into_reader()?, failed: None, begun: false })
}

/// Batches, and what their maker said if it could not make one: that may be Python, which Ctrl-C interrupts.
pub(crate) struct Batches {
    reader: Box<dyn RecordBatchReader + Send>,
    failed: Option<String>,
    /// Whether the columns have been given out.
    begun: bool,
}

impl Batches {
    /// The next batch; the first one has no rows, so that the columns of a table without any are looked at, too.
    pub(crate) fn next_batch(&mut self, py: Python<'_>) -> PyResult<Option<RecordBatch>> {
        if !std::mem::replace(&mut self.begun, true) {
            return Ok(Some(RecordBatch::new_empty(self.reader.schema())));
        }
        let next = py.detach(|| self.reader.next()).transpose();
        next.map_err(|error| {
            let text = error.to_string();
            if text.contains("KeyboardInterrupt") {
                PyKeyboardInterrupt::new_err(())
            } else {
                PyRuntimeError::new_err(text)
            }
        })
    }

    /// The exception that is to be raised: what Python raised while it made a batch is its cause.
    pub(crate) fn explain(&self, py: Python<'_>, error: PyErr) -> PyErr {
        let Some(failed) = &self.failed else { return error };
        if failed.contains("KeyboardInterrupt") {
            return PyKeyboardInterrupt::new_err(());
        }
        error.set_cause(py, Some(PyRuntimeError::new_err(failed.clone())));
        error
    }
}

impl Iterator for &mut Batches {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.reader.next();
        if let Some(Err(error)) = &next {
            self.failed = Some(error.to_string());
        }
        next
    }
}

impl RecordBatchReader for &mut Batches {
    fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }
}

/// A table of Arrow, which every package that speaks Arrow takes as it is.
///
/// `polars.DataFrame(table)`, `pyarrow.table(table)` and `duckdb.sql("from table")` are its rows.
#[pyclass(frozen, module = "journey")]
pub(crate) struct Table(pub(crate) RecordBatch);

#[pymethods]
impl Table {
    /// The rows, as Arrow's C stream in a capsule.
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let field: FieldRef = Field::new_struct("", self.0.schema_ref().fields().clone(), false).into();
        let rows: ArrayRef = Arc::new(StructArray::from(self.0.clone()));
        Ok(to_stream_pycapsule(py, Box::new(ArrayIterator::new([Ok(rows)], field)), requested_schema)?)
    }

    /// The names and types of the columns, as Arrow's C schema in a capsule.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.0.schema_ref().as_ref())?)
    }

    /// The names of the columns.
    #[getter]
    fn column_names(&self) -> Vec<&str> {
        self.0.schema_ref().fields().iter().map(|field| field.name().as_str()).collect()
    }

    /// The table as a data frame of pandas, which has to be installed, with pyarrow.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import(intern!(slf.py(), "journey._tables"))?.call_method1("to_pandas", (slf,))
    }

    /// The table as a data frame of polars, which has to be installed.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import(intern!(slf.py(), "journey._tables"))?.call_method1("to_polars", (slf,))
    }

    /// How many rows there are.
    fn __len__(&self) -> usize {
        self.0.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("Table({} rows: {})", self.0.num_rows(), self.column_names().join(", "))
    }
}

/// What the cells of a column are.
pub(crate) enum Kind {
    Text,
    Integer,
    Number,
    Boolean,
    List(Box<Self>),
    /// A dict, as a list of its keys and values, which are of this kind.
    Map(Box<Self>),
    Struct(Vec<Column>),
}

/// A column: its name, the attributes that lead to its cell in a record, and what its cells are.
#[derive(FromPyObject)]
pub(crate) struct Column(String, Vec<String>, Kind);

impl<'py> FromPyObject<'_, 'py> for Kind {
    type Error = PyErr;

    fn extract(kind: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let unknown = || PyValueError::new_err("no kind of a column");
        if let Ok(word) = kind.extract::<PyBackedStr>() {
            return match &*word {
                "text" => Ok(Self::Text),
                "integer" => Ok(Self::Integer),
                "number" => Ok(Self::Number),
                "boolean" => Ok(Self::Boolean),
                _ => Err(unknown()),
            };
        }
        let (word, inner): (PyBackedStr, Bound<'_, PyAny>) = kind.extract()?;
        match &*word {
            "list" => inner.extract().map(|kind| Self::List(Box::new(kind))),
            "map" => inner.extract().map(|kind| Self::Map(Box::new(kind))),
            "struct" => inner.extract().map(Self::Struct),
            _ => Err(unknown()),
        }
    }
}

/// The table of records, such as the rows of a report, with these columns.
#[pyfunction]
pub(crate) fn _records(rows: Vec<Bound<'_, PyAny>>, columns: Vec<Column>) -> PyResult<Table> {
    table(fields(&rows, &columns)?, rows.len())
}

/// The table of columns that are lists of cells.
#[pyfunction]
pub(crate) fn _columns(columns: Vec<(String, Kind, Vec<Bound<'_, PyAny>>)>) -> PyResult<Table> {
    let rows = columns.first().map_or(0, |(.., cells)| cells.len());
    let arrays = columns.iter().map(|(name, kind, cells)| Ok(field(name, kind.array(cells)?)));
    table(arrays.collect::<PyResult<_>>()?, rows)
}

fn table((fields, arrays): (Vec<Field>, Vec<ArrayRef>), rows: usize) -> PyResult<Table> {
    let rows = RecordBatchOptions::new().with_row_count(Some(rows));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), arrays, &rows).map(Table).map_err(refused)
}

fn field(name: &str, array: ArrayRef) -> (Field, ArrayRef) {
    (Field::new(name, array.data_type().clone(), true), array)
}

/// The columns of records, one after the other.
fn fields(rows: &[Bound<'_, PyAny>], columns: &[Column]) -> PyResult<(Vec<Field>, Vec<ArrayRef>)> {
    let array = |Column(name, path, kind): &Column| {
        let cells = rows.iter().map(|row| cell(row, path)).collect::<PyResult<Vec<_>>>()?;
        Ok(field(name, kind.array(&cells)?))
    };
    columns.iter().map(array).collect()
}

/// What the attributes of a path, or keys of dicts, lead to; `None` from where one of them is, or is not there.
fn cell<'py>(row: &Bound<'py, PyAny>, path: &[String]) -> PyResult<Bound<'py, PyAny>> {
    path.iter().try_fold(row.clone(), |value, name| match value.cast::<PyDict>() {
        Ok(dict) => Ok(dict.get_item(name)?.unwrap_or_else(|| value.py().None().into_bound(value.py()))),
        Err(_) if value.is_none() => Ok(value),
        Err(_) => value.getattr(name.as_str()),
    })
}

impl Kind {
    /// The cells as an array; `None` is null.
    fn array(&self, cells: &[Bound<'_, PyAny>]) -> PyResult<ArrayRef> {
        fn values<'a, 'py, T>(cells: &'a [Bound<'py, PyAny>]) -> PyResult<Vec<Option<T>>>
        where
            Option<T>: FromPyObject<'a, 'py, Error: Into<PyErr>>,
        {
            cells.iter().map(|cell| cell.extract().map_err(Into::into)).collect()
        }
        Ok(match self {
            Self::Text => Arc::new(values::<PyBackedStr>(cells)?.into_iter().collect::<LargeStringArray>()),
            Self::Number => Arc::new(Float64Array::from(values::<f64>(cells)?)),
            Self::Boolean => Arc::new(BooleanArray::from(values::<bool>(cells)?)),
            Self::Integer => match values::<i64>(cells) {
                Ok(numbers) => Arc::new(Int64Array::from(numbers)),
                // A seed may be larger.
                Err(_) => Arc::new(UInt64Array::from(values::<u64>(cells)?)),
            },
            Self::List(kind) => list(values(cells)?, |items| Ok(field("item", kind.array(items)?)))?,
            Self::Map(kind) => {
                let dicts = values::<Bound<'_, PyDict>>(cells)?.into_iter();
                let items = dicts.map(|dict| dict.map(|dict| dict.items().into_iter().collect())).collect();
                list(items, |items| {
                    let part =
                        |place: usize| items.iter().map(|item| item.get_item(place)).collect::<PyResult<Vec<_>>>();
                    let (keys, values) = (Self::Text.array(&part(0)?)?, kind.array(&part(1)?)?);
                    let (fields, arrays) =
                        [field("key", keys), field("value", values)].into_iter().unzip::<_, _, Vec<_>, _>();
                    Ok(field("item", Arc::new(StructArray::try_new(fields.into(), arrays, None).map_err(refused)?)))
                })?
            }
            Self::Struct(columns) => {
                let nulls: NullBuffer = cells.iter().map(|cell| !cell.is_none()).collect();
                let (fields, arrays) = fields(cells, columns)?;
                let array = StructArray::try_new_with_length(fields.into(), arrays, nulls_of(nulls), cells.len());
                Arc::new(array.map_err(refused)?)
            }
        })
    }
}

/// Lists whose items `array` makes an array of; `None` is null.
fn list<'py>(
    lists: Vec<Option<Vec<Bound<'py, PyAny>>>>,
    array: impl FnOnce(&[Bound<'py, PyAny>]) -> PyResult<(Field, ArrayRef)>,
) -> PyResult<ArrayRef> {
    let lengths = OffsetBuffer::from_lengths(lists.iter().map(|list| list.as_ref().map_or(0, Vec::len)));
    let nulls: NullBuffer = lists.iter().map(Option::is_some).collect();
    let (item, items) = array(&lists.into_iter().flatten().flatten().collect::<Vec<_>>())?;
    Ok(Arc::new(LargeListArray::try_new(item.into(), lengths, items, nulls_of(nulls)).map_err(refused)?))
}

fn nulls_of(nulls: NullBuffer) -> Option<NullBuffer> {
    Some(nulls).filter(|nulls| nulls.null_count() > 0)
}

fn refused(error: ArrowError) -> PyErr {
    PyValueError::new_err(error.to_string())
}
