//! Points in time: microseconds since 1970 in UTC, and the texts they are read from.

use std::fmt;

use chrono::format::{Fixed, Item, Numeric, Pad, Parsed, StrftimeItems};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};

use crate::error::{Error, Problem, Result, shorten};

const MICROS_PER_SECOND: i64 = 1_000_000;

/// A point in time: whole microseconds since 1970-01-01T00:00:00Z, between the years 1 and 9999.
///
/// The range is checked on entry, so the difference of two timestamps never overflows.
///
/// ```
/// use journey_core::Timestamp;
///
/// let at: Timestamp = "2024-03-13T10:21:14+01:00".parse()?;
/// assert_eq!(at.to_string(), "2024-03-13T09:21:14Z");
/// assert_eq!(at.micros(), 1_710_321_674_000_000);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The first moment of the year 1.
    pub const MIN: Self = Self(-62_135_596_800 * MICROS_PER_SECOND);
    /// The last microsecond of the year 9999.
    pub const MAX: Self = Self(253_402_300_800 * MICROS_PER_SECOND - 1);

    /// The time this many microseconds after 1970 began in UTC.
    ///
    /// # Errors
    /// If the time lies outside the years 1 to 9999.
    pub fn from_micros(micros: i64) -> Result<Self> {
        if (Self::MIN.0..=Self::MAX.0).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(bad_time(&micros.to_string(), "microseconds since 1970 within the years 1 to 9999"))
        }
    }

    /// Microseconds since 1970 began in UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = DateTime::<Utc>::from_timestamp_micros(self.0).unwrap_or_default();
        f.write_str(&text.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl std::str::FromStr for Timestamp {
    type Err = Error;

    /// Reads what [`read_csv`](crate::read_csv) reads where no format is given.
    fn from_str(text: &str) -> Result<Self> {
        let micros = iso(text, 0).or_else(|| common_log(text));
        micros.and_then(|micros| Self::from_micros(micros).ok()).ok_or_else(|| bad_time(text, &expected_iso(text)))
    }
}

/// How the texts of one time column are read: one format for the whole column.
#[derive(Clone)]
pub(crate) struct TimeReader {
    format: Format,
    /// Seconds east of Greenwich, for texts that name no zone.
    offset: i64,
}

#[derive(Clone)]
enum Format {
    /// Not known yet: the first text decides.
    Auto,
    Iso,
    CommonLog,
    Pattern {
        pattern: String,
        items: Vec<Item<'static>>,
        date_only: bool,
        zone: Zone,
    },
    Epoch {
        name: &'static str,
        micros: i64,
    },
}

/// What web servers write: `17/May/2015:10:05:03 +0000`.
const COMMON_LOG: &str = "%d/%b/%Y:%H:%M:%S %z";
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const EXPECTED: &str = "RFC 3339 or SQL, such as `2024-03-13T10:21:14Z` or `2024-03-13 10:21:14.250`";

impl TimeReader {
    /// `format` is a strftime pattern or `epoch_s`, `epoch_ms`, `epoch_us`; `zone` is an offset such as `+02:00`.
    pub(crate) fn new(format: Option<&str>, zone: Option<&str>) -> Result<Self> {
        let format = match format {
            None => Format::Auto,
            Some("epoch_s") => Format::Epoch { name: "epoch_s", micros: MICROS_PER_SECOND },
            Some("epoch_ms") => Format::Epoch { name: "epoch_ms", micros: 1_000 },
            Some("epoch_us") => Format::Epoch { name: "epoch_us", micros: 1 },
            Some(pattern) => pattern_format(pattern)?,
        };
        let offset = zone.map_or(Ok(0), zone_offset)?;
        Ok(Self { format, offset })
    }

    /// Learns the format from a text, if none was given or learnt before.
    pub(crate) fn learn(&mut self, text: &str) {
        if matches!(self.format, Format::Auto) {
            self.format = if common_log(text).is_some() { Format::CommonLog } else { Format::Iso };
        }
    }

    /// Reads one text.
    pub(crate) fn read(&self, text: &str) -> Result<Timestamp> {
        let micros = match &self.format {
            Format::Auto | Format::Iso => iso(text, self.offset),
            Format::CommonLog => common_log(text),
            Format::Epoch { micros, .. } => epoch(text, *micros),
            Format::Pattern { items, date_only, zone, .. } => by_pattern(text, items, *date_only, *zone, self.offset),
        };
        micros
            .and_then(|micros| Timestamp::from_micros(micros).ok())
            .ok_or_else(|| bad_time(text, &self.expected(text)))
    }

    /// Reads a whole number, as its text would be read.
    #[cfg(feature = "arrow")]
    pub(crate) fn read_number(&self, number: i64) -> Result<Timestamp> {
        let micros = if let Format::Epoch { micros, .. } = self.format { number.checked_mul(micros) } else { None };
        let time = micros.and_then(|micros| Timestamp::from_micros(micros).ok());
        time.map_or_else(|| self.read(&number.to_string()), Ok)
    }

    /// How far the clocks of times that name no zone are ahead of UTC.
    #[cfg(feature = "arrow")]
    pub(crate) fn offset_micros(&self) -> i64 {
        self.offset * MICROS_PER_SECOND
    }

    fn expected(&self, text: &str) -> String {
        match &self.format {
            Format::Pattern { pattern, .. } => format!("the form `{pattern}`"),
            Format::CommonLog => format!("the form `{COMMON_LOG}`"),
            Format::Epoch { name, .. } => format!("a number, as the format `{name}` says, within the years 1 to 9999"),
            Format::Auto | Format::Iso => expected_iso(text),
        }
    }
}

fn expected_iso(text: &str) -> String {
    if text.starts_with("0000-") {
        format!("{EXPECTED}; a date of zeros is often a missing time: leave the field out or give it a time")
    } else if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("{EXPECTED}; for a number say `epoch_s`, `epoch_ms` or `epoch_us` as the option `time_format`")
    } else {
        format!("{EXPECTED}; for another form give its strftime pattern as the option `time_format`")
    }
}

