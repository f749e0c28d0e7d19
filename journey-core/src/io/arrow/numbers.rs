//! Arrow columns of numbers, each as the nearest in binary floating point.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, Decimal256Type, DecimalType, Float16Type,
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::DataType;

use super::texts::TextCells;
use super::{At, Expected, Placed, wrong_type};
use crate::error::{Problem, Result, shorten};

/// Adds the numbers of an array, changed by `change`, to a column of rows that come after `before` others; the column
/// stays empty as long as there is no number.
pub(super) fn append_numbers(
    to: &mut Vec<f64>,
    before: usize,
    array: &dyn Array,
    change: impl Fn(f64) -> Result<f64>,
) -> Placed<()> {
    if array.logical_null_count() == array.len() {
        return Ok(());
    }
    to.resize(before, f64::NAN);
    to.reserve(array.len());
    let mut put = |row: usize, number: Option<f64>| {
        to.push(match number {
            None => f64::NAN,
            Some(number) if number.is_finite() => change(number).map_err(At::row(row))?,
            Some(number) => return Err(At::row(row)(Problem::BadNumber(number.to_string()).into())),
        });
        Ok(())
    };
    match array.data_type() {
        DataType::Float64 => each(array.as_primitive::<Float64Type>(), |number| number, put),
        DataType::Float32 => each(array.as_primitive::<Float32Type>(), f64::from, put),
        DataType::Float16 => each(array.as_primitive::<Float16Type>(), f64::from, put),
        DataType::Int8 => each(array.as_primitive::<Int8Type>(), f64::from, put),
        DataType::Int16 => each(array.as_primitive::<Int16Type>(), f64::from, put),
        DataType::Int32 => each(array.as_primitive::<Int32Type>(), f64::from, put),
        DataType::Int64 => each(array.as_primitive::<Int64Type>(), |number| rounded(number.into()), put),
        DataType::UInt8 => each(array.as_primitive::<UInt8Type>(), f64::from, put),
        DataType::UInt16 => each(array.as_primitive::<UInt16Type>(), f64::from, put),
        DataType::UInt32 => each(array.as_primitive::<UInt32Type>(), f64::from, put),
        DataType::UInt64 => each(array.as_primitive::<UInt64Type>(), |number| rounded(number.into()), put),
        DataType::Decimal32(..) => decimals(array.as_primitive::<Decimal32Type>(), |number| Some(number.into()), put),
        DataType::Decimal64(..) => decimals(array.as_primitive::<Decimal64Type>(), |number| Some(number.into()), put),
        DataType::Decimal128(..) => decimals(array.as_primitive::<Decimal128Type>(), Some, put),
        DataType::Decimal256(..) => decimals(array.as_primitive::<Decimal256Type>(), arrow_buffer::i256::to_i128, put),
        other => {
            let cells = TextCells::of(array).ok_or_else(|| At::row(0)(wrong_type(other, Expected::Number)))?;
            (0..array.len()).try_for_each(|row| {
                let text = cells.get(row).map_err(At::row(row))?;
                let read = |text: &str| match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => Ok(number),
                    _ => Err(At::row(row)(Problem::BadNumber(shorten(text)).into())),
                };
                put(row, text.map(read).transpose()?)
            })
        }
    }
}

fn each<T: ArrowPrimitiveType>(
    array: &PrimitiveArray<T>,
    number: impl Fn(T::Native) -> f64,
    mut put: impl FnMut(usize, Option<f64>) -> Placed<()>,
) -> Placed<()> {
    array.iter().enumerate().try_for_each(|(row, cell)| put(row, cell.map(&number)))
}

/// Decimal numbers, each read as its text would be.
fn decimals<T: DecimalType>(
    array: &PrimitiveArray<T>,
    whole: impl Fn(T::Native) -> Option<i128>,
    put: impl FnMut(usize, Option<f64>) -> Placed<()>,
) -> Placed<()> {
    /// Up to here powers of ten are exact, and up to there whole numbers, so that the quotient is rounded only once.
    const EXACT_POWER: i8 = 22;
    const EXACT_WHOLE: i128 = 1 << 53;
    let (precision, scale) = (array.precision(), array.scale());
    let number = |cell: T::Native| match whole(cell) {
        Some(whole) if (-EXACT_WHOLE..=EXACT_WHOLE).contains(&whole) && (0..=EXACT_POWER).contains(&scale) => {
            rounded(whole) / 10f64.powi(scale.into())
        }
        _ => T::format_decimal(cell, precision, scale).parse().unwrap_or(f64::NAN),
    };
    each(array, number, put)
}

#[expect(clippy::cast_precision_loss, reason = "the nearest number is what the text of the number is read as")]
fn rounded(number: i128) -> f64 {
    number as f64
}

/// Whether a column of this type can hold numbers.
pub(super) fn is_number(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_words(values),
        kind => kind.is_numeric() || is_words(kind),
    }
}

/// Whether its values are texts, or nothing.
pub(super) fn is_words(kind: &DataType) -> bool {
    use DataType::{Binary, BinaryView, LargeBinary, LargeUtf8, Null, Utf8, Utf8View};
    matches!(kind, Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | Null)
}
