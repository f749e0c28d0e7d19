//! How logs are read, whatever they are read from: which column holds what, in which form, and what may be read at all.

use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};

use super::limits::Limits;
use crate::error::{Problem, Result};
use crate::score::ScoreScale;

/// How a log is read: which column holds what, and in which form.
///
/// All readers take the same options. In CSV a column is a column, in Parquet and Arrow also one within a column of records,
/// by a path such as `user.id`, in NDJSON a field or such a path, in XES an attribute of the event, or of its trace with
/// `case:` before it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ReadOptions {
    /// The column with the id of the journey, often that of the customer. If not given: `journey`; in XES
    /// `case:concept:name`.
    pub journey: Option<String>,
    /// The column with the touchpoint. If not given: `touchpoint`; in XES `concept:name`.
    pub touchpoint: Option<String>,
    /// In XES the name of the classifier whose values make the touchpoint, joined by `+`, in place of one attribute.
    pub classifier: Option<String>,
    /// The column with the time; of events that take time, when they are complete. If not given: `time`; in XES
    /// `time:timestamp`.
    pub time: Option<String>,
    /// What puts the events of a journey in order.
    pub order: EventOrder,
    /// The column with the time when the event began, at most that of `time`; an empty cell is no start.
    pub start: Option<String>,
    /// The column that says which end of an event a row is, where it has one row for its start and one for its completion:
    /// `start` or `complete`, in letters of any case; an empty cell is `complete`. If not given: in XES
    /// `lifecycle:transition`, where events have it, unless this is the empty text; else none.
    pub lifecycle: Option<String>,
    /// Other words in the column `lifecycle`, such as `schedule` or `suspend`, whose rows are passed over.
    pub lifecycle_skipped: Vec<String>,
    /// The column that joins the start of an event to its completion. If not given, or where the cell is empty, the start
    /// is the earliest one of the same journey and touchpoint that is not complete yet. In XES `concept:instance`.
    pub instance: Option<String>,
    /// The column with the channel; an empty cell is no channel.
    pub channel: Option<String>,
    /// The column with the experience score; an empty cell is no score.
    pub score: Option<String>,
    /// The scale of the scores; they are mapped to -2 to 2.
    pub score_scale: ScoreScale,
    /// The column with a value, such as money spent; an empty cell is no value.
    pub value: Option<String>,
    /// The columns kept as attributes of the events; an empty cell is no value.
    pub attributes: Vec<String>,
    /// The form of times that are texts or numbers: a strftime pattern such as `%d.%m.%Y %H:%M`, or `epoch_s`, `epoch_ms`,
    /// `epoch_us`. If not given, RFC 3339, SQL and the Common Log Format are known by their looks.
    pub time_format: Option<String>,
    /// The offset of times that name no zone, such as `+02:00`; UTC if not given.
    pub time_zone: Option<String>,
    /// In CSV the character that separates the fields of a row, one byte long. If not given, it is the one of `,`, `;`, `|`
    /// and the tab that the header is written with.
    pub delimiter: Option<String>,
    /// How large the file and its parts may be.
    pub limits: Limits,
}

/// What puts the events of a journey in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EventOrder {
    /// Their times; events of the same time stand as in the input.
    #[default]
    ByTime,
    /// The input: events stand as they do there and have no times. Figures about time are then absent.
    AsGiven,
}

/// How far reading has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Bytes of the input that have been read; of a compressed one, as they lie there.
    pub bytes: u64,
    /// Bytes of the whole input, where that is known.
    pub total_bytes: Option<u64>,
    /// Events that have been read.
    pub events: u64,
}

/// What is told of the progress, and may end it.
pub(super) type Watch<'a> = Box<dyn FnMut(&Progress) -> ControlFlow<()> + 'a>;

/// Tells the progress to who watches; an error if that ends it.
pub(super) fn tell(watch: &mut Option<Watch<'_>>, progress: &Progress) -> Result<()> {
    match watch.as_mut().map(|watch| watch(progress)) {
        Some(ControlFlow::Break(())) => Err(Problem::Cancelled.into()),
        _ => Ok(()),
    }
}