fn bad_time(value: &str, expected: &str) -> Error {
    Problem::BadTime { value: shorten(value), expected: expected.to_owned() }.into()
}

/// What a pattern reads; an error for one that would read half of a time and drop the rest.
fn pattern_format(pattern: &str) -> Result<Format> {
    let refused = |expected: &str| {
        let value = format!("`{}`", shorten(pattern));
        Problem::OptionRange { value, expected: expected.to_owned() }.at_field("time_format")
    };
    let some = "`epoch_s`, `epoch_ms`, `epoch_us` or a strftime pattern such as `%d.%m.%Y %H:%M:%S`";
    if !pattern.contains('%') {
        return Err(refused(some));
    }
    // Python writes `.%f` for what is `%.f` here.
    let pattern = pattern.replace(".%f", "%.f");
    let items = StrftimeItems::new(&pattern).parse_to_owned().map_err(|_| refused(some))?;
    let numeric = |wanted: &[Numeric]| items.iter().any(|i| matches!(i, Item::Numeric(n, _) if wanted.contains(n)));
    let fixed = |wanted: &[Fixed]| items.iter().any(|i| matches!(i, Item::Fixed(f) if wanted.contains(f)));
    if numeric(&[Numeric::Nanosecond]) {
        return Err(refused("fractions of a second as `%.f`, or as `%3f`, `%6f`, `%9f` for so many digits"));
    }
    if fixed(&[Fixed::TimezoneName]) {
        return Err(refused("an offset, `%z`; the names of zones, `%Z`, cannot be read"));
    }
    let whole = numeric(&[Numeric::Timestamp]) || fixed(&[Fixed::RFC2822, Fixed::RFC3339]);
    let offset = fixed(&[Fixed::TimezoneOffset, Fixed::TimezoneOffsetColon, Fixed::TimezoneOffsetColonZ])
        || fixed(&[Fixed::TimezoneOffsetDoubleColon, Fixed::TimezoneOffsetTripleColon, Fixed::TimezoneOffsetZ])
        || items.iter().any(|item| format!("{item:?}").contains("TimezoneOffsetPermissive"));
    let [hour24, hour12] = [numeric(&[Numeric::Hour]), numeric(&[Numeric::Hour12])];
    let half_day = fixed(&[Fixed::LowerAmPm, Fixed::UpperAmPm]);
    let [minute, second] = [numeric(&[Numeric::Minute]), numeric(&[Numeric::Second])];
    let fraction = items.iter().any(|item| format!("{item:?}").contains("Nanosecond"));
    let clock = hour24 || hour12 || half_day || minute || second || fraction || offset;
    if !whole && clock && !(minute && (hour24 || hour12 && half_day) && (second || !fraction)) {
        return Err(refused(
            "a date alone, or hours (`%H`, or `%I` with `%p`) and minutes, and seconds before fractions",
        ));
    }
    // A `Z` at the end that is written out says UTC.
    let utc = match items.last() {
        Some(Item::Literal(text)) => text.ends_with('Z'),
        Some(Item::OwnedLiteral(text)) => text.ends_with('Z'),
        _ => false,
    };
    let zone = if whole || offset {
        Zone::Read
    } else if utc {
        Zone::Utc
    } else {
        Zone::Option
    };
    Ok(Format::Pattern { date_only: !whole && !clock, zone, pattern, items })
}

