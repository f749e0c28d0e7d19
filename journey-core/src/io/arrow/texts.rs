//! Arrow columns of names: texts, dictionaries of them, whole numbers and booleans, as codes.

use std::fmt::{Display, Write};
use std::hash::Hash;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, ArrowPrimitiveType, Decimal32Type, Decimal64Type, Decimal128Type, DecimalType, Int8Type,
    Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{
    Array, ArrayRef, BinaryArray, BinaryViewArray, BooleanArray, LargeBinaryArray, LargeStringArray, PrimitiveArray,
    StringArray, StringViewArray,
};
use arrow_buffer::ArrowNativeType;
use arrow_schema::DataType;
use rustc_hash::FxHashMap;

use super::{At, Expected, Placed, wrong_type};
use crate::error::{Problem, Result};
use crate::io::limits::Limits;
use crate::io::table::check;
use crate::log::Codes;
use crate::names::NONE;

/// The texts of an array that is no dictionary.
pub(super) enum Texts<'a> {
    Small(&'a StringArray),
    Large(&'a LargeStringArray),
    View(&'a StringViewArray),
    SmallBytes(&'a BinaryArray),
    LargeBytes(&'a LargeBinaryArray),
    ViewBytes(&'a BinaryViewArray),
    Booleans(&'a BooleanArray),
    /// Those of other types, written out.
    Written(Vec<Option<String>>),
    /// An array in which nothing is known.
    Nothing,
}

impl<'a> Texts<'a> {
    /// The texts of an array; `None` if its values are no texts.
    fn of(array: &'a dyn Array) -> Option<Self> {
        Some(match array.data_type() {
            DataType::Utf8 => Self::Small(array.as_string_opt()?),
            DataType::LargeUtf8 => Self::Large(array.as_string_opt()?),
            DataType::Utf8View => Self::View(array.as_string_view_opt()?),
            DataType::Binary => Self::SmallBytes(array.as_binary_opt()?),
            DataType::LargeBinary => Self::LargeBytes(array.as_binary_opt()?),
            DataType::BinaryView => Self::ViewBytes(array.as_binary_view_opt()?),
            DataType::Boolean => Self::Booleans(array.as_boolean_opt()?),
            DataType::Null => Self::Nothing,
            _ => return None,
        })
    }

    /// The text at a place that the array has; `None` if it is empty or missing.
    fn get(&self, row: usize) -> Result<Option<&str>> {
        fn text(bytes: &[u8]) -> Result<&str> {
            std::str::from_utf8(bytes).map_err(|error| Problem::NotUtf8 { byte: error.valid_up_to() + 1 }.into())
        }
        let text = match self {
            Self::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Self::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Self::View(array) => array.is_valid(row).then(|| array.value(row)),
            Self::SmallBytes(array) => array.is_valid(row).then(|| text(array.value(row))).transpose()?,
            Self::LargeBytes(array) => array.is_valid(row).then(|| text(array.value(row))).transpose()?,
            Self::ViewBytes(array) => array.is_valid(row).then(|| text(array.value(row))).transpose()?,
            Self::Booleans(array) => array.is_valid(row).then(|| if array.value(row) { "true" } else { "false" }),
            Self::Written(texts) => texts.get(row).and_then(Option::as_deref),
            Self::Nothing => None,
        };
        Ok(text.filter(|text| !text.is_empty()))
    }
}

/// The texts of an array, which may be a dictionary.
pub(super) struct TextCells<'a> {
    /// The place of the text of each row in the dictionary; [`NONE`] where there is none.
    keys: Option<Vec<u32>>,
    /// How many texts there are.
    count: usize,
    texts: Texts<'a>,
}

impl<'a> TextCells<'a> {
    /// `None` if the values of the array are no texts.
    pub(super) fn of(array: &'a dyn Array) -> Option<Self> {
        match array.as_any_dictionary_opt() {
            None => Texts::of(array).map(|texts| Self { keys: None, count: array.len(), texts }),
            Some(dictionary) => {
                let mut keys = Vec::new();
                append_keys(&mut keys, dictionary.keys())?;
                let values = dictionary.values();
                Texts::of(values).map(|texts| Self { keys: Some(keys), count: values.len(), texts })
            }
        }
    }

    /// The text of a row that the array has; `None` if it is empty or missing.
    pub(super) fn get(&self, row: usize) -> Result<Option<&str>> {
        match self.keys.as_ref().map(|keys| keys.get(row).copied().unwrap_or(NONE)) {
            None => self.texts.get(row),
            Some(NONE) => Ok(None),
            Some(key) if (key as usize) < self.count => self.texts.get(key as usize),
            Some(key) => Err(Problem::NoSuchKey(key as usize).into()),
        }
    }
}

/// A column of names that is put together from arrays.
#[derive(Default)]
pub(super) struct NameColumn {
    pub(super) codes: Codes,
    /// The dictionary of the last array, and the code of each of its names that has been met.
    known: Option<(ArrayRef, Vec<u32>)>,
}

/// What the names of a column are.
#[derive(Clone, Copy)]
pub(super) struct What<'a> {
    /// Many of them.
    pub(super) names: &'static str,
    /// One of them, if each row needs one.
    pub(super) needed: Option<&'static str>,
    pub(super) limits: &'a Limits,
}

impl What<'_> {
    fn check(&self, text: &str) -> Result<()> {
        check("field_bytes", text.len() as u64, self.limits.field_bytes)
    }
}

impl NameColumn {
    /// Adds the names of an array.
    pub(super) fn append(&mut self, array: &dyn Array, what: What<'_>) -> Placed<()> {
        let before = self.codes.codes.len();
        if let Some(dictionary) = array.as_any_dictionary_opt() {
            append_keys(&mut self.codes.codes, dictionary.keys())
                .ok_or_else(|| At::row(0)(wrong_type(array.data_type(), Expected::Text)))?;
            self.recode(before, dictionary.values(), what)?;
        } else if let Some(texts) = Texts::of(array) {
            self.plain(&texts, array.len(), what)?;
        } else {
            self.numbers(array, what)?;
        }
        let missing = || self.codes.codes.iter().skip(before).position(|code| *code == NONE);
        match what.needed.and_then(|needed| missing().map(|row| (needed, row))) {
            None => Ok(()),
            Some((needed, row)) => Err(At::row(row)(Problem::EmptyField(needed).into())),
        }
    }

    /// Replaces the keys of a dictionary by codes.
    fn recode(&mut self, before: usize, values: &ArrayRef, what: What<'_>) -> Placed<()> {
        let same = self.known.take().filter(|(known, _)| known.to_data().ptr_eq(&values.to_data()));
        let mut new_codes = same.map_or_else(|| vec![NONE; values.len()], |(_, new_codes)| new_codes);
        let texts = match Texts::of(values) {
            Some(texts) => texts,
            None => Texts::Written(written(values, what)?),
        };
        let Codes { codes, names } = &mut self.codes;
        for (row, code) in codes.iter_mut().skip(before).enumerate().filter(|(_, code)| **code != NONE) {
            let key = *code as usize;
            let new_code = new_codes.get_mut(key).ok_or_else(|| At::row(row)(Problem::NoSuchKey(key).into()))?;
            if *new_code == NONE
                && let Some(text) = texts.get(key).map_err(At::row(row))?
            {
                what.check(text).map_err(At::row(row))?;
                *new_code = names.intern(text, what.names).map_err(At::row(row))?;
            }
            *code = *new_code;
        }
        self.known = Some((ArrayRef::clone(values), new_codes));
        Ok(())
    }

    fn plain(&mut self, texts: &Texts<'_>, rows: usize, what: What<'_>) -> Placed<()> {
        let Codes { codes, names } = &mut self.codes;
        codes.reserve(rows);
        // Neighbours are often the same, and comparing is quicker than looking up.
        let mut last: Option<(&str, u32)> = None;
        for row in 0..rows {
            let Some(text) = texts.get(row).map_err(At::row(row))? else {
                codes.push(NONE);
                continue;
            };
            let code = match last {
                Some((same, code)) if same == text => code,
                _ => {
                    what.check(text).map_err(At::row(row))?;
                    names.intern(text, what.names).map_err(At::row(row))?
                }
            };
            last = Some((text, code));
            codes.push(code);
        }
        Ok(())
    }

    /// Adds the numbers of an array, each as its text.
    fn numbers(&mut self, array: &dyn Array, what: What<'_>) -> Placed<()> {
        match array.data_type() {
            DataType::Int8 => self.integers(array.as_primitive::<Int8Type>(), what),
            DataType::Int16 => self.integers(array.as_primitive::<Int16Type>(), what),
            DataType::Int32 => self.integers(array.as_primitive::<Int32Type>(), what),
            DataType::Int64 => self.integers(array.as_primitive::<Int64Type>(), what),
            DataType::UInt8 => self.integers(array.as_primitive::<UInt8Type>(), what),
            DataType::UInt16 => self.integers(array.as_primitive::<UInt16Type>(), what),
            DataType::UInt32 => self.integers(array.as_primitive::<UInt32Type>(), what),
            DataType::UInt64 => self.integers(array.as_primitive::<UInt64Type>(), what),
            DataType::Decimal32(..) => self.decimals(array.as_primitive::<Decimal32Type>(), what),
            DataType::Decimal64(..) => self.decimals(array.as_primitive::<Decimal64Type>(), what),
            DataType::Decimal128(..) => self.decimals(array.as_primitive::<Decimal128Type>(), what),
            other => Err(At::row(0)(wrong_type(other, Expected::Text))),
        }
    }

    fn integers<T: ArrowPrimitiveType>(&mut self, array: &PrimitiveArray<T>, what: What<'_>) -> Placed<()>
    where
        T::Native: Eq + Hash + Display,
    {
        self.distinct(array, what, |number, text| {
            // Writing to a text does not fail.
            let _ = write!(text, "{number}");
        })
    }

    fn decimals<T: DecimalType>(&mut self, array: &PrimitiveArray<T>, what: What<'_>) -> Placed<()>
    where
        T::Native: Eq + Hash,
    {
        let (precision, scale) = (array.precision(), array.scale());
        self.distinct(array, what, |number, text| text.push_str(&T::format_decimal(number, precision, scale)))
    }

    /// Adds numbers whose texts are written once for each of them.
    fn distinct<T: ArrowPrimitiveType>(
        &mut self,
        array: &PrimitiveArray<T>,
        what: What<'_>,
        write: impl Fn(T::Native, &mut String),
    ) -> Placed<()>
    where
        T::Native: Eq + Hash,
    {
        let Codes { codes, names } = &mut self.codes;
        codes.reserve(array.len());
        let mut known: FxHashMap<T::Native, u32> = FxHashMap::default();
        let mut text = String::new();
        for (row, number) in array.iter().enumerate() {
            let code = match number.map(|number| (number, known.get(&number))) {
                None => NONE,
                Some((_, Some(code))) => *code,
                Some((number, None)) => {
                    text.clear();
                    write(number, &mut text);
                    let code = names.intern(&text, what.names).map_err(At::row(row))?;
                    known.insert(number, code);
                    code
                }
            };
            codes.push(code);
        }
        Ok(())
    }
}

/// Whether a column of this type can hold names.
pub(super) fn is_text(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => !matches!(**values, DataType::Dictionary(..)) && is_text(values),
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Boolean
        | DataType::Null
        | DataType::Decimal32(..)
        | DataType::Decimal64(..)
        | DataType::Decimal128(..) => true,
        kind => kind.is_integer(),
    }
}

/// The keys of a dictionary, each as a number of 32 bits; [`NONE`] where there is none. `None` if they are no integers.
fn append_keys(to: &mut Vec<u32>, keys: &dyn Array) -> Option<()> {
    fn of<K: ArrowDictionaryKeyType>(to: &mut Vec<u32>, keys: &PrimitiveArray<K>) {
        // A key that no dictionary can have is found out where it is looked up.
        let key = |key: K::Native| u32::try_from(key.as_usize()).unwrap_or(NONE).min(NONE - 1);
        match keys.nulls().filter(|nulls| nulls.null_count() > 0) {
            None => to.extend(keys.values().iter().map(|value| key(*value))),
            Some(nulls) => {
                to.extend(keys.values().iter().zip(nulls).map(|(value, there)| if there { key(*value) } else { NONE }));
            }
        }
    }
    match keys.data_type() {
        DataType::Int8 => of(to, keys.as_primitive::<Int8Type>()),
        DataType::Int16 => of(to, keys.as_primitive::<Int16Type>()),
        DataType::Int32 => of(to, keys.as_primitive::<Int32Type>()),
        DataType::Int64 => of(to, keys.as_primitive::<Int64Type>()),
        DataType::UInt8 => of(to, keys.as_primitive::<UInt8Type>()),
        DataType::UInt16 => of(to, keys.as_primitive::<UInt16Type>()),
        DataType::UInt32 => of(to, keys.as_primitive::<UInt32Type>()),
        DataType::UInt64 => of(to, keys.as_primitive::<UInt64Type>()),
        _ => return None,
    }
    Some(())
}

/// The values of a dictionary that are numbers, as texts.
fn written(values: &dyn Array, what: What<'_>) -> Placed<Vec<Option<String>>> {
    let mut column = NameColumn::default();
    column.numbers(values, what)?;
    let Codes { codes, names } = column.codes;
    Ok(codes.into_iter().map(|code| (code != NONE).then(|| names.name(code).to_owned())).collect())
}
