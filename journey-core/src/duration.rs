//! Lengths of time, as options give them.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::error::{Error, Problem, Result, shorten};

const EXPECTED: &str = "seconds, 0 or more, or a text such as `30m`, `36h`, `7d` or `1h 30m`";
const MICROS_PER_SECOND: f64 = 1e6;
const MICROS_PER_DAY: u64 = 86_400_000_000;

/// A length of time, not negative: whole microseconds, up to ten thousand years.
///
/// As data it is a number of seconds or a text of numbers with units (`us`, `ms`, `s`, `m`, `h`, `d`, `w`); it is written
/// as seconds.
///
/// ```
/// use journey_core::Duration;
///
/// let window: Duration = "7d".parse()?;
/// assert_eq!(window, Duration::from_seconds(604_800.0)?);
/// assert_eq!("1h 30m".parse::<Duration>()?.seconds(), 5_400.0);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(i64);

impl Duration {
    /// Ten thousand years, more than lies between any two times.
    pub const MAX: Self = Self(10_000 * 366 * 86_400 * 1_000_000);

    /// A length in seconds, to the nearest microsecond.
    ///
    /// # Errors
    /// If it is negative, no number, or more than ten thousand years.
    pub fn from_seconds(seconds: f64) -> Result<Self> {
        let micros = (seconds * MICROS_PER_SECOND).round();
        #[expect(clippy::cast_precision_loss, reason = "the bound is a round number")]
        if (0.0..=Self::MAX.0 as f64).contains(&micros) {
            #[expect(clippy::cast_possible_truncation, reason = "checked on the line above")]
            return Ok(Self(micros as i64));
        }
        Err(bad(&seconds.to_string()))
    }

    /// A length in microseconds, which are not negative.
    pub(crate) const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The length in seconds.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "the nearest float is what is asked for")]
    pub fn seconds(self) -> f64 {
        self.0 as f64 / MICROS_PER_SECOND
    }

    /// The length in microseconds.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl FromStr for Duration {
    type Err = Error;

    /// Reads a number of seconds, or numbers with units.
    fn from_str(text: &str) -> Result<Self> {
        if let Ok(seconds) = text.trim().parse::<f64>() {
            return Self::from_seconds(seconds).map_err(|_| bad(text));
        }
        let length = humantime::parse_duration(text.trim()).ok();
        let micros = length.and_then(|length| i64::try_from(length.as_micros()).ok());
        micros.filter(|micros| *micros <= Self::MAX.0).map(Self).ok_or_else(|| bad(text))
    }
}

impl fmt::Display for Duration {
    /// Writes numbers with units, such as `1h 30m` or `365days`: months and years have no length that everybody means.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, left) = (self.0.unsigned_abs() / MICROS_PER_DAY, self.0.unsigned_abs() % MICROS_PER_DAY);
        let rest = humantime::format_duration(std::time::Duration::from_micros(left));
        match (days, left) {
            (0, _) => rest.fmt(f),
            (1, 0) => f.write_str("1day"),
            (1, _) => write!(f, "1day {rest}"),
            (_, 0) => write!(f, "{days}days"),
            _ => write!(f, "{days}days {rest}"),
        }
    }
}

fn bad(text: &str) -> Error {
    Problem::OptionRange { value: format!("`{}`", shorten(text)), expected: EXPECTED.into() }.into()
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.seconds())
    }
}

impl<'de> Deserialize<'de> for Duration {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(SecondsOrText)
    }
}

struct SecondsOrText;

impl Visitor<'_> for SecondsOrText {
    type Value = Duration;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(EXPECTED)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> std::result::Result<Duration, E> {
        Duration::from_seconds(seconds).map_err(|error| E::custom(error.message()))
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> std::result::Result<Duration, E> {
        #[expect(clippy::cast_precision_loss, reason = "what is too large for a float is out of range")]
        self.visit_f64(seconds as f64)
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> std::result::Result<Duration, E> {
        #[expect(clippy::cast_precision_loss, reason = "what is too large for a float is out of range")]
        self.visit_f64(seconds as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> std::result::Result<Duration, E> {
        text.parse().map_err(|error: Error| E::custom(error.message()))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Duration {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Duration".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": ["number", "string"]})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_are_lengths_of_time() {
        for (text, seconds) in
            [("30m", 1800.0), ("36h", 129_600.0), ("7d", 604_800.0), ("2w", 1_209_600.0), ("250ms", 0.25)]
        {
            assert_eq!(text.parse::<Duration>().unwrap().seconds(), seconds, "{text}");
        }
        assert_eq!("90".parse::<Duration>().unwrap().seconds(), 90.0, "a plain number is seconds");
        assert_eq!(serde_json::from_str::<Duration>("1.5").unwrap().micros(), 1_500_000);
        assert_eq!(serde_json::from_str::<Duration>("\"1h 30m\"").unwrap().to_string(), "1h 30m");
        assert_eq!(serde_json::to_string(&Duration::from_seconds(5.0).unwrap()).unwrap(), "5.0");
    }

    #[test]
    fn a_length_is_written_in_days_and_less_and_read_back() {
        for text in ["0s", "250ms", "1h 30m", "1day", "1day 1h", "30days", "365days", "400days 6h 1s"] {
            assert_eq!(text.parse::<Duration>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "-5", "7 days ago", "NaN", "inf", "1e30", "99999999999d", "-3d"] {
            let error = text.parse::<Duration>().unwrap_err();
            assert!(error.to_string().contains("`7d`"), "{text}: {error}");
        }
    }
}
