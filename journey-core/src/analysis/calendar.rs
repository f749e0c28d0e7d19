//! Business time: a clock that stands still while the company is closed.
//!
//! The time on that clock is how long the company has been open since 1970, so the business time between two moments is a
//! difference of two of its times. Whole weeks are multiplied, holidays are looked up in a sorted list: nothing is counted
//! day by day.

use serde::{Deserialize, Serialize};

use crate::error::{Problem, Result, shorten};
use crate::time::{day_number, zone_offset};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// When a company is open: every week the same, but for holidays.
///
/// Weeks have no summer time: `time_zone` is a fixed offset, so in a zone with summer time half a year is an hour off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct BusinessHours {
    /// The hours of the week; those that overlap count once.
    pub hours: Vec<OpeningHours>,
    /// The offset of the hours and holidays, such as `+02:00`; UTC if not given. Summer time is not known.
    pub time_zone: Option<String>,
    /// Dates such as `2024-12-25` on which the company is closed all day.
    pub holidays: Vec<String>,
}

impl Default for BusinessHours {
    fn default() -> Self {
        Self { hours: vec![OpeningHours::default()], time_zone: None, holidays: Vec::new() }
    }
}

/// Hours that are the same on some days of the week, as `OpeningHoursSpecification` of schema.org.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct OpeningHours {
    /// The days of the week.
    pub weekdays: Vec<Weekday>,
    /// When the company opens, such as `09:00`.
    pub opens: String,
    /// When it closes, after it opens and at most `24:00`; a night is two entries, until `24:00` and from `00:00`.
    pub closes: String,
}

impl Default for OpeningHours {
    fn default() -> Self {
        use Weekday::{Friday, Monday, Thursday, Tuesday, Wednesday};
        let weekdays = vec![Monday, Tuesday, Wednesday, Thursday, Friday];
        Self { weekdays, opens: "09:00".into(), closes: "17:00".into() }
    }
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// The first day of the week.
    Monday,
    /// The second day.
    Tuesday,
    /// The third day.
    Wednesday,
    /// The fourth day.
    Thursday,
    /// The fifth day.
    Friday,
    /// The sixth day.
    Saturday,
    /// The seventh day.
    Sunday,
}

/// What times are counted by: the clock on the wall, or one that runs in business hours only.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock(Option<Week>);

impl Clock {
    pub(super) fn new(calendar: Option<&BusinessHours>) -> Result<Self> {
        let week = calendar.map(Week::new).transpose();
        week.map(Self).map_err(|error| error.inside("calendar"))
    }

    /// What the clock shows at a time, in microseconds.
    pub(super) fn at(&self, micros: i64) -> i64 {
        self.0.as_ref().map_or(micros, |week| week.open_until(micros))
    }
}

/// A calendar, made ready. Weeks begin with a Monday; times are microseconds.
#[derive(Clone, Debug, Default)]
struct Week {
    /// East of Greenwich.
    offset: i64,
    /// The open spans of each day, in order and apart.
    days: [Vec<(i64, i64)>; 7],
    /// How long it is open in a week before each day.
    before: [i64; 7],
    /// How long it is open in a week.
    whole: i64,
    /// Holidays as days since 1970, in order, each with how long the holidays up to it would have been open.
    holidays: Vec<(i64, i64)>,
}

impl Week {
    fn new(calendar: &BusinessHours) -> Result<Self> {
        let offset = calendar.time_zone.as_deref().map_or(Ok(0), zone_offset)? * SECOND;
        let mut week = Self { offset, ..Self::default() };
        for (entry, hours) in calendar.hours.iter().enumerate() {
            let span = span(hours).map_err(|error| error.at_field(format!("hours[{entry}]")))?;
            for weekday in &hours.weekdays {
                week.days.get_mut(*weekday as usize).into_iter().for_each(|spans| spans.push(span));
            }
        }
        for (spans, before) in week.days.iter_mut().zip(&mut week.before) {
            *spans = apart(std::mem::take(spans));
            *before = week.whole;
            week.whole += length(spans);
        }
        if week.whole == 0 {
            return Err(refused("no hours", "a weekday with hours on which the company is open").at_field("hours"));
        }
        let mut closed = 0;
        for day in days(&calendar.holidays)? {
            closed += length(week.spans(day));
            week.holidays.push((day, closed));
        }
        Ok(week)
    }

