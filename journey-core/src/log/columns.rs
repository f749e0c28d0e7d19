//! The columns of a log as they are, for those who write all of it.

use std::iter::repeat_n;

use super::EventLog;
use crate::names::Names;

/// The columns of a log; a column that a log does not have is `None`.
pub(crate) struct LogColumns<'a> {
    pub(crate) touchpoints: &'a [u32],
    pub(crate) times: Option<&'a [i64]>,
    /// [`NO_START`](super::NO_START) where there is none.
    pub(crate) starts: Option<&'a [i64]>,
    pub(crate) channels: Option<&'a [u32]>,
    /// These three with NaN where there is none.
    pub(crate) scores: Option<&'a [f64]>,
    pub(crate) values: Option<&'a [f64]>,
    pub(crate) feedback: Option<&'a [f64]>,
    pub(crate) attributes: Vec<(&'a str, &'a Names, &'a [u32])>,
}

impl EventLog {
    /// The columns of the log.
    pub(crate) fn columns(&self) -> LogColumns<'_> {
        let attributes = self.names.attributes.iter().zip(&self.attributes);
        LogColumns {
            touchpoints: &self.touchpoints,
            times: self.times.as_ref().map(|column| column.as_slice()),
            starts: self.starts.as_ref().map(|column| column.as_slice()),
            channels: self.channels.as_ref().map(|column| column.as_slice()),
            scores: self.scores.as_ref().map(|column| column.as_slice()),
            values: self.values.as_ref().map(|column| column.as_slice()),
            feedback: self.feedback.as_ref().map(|column| column.as_slice()),
            attributes: attributes.map(|((name, names), column)| (name.as_str(), names, column.as_slice())).collect(),
        }
    }

    /// The id of the journey of each event, as a code of the names of journeys.
    pub(crate) fn journey_codes(&self) -> impl Iterator<Item = u32> {
        self.journeys().flat_map(|journey| repeat_n(journey.id_code(), journey.len()))
    }
}
