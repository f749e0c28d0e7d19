//! What reading comes down to: decoding the file, numbering the customers, and putting each column in their order.
#![expect(clippy::indexing_slicing, reason = "each row has a place, and there are as many as rows")]

use std::fs::File;
use std::io::{self, BufReader};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Float64Type, Int32Type, TimestampMicrosecondType, TimestampMillisecondType,
};
use arrow_array::{Array, PrimitiveArray, RecordBatch};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::RowGroupMetaData;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// T1: the seven columns, those of names as numbers, by customer.
pub(crate) fn parquet(path: &Path) -> Result<usize, Failure> {
    let batches = decoded(path)?;
    let column = |name: &str| -> Result<Vec<&dyn Array>, Failure> {
        batches
            .iter()
            .map(|batch| batch.column_by_name(name).map(AsRef::as_ref).ok_or("no such column".into()))
            .collect()
    };
    let (customers, count) = numbered(&column("customer_id")?);
    let order = order(&customers, count);
    let names = ["touchpoint", "channel", "segment"].map(|name| {
        let codes = numbered(&column(name)?).0;
        Ok::<_, Failure>(gathered(&order, |row| u8::try_from(codes[row]).unwrap_or(u8::MAX)))
    });
    let names: usize = names.into_iter().map(|column| Ok::<_, Failure>(column?.len())).sum::<Result<_, _>>()?;
    let times = match column("timestamp")?.first().map(|column| column.data_type().clone()) {
        Some(DataType::Timestamp(TimeUnit::Millisecond, _)) => {
            joined::<TimestampMillisecondType>(&column("timestamp")?)
        }
        _ => joined::<TimestampMicrosecondType>(&column("timestamp")?),
    };
    let mut cells = names + gathered(&order, |row| times[row]).len();
    for name in ["sentiment", "value"] {
        let numbers = joined::<Float64Type>(&column(name)?);
        cells += gathered(&order, |row| numbers[row]).len();
    }
    Ok(cells)
}

/// T10: where the tags of the file begin, on two cores.
pub(crate) fn tags(path: &Path) -> Result<usize, Failure> {
    let text = std::fs::read(path)?;
    let (first, second) = text.split_at(text.len() / 2);
    let count = |part: &[u8]| memchr::memchr_iter(b'<', part).count();
    let (first, second) = rayon::join(|| count(first), || count(second));
    Ok(first + second)
}

/// T10gz: the text of the file, on one core, as its format wants it.
pub(crate) fn gzip(path: &Path) -> Result<usize, Failure> {
    let mut text = flate2::read::MultiGzDecoder::new(BufReader::new(File::open(path)?));
    Ok(usize::try_from(io::copy(&mut text, &mut io::sink())?)?)
}

/// All columns, one batch of each row group, names as dictionaries.
fn decoded(path: &Path) -> Result<Vec<RecordBatch>, Failure> {
    let stored = ArrowReaderMetadata::load(&File::open(path)?, ArrowReaderOptions::new())?;
    let field = |field: &Arc<Field>| match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let dictionary = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
            Arc::new(Field::clone(field).with_data_type(dictionary))
        }
        _ => Arc::clone(field),
    };
    let schema = Schema::new(stored.schema().fields().iter().map(field).collect::<Vec<_>>());
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true).with_schema(Arc::new(schema));
    let metadata = ArrowReaderMetadata::load(&File::open(path)?, options)?;
    let groups = metadata.metadata().row_groups();
    let batch = |(group, rows): (usize, i64)| {
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(File::open(path)?, metadata.clone());
        let mut reader = builder.with_row_groups(vec![group]).with_batch_size(usize::try_from(rows)?).build()?;
        Ok(reader.next().ok_or("a row group is empty")??)
    };
    let groups: Vec<(usize, i64)> = groups.iter().map(RowGroupMetaData::num_rows).enumerate().collect();
    groups.into_par_iter().map(batch).collect()
}

/// A number for each name, in the order in which they first appear; and how many there are.
fn numbered(batches: &[&dyn Array]) -> (Vec<u32>, usize) {
    let mut numbers: FxHashMap<&str, u32> = FxHashMap::default();
    let mut codes = Vec::with_capacity(batches.iter().map(|batch| batch.len()).sum());
    for batch in batches {
        let Some(column) = batch.as_dictionary_opt::<Int32Type>() else { continue };
        let mut of_keys = vec![u32::MAX; column.values().len()];
        let names = column.values().as_string::<i32>();
        for key in column.keys().values() {
            let key = usize::try_from(*key).unwrap_or_default();
            if of_keys[key] == u32::MAX {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                of_keys[key] = *numbers.entry(names.value(key)).or_insert(next);
            }
            codes.push(of_keys[key]);
        }
    }
    (codes, numbers.len())
}

fn joined<T: ArrowPrimitiveType>(batches: &[&dyn Array]) -> Vec<T::Native> {
    batches.iter().filter_map(|batch| batch.as_primitive_opt::<T>()).flat_map(PrimitiveArray::values).copied().collect()
}

/// The rows by customer; those of one stay in their order, which is that of time.
fn order(customers: &[u32], count: usize) -> Vec<u32> {
    let mut next = vec![0u32; count + 1];
    for customer in customers {
        next[*customer as usize + 1] += 1;
    }
    for customer in 0..count {
        next[customer + 1] += next[customer];
    }
    let mut order = vec![0; customers.len()];
    for (row, customer) in (0..).zip(customers) {
        let place = &mut next[*customer as usize];
        order[*place as usize] = row;
        *place += 1;
    }
    order
}

fn gathered<T: Send>(order: &[u32], cell: impl Fn(usize) -> T + Sync) -> Vec<T> {
    order.par_iter().with_min_len(1 << 15).map(|row| cell(*row as usize)).collect()
}