/// Where the zone of a time comes from.
#[derive(Clone, Copy, PartialEq)]
enum Zone {
    Read,
    Utc,
    Option,
}

/// Reads a text by a pattern. A leap second is read as the second before it, as POSIX clocks do.
fn by_pattern(text: &str, pattern: &[Item<'_>], date_only: bool, zone: Zone, default_offset: i64) -> Option<i64> {
    let parsed = parsed(text, pattern)?;
    let time = match (zone, date_only) {
        (Zone::Read, _) => parsed.to_datetime().ok()?.to_utc(),
        (_, true) => parsed.to_naive_date().ok()?.and_hms_opt(0, 0, 0)?.and_utc(),
        (_, false) => parsed.to_naive_datetime_with_offset(0).ok()?.and_utc(),
    };
    let offset = if zone == Zone::Option { default_offset } else { 0 };
    let leap = if time.timestamp_subsec_micros() >= 1_000_000 { MICROS_PER_SECOND } else { 0 };
    time.timestamp_micros().checked_sub(leap + offset * MICROS_PER_SECOND)
}

fn parsed(text: &str, pattern: &[Item<'_>]) -> Option<Parsed> {
    let mut parsed = Parsed::new();
    chrono::format::parse(&mut parsed, text, pattern.iter()).ok()?;
    Some(parsed)
}

/// Seconds east of Greenwich, of the option `time_zone`.
pub(crate) fn zone_offset(zone: &str) -> Result<i64> {
    let given = if zone == "UTC" { Some(0) } else { offset(zone.as_bytes()) };
    given.ok_or_else(|| {
        let value = format!("`{}`", shorten(zone));
        Problem::OptionRange { value, expected: "`UTC` or an offset such as `+02:00`".into() }.at_field("time_zone")
    })
}

/// Reads a time as web servers write it.
fn common_log(text: &str) -> Option<i64> {
    let [d1, d2, b'/', m1, m2, m3, b'/', y1, y2, y3, y4, b':', ref clock @ ..] = *text.as_bytes() else { return None };
    let [h1, h2, b':', n1, n2, b':', s1, s2, b' ', ref zone @ ..] = *clock else { return None };
    let zone = Some(zone).filter(|zone| matches!(zone.len(), 5 | 6))?;
    let month = MONTHS.iter().zip(1..).find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(&[m1, m2, m3]))?.1;
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, month, number(&[d1, d2])?)?;
    seconds(date, [number(&[h1, h2])?, number(&[n1, n2])?, number(&[s1, s2])?])?
        .checked_sub(offset(zone)?)?
        .checked_mul(MICROS_PER_SECOND)
}

/// Seconds since 1970 to a date and the hour, minute and second of it. A leap second is read as the second before it, as POSIX
/// clocks do.
fn seconds(date: NaiveDate, [hour, minute, second]: [u32; 3]) -> Option<i64> {
    let second = if second == 60 { 59 } else { second };
    Some(date.and_hms_opt(hour, minute, second)?.and_utc().timestamp())
}

/// The days from 1970-01-01 to a date such as `2024-12-25`.
pub(crate) fn day_number(date: &str) -> Option<i64> {
    let number = |part| Item::Numeric(part, Pad::Zero);
    let pattern =
        [number(Numeric::Year), Item::Literal("-"), number(Numeric::Month), Item::Literal("-"), number(Numeric::Day)];
    let date = parsed(date, &pattern)?.to_naive_date().ok()?;
    Some(date.signed_duration_since(NaiveDate::default()).num_days())
}

/// A date such as `2024-12-25`, all ten digits and dashes of it.
pub(crate) fn date(text: &str) -> Option<NaiveDate> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let year = i32::try_from(number(&[y1, y2, y3, y4])?).ok()?;
    NaiveDate::from_ymd_opt(year, number(&[m1, m2])?, number(&[d1, d2])?)
}

/// Seconds east of Greenwich: `Z`, `+02`, `+0200` or `+02:00`.
fn offset(zone: &[u8]) -> Option<i64> {
    let [sign @ (b'+' | b'-'), h1, h2, rest @ ..] = zone else { return matches!(zone, b"Z" | b"z").then_some(0) };
    let minutes = match rest {
        [] => 0,
        [b':', m1, m2] | [m1, m2] => number(&[*m1, *m2]).filter(|minutes| *minutes < 60)?,
        _ => return None,
    };
    let hours = number(&[*h1, *h2]).filter(|hours| *hours < 24)?;
    let east = i64::from(hours * 3600 + minutes * 60);
    Some(if *sign == b'-' { -east } else { east })
}