    fn spans(&self, day: i64) -> &[(i64, i64)] {
        self.days.get(place(day)).map_or(&[], Vec::as_slice)
    }

    /// How long it has been open since the first Monday of 1970's first week until this time.
    fn open_until(&self, micros: i64) -> i64 {
        let local = micros + self.offset;
        let (day, time) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let passed = self.holidays.partition_point(|(holiday, _)| *holiday < day);
        let closed = passed.checked_sub(1).and_then(|last| self.holidays.get(last)).map_or(0, |(_, closed)| *closed);
        let is_holiday = self.holidays.get(passed).is_some_and(|(holiday, _)| *holiday == day);
        let today = if is_holiday { &[] } else { self.spans(day) };
        let today: i64 = today.iter().map(|(opens, closes)| (time.min(*closes) - opens).max(0)).sum();
        let weeks = (day + MONDAY).div_euclid(7);
        weeks * self.whole + self.before.get(place(day)).copied().unwrap_or_default() + today - closed
    }
}

/// 1970 began with a Thursday.
const MONDAY: i64 = 3;

/// The day of the week, from 0 for Monday.
fn place(day: i64) -> usize {
    usize::try_from((day + MONDAY).rem_euclid(7)).unwrap_or_default()
}

fn length(spans: &[(i64, i64)]) -> i64 {
    spans.iter().map(|(opens, closes)| closes - opens).sum()
}

/// The spans in order, those that meet made one.
fn apart(mut spans: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    spans.sort_unstable();
    let mut merged: Vec<(i64, i64)> = Vec::new();
    for (opens, closes) in spans {
        match merged.last_mut() {
            Some(last) if opens <= last.1 => last.1 = last.1.max(closes),
            _ => merged.push((opens, closes)),
        }
    }
    merged
}

fn span(hours: &OpeningHours) -> Result<(i64, i64)> {
    let read = |text: &str| clock_time(text).ok_or_else(|| refused(text, "a time of day from `00:00` to `24:00`"));
    let (opens, closes) = (read(&hours.opens)?, read(&hours.closes)?);
    if opens < closes {
        Ok((opens, closes))
    } else {
        Err(refused(&format!("{} to {}", hours.opens, hours.closes), "hours that close after they open"))
    }
}

/// Microseconds since midnight of `HH:MM`.
fn clock_time(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let number =
        |digits: &str| (digits.len() == 2 && digits.bytes().all(|b| b.is_ascii_digit())).then(|| digits.parse());
    let (hours, minutes): (i64, i64) = (number(hours)?.ok()?, number(minutes)?.ok()?);
    (minutes < 60 && hours * 60 + minutes <= 24 * 60).then(|| (hours * 60 + minutes) * 60 * SECOND)
}

