//! Part of a log as a log of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::build::gather;
use super::{EventLog, EventMatch};
use crate::error::{Problem, Result, shorten};
use crate::time::Timestamp;

/// Which events [`EventLog::select`] keeps: those that meet every condition; an empty list is no condition.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct SelectOptions {
    /// The earliest time kept, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub since: Option<String>,
    /// The first time no longer kept, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub until: Option<String>,
    /// Names of the touchpoints kept.
    pub touchpoints: Vec<String>,
    /// Names of the channels kept.
    pub channels: Vec<String>,
    /// For each attribute named, the values kept.
    pub attributes: BTreeMap<String, Vec<String>>,
}

impl EventLog {
    /// The events that meet every condition, as a log of its own; journeys without one are left out.
    ///
    /// Events are kept, not journeys: what is left out lies between no two events any more, so touchpoints that were apart
    /// may follow each other. Names are shared with the whole log, not copied.
    ///
    /// # Errors
    /// If a time cannot be read, or a touchpoint, channel, attribute or value is not in the log.
    pub fn select(&self, options: &SelectOptions) -> Result<Self> {
        let since = time_option("since", options.since.as_deref())?.unwrap_or(Timestamp::MIN).micros();
        let until = time_option("until", options.until.as_deref())?.map_or(i64::MAX, Timestamp::micros);
        let matcher = self.matcher(&EventMatch {
            touchpoints: options.touchpoints.clone(),
            channels: options.channels.clone(),
            attributes: options.attributes.clone(),
        })?;
        Ok(self.filter(|row, time| (since..until).contains(&time) && matcher.matches_row(row)))
    }

    fn filter(&self, keep: impl Fn(usize, i64) -> bool) -> Self {
        let mut rows = Vec::new();
        let mut journeys = Vec::new();
        let mut offsets = vec![0];
        for (journey, code) in self.journeys().zip(&self.journeys) {
            let before = rows.len();
            rows.extend(
                // A log has at most as many events as a `u32` counts.
                journey
                    .rows()
                    .zip(journey.times())
                    .filter(|(row, time)| keep(*row, **time))
                    .filter_map(|(row, _)| u32::try_from(row).ok()),
            );
            if rows.len() > before {
                journeys.push(*code);
                offsets.push(rows.len());
            }
        }
        Self {
            names: Arc::clone(&self.names),
            journeys,
            offsets,
            touchpoints: gather(&self.touchpoints, &rows),
            times: gather(&self.times, &rows),
            starts: self.starts.as_ref().map(|column| gather(column, &rows)),
            channels: self.channels.as_ref().map(|column| gather(column, &rows)),
            scores: self.scores.as_ref().map(|column| gather(column, &rows)),
            values: self.values.as_ref().map(|column| gather(column, &rows)),
            attributes: self.attributes.iter().map(|column| gather(column, &rows)).collect(),
        }
    }
}

fn time_option(name: &str, text: Option<&str>) -> Result<Option<Timestamp>> {
    text.map(|text| {
        text.parse().map_err(|_| {
            let value = format!("`{}`", shorten(text));
            let expected = "a time such as `2024-03-13` or `2024-03-13T10:21:14Z`".into();
            Problem::OptionRange { value, expected }.at_field(name)
        })
    })
    .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event};

    fn log() -> EventLog {
        let at = |day: &str| format!("2024-03-{day}").parse().unwrap();
        EventLog::builder()
            .attribute("platform")
            .event_with(Event::new("a", "visit", at("01")).on_channel("web"), [Some("mobile")])
            .event_with(Event::new("a", "pay", at("02")).on_channel("web"), [Some("desktop")])
            .event_with(Event::new("b", "visit", at("03")).on_channel("shop"), [Some("mobile")])
            .event_with(Event::new("c", "visit", at("04")), [None])
            .build()
            .unwrap()
    }

    fn ids(options: &SelectOptions) -> Vec<String> {
        let selected = log().select(options).unwrap();
        selected
            .journeys()
            .flat_map(|j| j.events().map(|e| format!("{} {}", e.journey, e.touchpoint)).collect::<Vec<_>>())
            .collect()
    }

    #[test]
    fn events_that_meet_every_condition_are_kept() {
        let mobile = BTreeMap::from([("platform".to_owned(), vec!["mobile".to_owned()])]);
        assert_eq!(ids(&SelectOptions::default()).len(), 4);
        assert_eq!(ids(&SelectOptions { attributes: mobile.clone(), ..Default::default() }), ["a visit", "b visit"]);
        let since = Some("2024-03-02".to_owned());
        assert_eq!(ids(&SelectOptions { attributes: mobile, since, ..Default::default() }), ["b visit"]);
        let until = Some("2024-03-02".to_owned());
        assert_eq!(ids(&SelectOptions { until, ..Default::default() }), ["a visit"], "the end itself is left out");
        assert_eq!(ids(&SelectOptions { touchpoints: vec!["pay".into()], ..Default::default() }), ["a pay"]);
        assert_eq!(ids(&SelectOptions { channels: vec!["shop".into()], ..Default::default() }), ["b visit"]);
    }

    #[test]
    fn what_the_log_does_not_have_is_an_error_with_the_nearest_name() {
        let attribute = |name: &str, value: &str| SelectOptions {
            attributes: BTreeMap::from([(name.to_owned(), vec![value.to_owned()])]),
            ..Default::default()
        };
        for (options, kind, near) in [
            (attribute("platfrom", "mobile"), ErrorKind::InvalidOption, "`platform`?"),
            (attribute("platform", "moblie"), ErrorKind::InvalidOption, "`mobile`?"),
            (
                SelectOptions { touchpoints: vec!["vist".into()], ..Default::default() },
                ErrorKind::UnknownTouchpoint,
                "`visit`?",
            ),
            (
                SelectOptions { channels: vec!["shpo".into()], ..Default::default() },
                ErrorKind::InvalidOption,
                "`shop`?",
            ),
            (
                SelectOptions { since: Some("March".into()), ..Default::default() },
                ErrorKind::InvalidOption,
                "`2024-03-13T10:21:14Z`",
            ),
        ] {
            let error = log().select(&options).unwrap_err();
            assert_eq!(error.kind(), kind);
            assert!(error.to_string().ends_with(near), "{error}");
        }
    }
}