/// Reads a whole or decimal number of a unit since 1970.
fn epoch(text: &str, unit_micros: i64) -> Option<i64> {
    if let Ok(count) = text.parse::<i64>() {
        return count.checked_mul(unit_micros);
    }
    let (whole, fraction) = text.split_once('.')?;
    let negative = whole.starts_with('-');
    let whole = whole.parse::<i64>().ok()?.checked_mul(unit_micros)?;
    let part = decimal_fraction(fraction.as_bytes(), unit_micros)?;
    if negative { whole.checked_sub(part) } else { whole.checked_add(part) }
}

/// The digits after a decimal point, in units of which `one` make a whole; further digits are cut off.
fn decimal_fraction(digits: &[u8], one: i64) -> Option<i64> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let mut place = one;
    let mut sum = 0;
    for digit in digits {
        place /= 10;
        sum += i64::from(digit - b'0') * place;
    }
    Some(sum)
}

/// Reads `YYYY-MM-DD`, then optionally `T` or a space and `HH:MM[:SS[.fraction]]`, then optionally a zone.
///
/// The digits are taken apart here, because this is what loading a log spends its time on; the calendar is chrono's.
fn iso(text: &str, default_offset: i64) -> Option<i64> {
    let (date, rest) = text.split_at_checked(10)?;
    let (date, rest) = (self::date(date)?, rest.as_bytes());
    let (clock, zone) = match rest {
        [] => (rest, rest),
        [b'T' | b't' | b' ', rest @ ..] => {
            let end = rest.iter().position(|b| !matches!(b, b'0'..=b'9' | b':' | b'.')).unwrap_or(rest.len());
            rest.split_at_checked(end)?
        }
        _ => return None,
    };
    let (hour, minute, second, micros) = match *clock {
        [] if rest.is_empty() => (0, 0, 0, 0),
        [h1, h2, b':', m1, m2] => (number(&[h1, h2])?, number(&[m1, m2])?, 0, 0),
        [h1, h2, b':', m1, m2, b':', s1, s2, ref fraction @ ..] => {
            let micros = match fraction {
                [] => 0,
                [b'.', digits @ ..] => decimal_fraction(digits, MICROS_PER_SECOND)?,
                _ => return None,
            };
            (number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?, micros)
        }
        _ => return None,
    };
    let seconds = seconds(date, [hour, minute, second])?;
    let offset = match zone {
        [] => default_offset,
        b" UTC" => 0,
        zone => offset(zone)?,
    };
    seconds.checked_sub(offset)?.checked_mul(MICROS_PER_SECOND)?.checked_add(micros)
}

