//! From the cells of a row to an event: the same for every format that is read row by row.

use super::options::{EventOrder, ReadOptions, StandardNames};
use crate::error::{Problem, Result, shorten};
use crate::log::{Batch, Event, EventLog, EventLogBuilder, Stage};
use crate::score::ScoreScale;
use crate::time::TimeReader;

/// A row whose cells are texts.
pub(super) trait Cells {
    /// The text of the cell at a place; `None` if it is empty or missing.
    fn cell(&self, place: usize) -> Result<Option<&str>>;
}

/// Which columns hold what.
#[derive(Clone)]
pub(super) struct Columns<'a> {
    pub(super) journey: Column<'a>,
    pub(super) touchpoint: Column<'a>,
    pub(super) time: Option<Column<'a>>,
    pub(super) start: Option<Column<'a>>,
    pub(super) lifecycle: Option<Column<'a>>,
    pub(super) skipped: &'a [String],
    pub(super) instance: Option<Column<'a>>,
    pub(super) channel: Option<Column<'a>>,
    pub(super) score: Option<Column<'a>>,
    pub(super) scale: ScoreScale,
    pub(super) value: Option<Column<'a>>,
    pub(super) attributes: Vec<Column<'a>>,
    pub(super) times: TimeReader,
}

/// A column by its name, and its place in the rows.
#[derive(Clone, Copy)]
pub(super) struct Column<'a> {
    pub(super) name: &'a str,
    pub(super) place: usize,
}

impl Column<'_> {
    /// The text of the cell; `None` if it is empty.
    pub(super) fn text<'r>(&self, row: &'r impl Cells) -> Result<Option<&'r str>> {
        row.cell(self.place).map_err(|error| error.at_field(self.name))
    }

    pub(super) fn required<'r>(&self, row: &'r impl Cells, what: &'static str) -> Result<&'r str> {
        self.text(row)?.ok_or_else(|| Problem::EmptyField(what).at_field(self.name))
    }

    pub(super) fn number(&self, row: &impl Cells) -> Result<Option<f64>> {
        let Some(text) = self.text(row)? else { return Ok(None) };
        let number = text.parse::<f64>().ok().filter(|number| number.is_finite());
        number.map(Some).ok_or_else(|| Problem::BadNumber(shorten(text)).at_field(self.name))
    }
}

impl<'a> Columns<'a> {
    /// Finds each column that the options ask for: `find` is given the option and the name of the column.
    pub(super) fn find(
        options: &'a ReadOptions,
        standard: StandardNames,
        mut find: impl FnMut(&'static str, &'a str) -> Result<usize>,
    ) -> Result<Self> {
        let mut column = |option, name: &'a str| find(option, name).map(|place| Column { name, place });
        let mut optional =
            |option, name: &'a Option<String>| name.as_deref().map(|name| column(option, name)).transpose();
        let lifecycle = options.lifecycle_column(standard);
        let instance = options.instance.as_deref().or(standard.instance.filter(|_| lifecycle.is_some()));
        let times = TimeReader::new(options.time_format.as_deref(), options.time_zone.as_deref())?;
        Ok(Self {
            start: optional("start", &options.start)?,
            skipped: &options.lifecycle_skipped,
            channel: optional("channel", &options.channel)?,
            score: optional("score", &options.score)?,
            scale: options.score_scale,
            value: optional("value", &options.value)?,
            journey: column("journey", options.journey.as_deref().unwrap_or(standard.journey))?,
            touchpoint: column("touchpoint", options.touchpoint.as_deref().unwrap_or(standard.touchpoint))?,
            time: (options.order == EventOrder::ByTime)
                .then(|| column("time", options.time.as_deref().unwrap_or(standard.time)))
                .transpose()?,
            lifecycle: lifecycle.map(|name| column("lifecycle", name)).transpose()?,
            instance: instance.map(|name| column("instance", name)).transpose()?,
            attributes: options.attributes.iter().map(|name| column("attributes", name)).collect::<Result<_>>()?,
            times,
        })
    }

    /// No events yet, of these columns.
    pub(super) fn batch(&self) -> Batch {
        Batch::new(self.attributes.len())
    }

    /// A log that is filled with batches of these columns.
    pub(super) fn builder(&self) -> EventLogBuilder {
        self.attributes.iter().fold(EventLog::builder(), |builder, column| builder.attribute(column.name))
    }

    /// Learns from a row in which form its times are, where the options do not say; all other rows have to follow it.
    pub(super) fn learn(&mut self, row: &impl Cells) {
        if let Some(Ok(Some(text))) = self.time.map(|column| column.text(row)) {
            self.times.learn(text);
        }
    }

    /// Adds the event of a row, or that end of it of which the row tells.
    pub(super) fn push(&self, batch: &mut Batch, row: &impl Cells) -> Result<()> {
        let event = self.event(row)?;
        let stage = match &self.lifecycle {
            None => None,
            Some(column) => match Stage::read(column.text(row)?, self.skipped) {
                Ok(Some(stage)) => Some(stage),
                Ok(None) => return Ok(()),
                Err(error) => return Err(error.at_field(column.name)),
            },
        };
        let mut failed = None;
        let attributes = self.attributes.iter().map(|column| {
            column.text(row).unwrap_or_else(|error| {
                failed = Some(error);
                None
            })
        });
        batch.push(event, attributes)?;
        if let Some(error) = failed {
            return Err(error);
        }
        let instance = |column: &Column<'_>| column.text(row);
        match stage {
            Some(stage) => batch.push_stage(stage, self.instance.as_ref().map_or(Ok(None), instance)?),
            None => Ok(()),
        }
    }

    fn event<'r>(&self, row: &'r impl Cells) -> Result<Event<'r>> {
        let read = |column: &Column<'_>, text| self.times.read(text).map_err(|error| error.at_field(column.name));
        let time = self.time.as_ref().map(|column| read(column, column.required(row, "time")?)).transpose()?;
        let journey = self.journey.required(row, "journey id")?;
        let touchpoint = self.touchpoint.required(row, "touchpoint")?;
        let mut event = match time {
            Some(time) => Event::new(journey, touchpoint, time),
            None => Event::untimed(journey, touchpoint),
        };
        if let Some(column) = &self.start {
            event.start = column.text(row)?.map(|text| read(column, text)).transpose()?;
        }
        if let Some(column) = &self.channel {
            event.channel = column.text(row)?;
        }
        if let Some(column) = &self.score {
            let score = column.number(row)?.map(|score| self.scale.to_experience(score)).transpose();
            event.score = score.map_err(|error| error.at_field(column.name))?;
        }
        if let Some(column) = &self.value {
            event.value = column.number(row)?;
        }
        Ok(event)
    }
}