/// The names of columns that a format gives to what options do not name.
#[derive(Clone, Copy)]
pub(super) struct StandardNames {
    pub(super) journey: &'static str,
    pub(super) touchpoint: &'static str,
    pub(super) time: &'static str,
    /// Columns that are read where they are there.
    pub(super) lifecycle: Option<&'static str>,
    pub(super) instance: Option<&'static str>,
}

impl StandardNames {
    /// Those of tables.
    pub(super) const TABLE: Self =
        Self { journey: "journey", touchpoint: "touchpoint", time: "time", lifecycle: None, instance: None };

    /// Those of XES.
    #[cfg(feature = "xes")]
    pub(super) const XES: Self = Self {
        journey: "case:concept:name",
        touchpoint: "concept:name",
        time: "time:timestamp",
        lifecycle: Some("lifecycle:transition"),
        instance: Some("concept:instance"),
    };
}

impl ReadOptions {
    /// The names of all columns that are asked for.
    pub(super) fn wanted(&self, standard: StandardNames) -> Vec<&str> {
        let named = [&self.start, &self.lifecycle, &self.instance, &self.channel, &self.score, &self.value];
        let mut wanted: Vec<&str> = named.into_iter().flatten().map(String::as_str).collect();
        wanted.push(self.journey.as_deref().unwrap_or(standard.journey));
        wanted.push(self.touchpoint.as_deref().unwrap_or(standard.touchpoint));
        if self.order == EventOrder::ByTime {
            wanted.push(self.time.as_deref().unwrap_or(standard.time));
        }
        wanted.extend(self.attributes.iter().map(String::as_str));
        wanted
    }

    /// The names of the columns of a table that these options ask for, each once.
    ///
    /// ```
    /// use journey_core::ReadOptions;
    ///
    /// let options = ReadOptions { time: Some("at".into()), attributes: vec!["plan".into()], ..Default::default() };
    /// assert_eq!(options.columns(), ["journey", "touchpoint", "at", "plan"]);
    /// ```
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let wanted: indexmap::IndexSet<&str> = self.wanted(StandardNames::TABLE).into_iter().collect();
        wanted.into_iter().collect()
    }

    /// The column that tells the two ends of an event apart, where the options or the format name one.
    pub(super) fn lifecycle_column(&self, standard: StandardNames) -> Option<&str> {
        match &self.lifecycle {
            Some(name) => Some(name.as_str()).filter(|name| !name.is_empty()),
            None => standard.lifecycle.filter(|_| self.start.is_none() && self.order == EventOrder::ByTime),
        }
    }

    /// What the options say about starts, times and the order has to be one thing.
    pub(super) fn check(&self, standard: StandardNames) -> Result<()> {
        let refused = |message: &str, field| Err(Problem::Options(message.into()).at_field(field));
        if self.order == EventOrder::AsGiven {
            for (given, field) in [
                (self.time.is_some(), "time"),
                (self.start.is_some(), "start"),
                (self.lifecycle.is_some(), "lifecycle"),
                (self.time_format.is_some(), "time_format"),
                (self.time_zone.is_some(), "time_zone"),
            ] {
                if given {
                    return refused("events in the order `as_given` have no times", field);
                }
            }
        }
        if self.classifier.is_some() && (standard.lifecycle.is_none() || self.touchpoint.is_some()) {
            return refused(
                "only XES has classifiers, and each takes the place of the attribute `touchpoint`",
                "classifier",
            );
        }
        let lifecycle = self.lifecycle_column(standard);
        match (lifecycle, &self.start, &self.instance, self.lifecycle_skipped.as_slice()) {
            (Some(_), Some(_), ..) => {
                refused("an event has a column `start`, or a row of its own for its start, not both", "lifecycle")
            }
            (None, _, Some(_), _) => {
                refused("instances join the rows that the option `lifecycle` tells apart", "instance")
            }
            (None, _, _, [_, ..]) => refused("there is no column `lifecycle` with such rows", "lifecycle_skipped"),
            _ => Ok(()),
        }
    }
}