/// The days of dates, in order, each once.
fn days(dates: &[String]) -> Result<Vec<i64>> {
    let read = |date: &String| {
        day_number(date).ok_or_else(|| refused(date, "a date such as `2024-12-25`").at_field("holidays"))
    };
    let mut days = dates.iter().map(read).collect::<Result<Vec<i64>>>()?;
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

fn refused(value: &str, expected: &str) -> crate::error::Error {
    Problem::OptionRange { value: format!("`{}`", shorten(value)), expected: expected.into() }.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Timestamp;

    fn at(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().micros()
    }

    fn hours(calendar: &BusinessHours, from: &str, to: &str) -> f64 {
        let clock = Clock::new(Some(calendar)).unwrap();
        super::super::stats::seconds((clock.at(at(to)) - clock.at(at(from))).into()) / 3600.0
    }

    #[test]
    fn nights_weekends_and_holidays_do_not_count() {
        let office = BusinessHours { holidays: vec!["2024-03-18".into(), "2024-03-18".into()], ..Default::default() };
        for (from, to, expected) in [
            ("2024-03-13 16:00", "2024-03-14 10:00", 2.0), // Wednesday evening to Thursday morning
            ("2024-03-15 16:00", "2024-03-19 10:00", 2.0), // over the weekend and a holiday
            ("2024-03-18 08:00", "2024-03-18 20:00", 0.0), // the holiday itself
            ("2024-03-16 08:00", "2024-03-17 20:00", 0.0), // a weekend
            ("2024-03-11 00:00", "2024-03-18 00:00", 40.0), // a week
            ("1969-12-22 00:00", "1970-01-05 00:00", 80.0), // two weeks around 1970
            ("0001-01-01 00:00", "0001-01-08 00:00", 40.0),
        ] {
            assert_eq!(hours(&office, from, to), expected, "{from} to {to}");
        }
    }

    #[test]
    fn a_day_may_open_twice_and_overlapping_hours_count_once() {
        let span = |opens: &str, closes: &str| OpeningHours {
            weekdays: vec![Weekday::Saturday],
            opens: opens.into(),
            closes: closes.into(),
        };
        let shop = BusinessHours {
            hours: vec![span("14:00", "24:00"), span("09:00", "12:00"), span("11:00", "12:30")],
            time_zone: Some("+02:00".into()),
            holidays: Vec::new(),
        };
        assert_eq!(
            hours(&shop, "2024-03-15 22:00", "2024-03-16 22:00"),
            13.5,
            "a whole Saturday, two hours ahead of UTC"
        );
        assert_eq!(hours(&shop, "2024-03-16 09:00", "2024-03-16 12:00"), 1.5, "11:00 to 14:00 there");
    }

    #[test]
    fn what_is_no_calendar_is_refused_with_its_place() {
        let hours = |opens: &str, closes: &str| BusinessHours {
            hours: vec![OpeningHours { opens: opens.into(), closes: closes.into(), ..Default::default() }],
            ..Default::default()
        };
        for (calendar, field) in [
            (hours("9:00", "17:00"), "calendar.hours[0]"),
            (hours("09:00", "24:01"), "calendar.hours[0]"),
            (hours("22:00", "06:00"), "calendar.hours[0]"),
            (BusinessHours { hours: Vec::new(), ..Default::default() }, "calendar.hours"),
            (BusinessHours { holidays: vec!["25.12.".into()], ..Default::default() }, "calendar.holidays"),
            (BusinessHours { time_zone: Some("CET".into()), ..Default::default() }, "calendar.time_zone"),
        ] {
            let error = Clock::new(Some(&calendar)).unwrap_err();
            assert_eq!(
                (error.kind(), error.location().field.as_deref()),
                (crate::ErrorKind::InvalidOption, Some(field))
            );
        }
    }

    #[test]
    fn business_time_agrees_with_counting_every_hour() {
        let calendar = BusinessHours {
            holidays: ["2024-01-01", "2024-03-29", "2024-04-01", "2024-05-01"].map(String::from).to_vec(),
            ..Default::default()
        };
        let clock = Clock::new(Some(&calendar)).unwrap();
        let closed: Vec<i64> = calendar.holidays.iter().filter_map(|date| day_number(date)).collect();
        let hour = 3600 * SECOND;
        let mut now = at("2023-12-28");
        let mut open = clock.at(now);
        for _ in 0..200 * 24 {
            let (day, of_day) = (now.div_euclid(DAY), now.rem_euclid(DAY) / hour);
            let is_open = (9..17).contains(&of_day) && place(day) < 5 && !closed.contains(&day);
            now += hour;
            open += if is_open { hour } else { 0 };
            assert_eq!(clock.at(now), open);
        }
    }
}