fn number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(format: Option<&str>, zone: Option<&str>, text: &str) -> Option<String> {
        let mut reader = TimeReader::new(format, zone).unwrap();
        reader.learn(text);
        reader.read(text).ok().map(|t| t.to_string())
    }

    #[test]
    fn rfc_3339_and_sql_forms_are_read_without_a_format() {
        for (text, expected) in [
            ("2024-03-13T10:21:14Z", "2024-03-13T10:21:14Z"),
            ("2024-03-13t10:21:14.25z", "2024-03-13T10:21:14.250Z"),
            ("2024-03-13 10:21:14", "2024-03-13T10:21:14Z"),
            ("2024-03-13 10:21", "2024-03-13T10:21:00Z"),
            ("2024-03-13", "2024-03-13T00:00:00Z"),
            ("2025-04-27 23:43:54.419794", "2025-04-27T23:43:54.419794Z"),
            ("2024-03-13 10:21:14+02", "2024-03-13T08:21:14Z"),
            ("2024-03-13 10:21:14.5 UTC", "2024-03-13T10:21:14.500Z"),
            ("2024-03-13T10:21:14-0530", "2024-03-13T15:51:14Z"),
            ("2024-03-13T10:21:14.1234567Z", "2024-03-13T10:21:14.123456Z"),
            ("17/May/2015:10:05:03 +0000", "2015-05-17T10:05:03Z"),
            ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
        ] {
            assert_eq!(read(None, None, text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2024-02-30",
            "2024-03-13T24:00:00Z",
            "2024-03-13T10:61:00Z",
            "0000-00-00 00:00:00",
            "1710321674",
            "2024-03-13T",
            "2024-03-13 10",
            "2024-03-13T10:21:14.Z",
            "2024-03-13T10:21:14+25:00",
            "2024-03-13X10:21:14",
            "2024-03-13T10:21:14Zzz",
            "१०२४-03-13",
            "0000-12-31T23:00:00Z",
        ] {
            assert_eq!(read(None, None, text), None, "{text}");
        }
    }

    #[test]
    fn epochs_and_patterns_are_read_as_asked() {
        assert_eq!(read(Some("epoch_s"), None, "1710321674.5").as_deref(), Some("2024-03-13T09:21:14.500Z"));
        assert_eq!(read(Some("epoch_ms"), None, "-1").as_deref(), Some("1969-12-31T23:59:59.999Z"));
        assert_eq!(read(Some("epoch_s"), None, "-0.5").as_deref(), Some("1969-12-31T23:59:59.500Z"));
        assert_eq!(read(Some("epoch_us"), None, "99999999999999999999"), None);
        assert_eq!(read(Some("%d.%m.%Y %H:%M"), None, "13.03.2024 10:21").as_deref(), Some("2024-03-13T10:21:00Z"));
        assert_eq!(read(Some("%d.%m.%Y"), None, "13.03.2024").as_deref(), Some("2024-03-13T00:00:00Z"));
        assert_eq!(
            read(Some("%Y-%m-%dT%H:%M:%S%.f"), None, "2024-03-13T10:21:14.5").as_deref(),
            Some("2024-03-13T10:21:14.500Z")
        );
        assert_eq!(
            read(Some("%Y-%m-%d %H:%M:%S %z"), None, "2024-03-13 10:21:14 +0100").as_deref(),
            Some("2024-03-13T09:21:14Z")
        );
    }

    #[test]
    fn a_zone_applies_only_where_the_text_names_none() {
        assert_eq!(read(None, Some("+02:00"), "2024-03-13 10:00:00").as_deref(), Some("2024-03-13T08:00:00Z"));
        assert_eq!(read(None, Some("+02:00"), "2024-03-13 10:00:00Z").as_deref(), Some("2024-03-13T10:00:00Z"));
        assert_eq!(read(Some("%d.%m.%Y"), Some("-01:00"), "13.03.2024").as_deref(), Some("2024-03-13T01:00:00Z"));
    }

    #[test]
    fn a_pattern_reads_all_of_a_time() {
        for (pattern, text, expected) in [
            ("%Y-%m-%d %H:%M:%S.%f", "2024-03-13 10:21:14.5", "2024-03-13T10:21:14.500Z"),
            ("%d/%m/%Y %I:%M %p", "13/03/2024 03:45 PM", "2024-03-13T15:45:00Z"),
            ("%Y-%m-%dT%H:%M:%SZ", "2024-03-13T10:21:14Z", "2024-03-13T10:21:14Z"),
            ("%Y-%m-%d %H:%M:%S", "2016-12-31 23:59:60", "2016-12-31T23:59:59Z"),
            ("%d/%b/%Y:%H:%M:%S %z", "31/Dec/2016:23:59:60 +0000", "2016-12-31T23:59:59Z"),
            ("%Y-%m-%d %H:%M %#z", "2024-03-13 10:21 +02", "2024-03-13T08:21:00Z"),
            ("%s", "1710321674", "2024-03-13T09:21:14Z"),
            ("%Y %j", "2024 073", "2024-03-13T00:00:00Z"),
        ] {
            // The option is for texts that name no zone, and a `Z` names one.
            let zone = if pattern.contains('Z') { Some("+02:00") } else { None };
            assert_eq!(read(Some(pattern), zone, text).as_deref(), Some(expected), "{pattern}");
        }
        for half in ["%Y-%m-%d %H", "%d/%m/%Y %I:%M", "%Y-%m-%d %H:%M%.f", "%Y-%m-%d %p", "%Y-%m-%d%z", "%Y-%m-%d %M"] {
            assert!(TimeReader::new(Some(half), None).is_err(), "{half}");
        }
        for unread in ["%Y-%m-%d %H:%M:%S %Z", "%Y-%m-%d %H:%M:%S,%f"] {
            assert!(TimeReader::new(Some(unread), None).is_err(), "{unread}");
        }
    }

    #[test]
    fn formats_and_zones_that_do_not_exist_are_refused() {
        assert!(TimeReader::new(None, Some("+02:00:30")).is_err());
        assert!(TimeReader::new(Some("iso"), None).is_err());
        assert!(TimeReader::new(Some("%Q"), None).is_err());
        assert!(TimeReader::new(None, Some("Mars/Olympus")).is_err());
    }
}
