//! An event of a stream, as plain data.

use serde::{Deserialize, Serialize};

use crate::error::{Problem, Result, shorten};
use crate::log::Event;
use crate::time::Timestamp;

/// An event of a stream, as data that crosses the border of a language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct StreamEvent {
    /// The id of the customer.
    pub journey: String,
    /// The touchpoint.
    pub touchpoint: String,
    /// When it happened, or was complete, as RFC 3339 or SQL text; read as UTC if it names no zone.
    pub time: String,
    /// When it began, where it took time.
    #[serde(default)]
    pub start: Option<String>,
    /// The channel it happened on.
    #[serde(default)]
    pub channel: Option<String>,
    /// The experience score, -2 to 2.
    #[serde(default)]
    pub score: Option<f64>,
}

impl StreamEvent {
    /// The event, with its times read.
    pub(super) fn event(&self) -> Result<Event<'_>> {
        let event = Event::new(&self.journey, &self.touchpoint, time("time", &self.time)?);
        let event = match &self.start {
            Some(start) => event.started_at(time("start", start)?),
            None => event,
        };
        let event = self.channel.as_deref().map_or(event, |channel| event.on_channel(channel));
        Ok(self.score.map_or(event, |score| event.with_score(score)))
    }
}

fn time(field: &str, text: &str) -> Result<Timestamp> {
    text.parse().map_err(|_| {
        let expected = "RFC 3339 or SQL, such as `2024-03-13T10:21:14Z`".into();
        Problem::BadTime { value: shorten(text), expected }.at_field(field)
    })
}
