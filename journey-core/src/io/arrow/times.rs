//! Arrow columns of times: timestamps of any unit and zone, dates, and the texts and numbers that the options say how to
//! read.

use std::fmt::{Display, Write};

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, PrimitiveArray};
use arrow_schema::{DataType, TimeUnit};

use super::numbers::is_words;
use super::texts::TextCells;
use super::{At, Expected, Placed, wrong_type};
use crate::error::{Problem, Result};
use crate::time::{TimeReader, Timestamp};

/// How the cells of a column of times are read.
#[derive(Clone, Copy)]
pub(super) struct Times<'a> {
    pub(super) reader: &'a TimeReader,
    /// What stands for no time, where a row need not have one.
    pub(super) missing: Option<i64>,
}

impl Times<'_> {
    /// Adds the times of an array to a column of rows that come after `before` others; where rows need not have a time,
    /// the column stays empty as long as none has.
    pub(super) fn append(self, to: &mut Vec<i64>, before: usize, array: &dyn Array) -> Placed<()> {
        if let Some(missing) = self.missing {
            if array.logical_null_count() == array.len() {
                return Ok(());
            }
            to.resize(before, missing);
        }
        to.reserve(array.len());
        // The times of a column without a zone are those of clocks somewhere.
        let named = matches!(array.data_type(), DataType::Timestamp(_, Some(_)));
        let offset = if named { 0 } else { self.reader.offset_micros() };
        match array.data_type() {
            DataType::Timestamp(TimeUnit::Second, _) => {
                let array = array.as_primitive::<TimestampSecondType>();
                self.counted(to, array, offset, "seconds", |count| count.checked_mul(1_000_000))
            }
            DataType::Timestamp(TimeUnit::Millisecond, _) => {
                let array = array.as_primitive::<TimestampMillisecondType>();
                self.counted(to, array, offset, "milliseconds", |count| count.checked_mul(1_000))
            }
            DataType::Timestamp(TimeUnit::Microsecond, _) => {
                self.counted(to, array.as_primitive::<TimestampMicrosecondType>(), offset, "microseconds", Some)
            }
            // Further digits are cut off, as those of texts are.
            DataType::Timestamp(TimeUnit::Nanosecond, _) => {
                let array = array.as_primitive::<TimestampNanosecondType>();
                self.counted(to, array, offset, "nanoseconds", |count| Some(count.div_euclid(1_000)))
            }
            DataType::Date32 => {
                let array = array.as_primitive::<Date32Type>();
                self.counted(to, array, offset, "days", |count| i64::from(count).checked_mul(86_400_000_000))
            }
            DataType::Date64 => {
                let array = array.as_primitive::<Date64Type>();
                self.counted(to, array, offset, "milliseconds", |count| count.checked_mul(1_000))
            }
            _ => self.read(to, array),
        }
    }

    /// Adds times that are counted from 1970 on.
    fn counted<T: ArrowPrimitiveType>(
        self,
        to: &mut Vec<i64>,
        array: &PrimitiveArray<T>,
        offset: i64,
        unit: &'static str,
        micros: impl Fn(T::Native) -> Option<i64>,
    ) -> Placed<()>
    where
        T::Native: Display,
    {
        let read = |count: T::Native| {
            let micros = micros(count).and_then(|micros| micros.checked_sub(offset));
            micros.and_then(|micros| Timestamp::from_micros(micros).ok()).ok_or_else(|| {
                let expected = format!("{unit} since 1970 within the years 1 to 9999");
                Problem::BadTime { value: count.to_string(), expected }.into()
            })
        };
        if array.null_count() == 0 {
            for (row, count) in array.values().iter().enumerate() {
                to.push(read(*count).map_err(At::row(row))?.micros());
            }
            return Ok(());
        }
        array.iter().enumerate().try_for_each(|(row, count)| self.put(to, row, count.map(&read)))
    }

    /// Adds times that are texts or numbers, read as the options say.
    fn read(self, to: &mut Vec<i64>, array: &dyn Array) -> Placed<()> {
        match array.data_type() {
            DataType::Int8 => self.whole(to, array.as_primitive::<Int8Type>()),
            DataType::Int16 => self.whole(to, array.as_primitive::<Int16Type>()),
            DataType::Int32 => self.whole(to, array.as_primitive::<Int32Type>()),
            DataType::Int64 => self.whole(to, array.as_primitive::<Int64Type>()),
            DataType::UInt8 => self.whole(to, array.as_primitive::<UInt8Type>()),
            DataType::UInt16 => self.whole(to, array.as_primitive::<UInt16Type>()),
            DataType::UInt32 => self.whole(to, array.as_primitive::<UInt32Type>()),
            DataType::UInt64 => self.whole(to, array.as_primitive::<UInt64Type>()),
            DataType::Float32 => self.fractional(to, array.as_primitive::<Float32Type>()),
            DataType::Float64 => self.fractional(to, array.as_primitive::<Float64Type>()),
            other => {
                let cells = TextCells::of(array).ok_or_else(|| At::row(0)(wrong_type(other, Expected::Time)))?;
                (0..array.len()).try_for_each(|row| {
                    let text = cells.get(row).map_err(At::row(row))?;
                    self.put(to, row, text.map(|text| self.reader.read(text)))
                })
            }
        }
    }

    fn whole<T: ArrowPrimitiveType>(self, to: &mut Vec<i64>, array: &PrimitiveArray<T>) -> Placed<()>
    where
        T::Native: Display + TryInto<i64>,
    {
        let read = |number: T::Native| match number.try_into() {
            Ok(number) => self.reader.read_number(number),
            Err(_) => self.reader.read(&number.to_string()),
        };
        array.iter().enumerate().try_for_each(|(row, number)| self.put(to, row, number.map(read)))
    }

    fn fractional<T: ArrowPrimitiveType>(self, to: &mut Vec<i64>, array: &PrimitiveArray<T>) -> Placed<()>
    where
        T::Native: Display,
    {
        let mut text = String::new();
        let mut read = |number: T::Native| {
            text.clear();
            // Writing to a text does not fail.
            let _ = write!(text, "{number}");
            self.reader.read(&text)
        };
        array.iter().enumerate().try_for_each(|(row, number)| self.put(to, row, number.map(&mut read)))
    }

    fn put(self, to: &mut Vec<i64>, row: usize, time: Option<Result<Timestamp>>) -> Placed<()> {
        to.push(match time {
            Some(time) => time.map_err(At::row(row))?.micros(),
            None => self.missing.ok_or_else(|| At::row(row)(Problem::EmptyField("time").into()))?,
        });
        Ok(())
    }
}

/// Whether a column of this type can hold times.
pub(super) fn is_time(kind: &DataType) -> bool {
    match kind {
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Float32 | DataType::Float64 => true,
        DataType::Dictionary(_, values) => is_words(values),
        kind => kind.is_integer() || is_words(kind),
    }
}
