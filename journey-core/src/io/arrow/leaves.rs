//! The columns that options name: those of a table, and those within a column of records, by a path such as `user.id`.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch, make_array};
use arrow_buffer::NullBuffer;
use arrow_schema::{DataType, Field, Fields, Schema};

use super::arrow_error;
use crate::error::{Error, Problem, Result, nearest, shorten};

/// Records that stand deeper within each other than this are not looked into.
const DEEPEST: usize = 64;

/// The columns that are asked for, each once; one is known by its place among them.
#[derive(Debug, Default)]
pub(in crate::io) struct Leaves {
    /// For each the places to go through: that in the table, and those in the records that stand in each other.
    paths: Vec<Vec<usize>>,
}

impl Leaves {
    /// The place and the type of a column that an option names: one of just that name, or else the one at the end of the
    /// path.
    pub(super) fn find<'s>(
        &mut self,
        schema: &'s Schema,
        option: &'static str,
        name: &str,
    ) -> std::result::Result<(usize, &'s DataType), Problem> {
        let found = match one(schema.fields(), name)? {
            Some((place, field)) => Some((vec![place], field)),
            None => follow(schema.fields(), name)?,
        };
        let Some((path, field)) = found else {
            let have = names(schema);
            return Err(Problem::NoColumn {
                nearest: nearest(name, have.iter().map(String::as_str)),
                column: shorten(name),
                option,
                have,
            });
        };
        let place = self.paths.iter().position(|known| *known == path).unwrap_or_else(|| {
            self.paths.push(path);
            self.paths.len() - 1
        });
        Ok((place, field.data_type()))
    }

    /// The columns of a batch.
    pub(super) fn arrays(&self, batch: &RecordBatch) -> Result<Vec<ArrayRef>> {
        self.paths.iter().map(|path| array(batch, path)).collect()
    }

    /// The names along the path to each column.
    #[cfg(feature = "parquet")]
    pub(in crate::io) fn names<'s>(&self, schema: &'s Schema) -> Vec<Vec<&'s str>> {
        let along = |path: &Vec<usize>| {
            let mut fields = Some(schema.fields());
            let names = path.iter().filter_map(|place| {
                let field = fields?.get(*place)?;
                fields = within(field);
                Some(field.name().as_str())
            });
            names.collect()
        };
        self.paths.iter().map(along).collect()
    }
}

/// The only field of a name.
fn one<'s>(fields: &'s Fields, name: &str) -> std::result::Result<Option<(usize, &'s Field)>, Problem> {
    let mut found = fields.iter().enumerate().filter(|(_, field)| field.name() == name);
    match (found.next(), found.next()) {
        (Some(_), Some(_)) => Err(Problem::RepeatedColumn(shorten(name))),
        (found, _) => Ok(found.map(|(place, field)| (place, field.as_ref()))),
    }
}

/// The places along a path, and the field at its end.
fn follow<'s>(fields: &'s Fields, path: &str) -> std::result::Result<Option<(Vec<usize>, &'s Field)>, Problem> {
    let (mut fields, mut places, mut last) = (Some(fields), Vec::new(), None);
    for name in path.split('.') {
        let Some((place, field)) = fields.map(|fields| one(fields, name)).transpose()?.flatten() else {
            return Ok(None);
        };
        places.push(place);
        fields = within(field);
        last = Some(field);
    }
    Ok(last.map(|field| (places, field)))
}

/// The fields of the records in a column.
fn within(field: &Field) -> Option<&Fields> {
    match field.data_type() {
        DataType::Struct(fields) => Some(fields),
        _ => None,
    }
}

/// The names of all columns, and paths to those within others.
fn names(schema: &Schema) -> Vec<String> {
    const MOST: usize = 1000;
    fn add(names: &mut Vec<String>, before: &str, fields: &Fields, depth: usize) {
        for field in fields {
            let name = format!("{before}{}", field.name());
            match within(field) {
                Some(fields) if depth < DEEPEST => add(names, &format!("{name}."), fields, depth + 1),
                _ if names.len() < MOST => names.push(name),
                _ => return,
            }
        }
    }
    let mut all = Vec::new();
    add(&mut all, "", schema.fields(), 0);
    all
}

/// The array at the end of a path; where a record is missing, all that is in it is.
fn array(batch: &RecordBatch, path: &[usize]) -> Result<ArrayRef> {
    let missing = || Error::from(Problem::Options("the batch is not of the schema of its reader".into()));
    let (first, rest) = path.split_first().ok_or_else(missing)?;
    let mut array = batch.columns().get(*first).ok_or_else(missing)?;
    let mut there: Option<NullBuffer> = None;
    for place in rest {
        let records = array.as_struct_opt().ok_or_else(missing)?;
        there = NullBuffer::union(there.as_ref(), records.nulls());
        array = records.columns().get(*place).ok_or_else(missing)?;
    }
    match there.filter(|there| there.null_count() > 0 && *array.data_type() != DataType::Null) {
        None => Ok(ArrayRef::clone(array)),
        Some(there) => {
            let both = NullBuffer::union(Some(&there), array.nulls());
            let data = array.to_data().into_builder().nulls(both).build();
            data.map(make_array).map_err(|error| arrow_error(error, "Arrow data"))
        }
    }
}
