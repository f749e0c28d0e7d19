//! The columns that the loops run over.

use std::ops::Range;

use journey_core::EventLog;

/// A log with one byte for each name, journeys one behind the other.
pub(crate) struct Columns {
    /// Where each journey begins, and where the last one ends.
    pub(crate) offsets: Vec<u32>,
    pub(crate) touchpoints: Vec<u8>,
    /// Microseconds.
    pub(crate) times: Vec<i64>,
    pub(crate) channels: Vec<u8>,
    /// `NaN` where there is none.
    pub(crate) scores: Vec<f64>,
    /// One of each journey.
    pub(crate) segments: Vec<u8>,
    /// The codes of the steps of T4; the last one ends the paths of T6.
    pub(crate) funnel: [u8; 5],
}

/// More names than there are in any column, as a power of two.
pub(crate) const NAMES: usize = 64;

impl Columns {
    /// `None` if a column has more names than the data of the yardstick, or none at all.
    pub(crate) fn of(log: &EventLog) -> Option<Self> {
        let names = log.names();
        let few = |count: usize, most: usize| (count > 0 && count <= most).then_some(());
        few(names.touchpoints.len(), NAMES)?;
        few(names.channels.len(), 8)?;
        let code = |name: &str| u8::try_from(names.touchpoints.code(name)?).ok();
        let funnel = ["search_ad_click", "product_view", "add_to_cart", "checkout_start", "purchase"].map(code);
        if funnel.contains(&None) {
            return None;
        }
        let mut columns = Self {
            offsets: vec![0],
            touchpoints: Vec::with_capacity(log.len()),
            times: Vec::with_capacity(log.len()),
            channels: Vec::with_capacity(log.len()),
            scores: Vec::with_capacity(log.len()),
            segments: Vec::with_capacity(log.journey_count()),
            funnel: funnel.map(Option::unwrap_or_default),
        };
        let mut segments: Vec<&str> = Vec::new();
        for journey in log.journeys() {
            columns.touchpoints.extend(journey.touchpoints().iter().filter_map(|code| u8::try_from(*code).ok()));
            columns.times.extend(journey.times()?);
            for channel in journey.channels() {
                columns.channels.push(u8::try_from(channel?).ok()?);
            }
            columns.scores.extend(journey.scores().map(|score| score.unwrap_or(f64::NAN)));
            let segment = journey.attribute("segment")?.next()??;
            let known = segments.iter().position(|known| *known == segment).unwrap_or_else(|| {
                segments.push(segment);
                segments.len() - 1
            });
            columns.segments.push(u8::try_from(known).ok()?);
            columns.offsets.push(u32::try_from(columns.touchpoints.len()).ok()?);
        }
        few(segments.len(), 8)?;
        Some(columns)
    }

    /// The places of the events of a journey.
    pub(crate) fn events(&self, journey: usize) -> Range<usize> {
        let at = |place: usize| self.offsets.get(place).map_or(0, |offset| *offset as usize);
        at(journey)..at(journey + 1)
    }

    /// The journeys in two parts of as many events.
    pub(crate) fn halves(&self) -> [Range<usize>; 2] {
        let half = self.touchpoints.len() / 2;
        let middle = self.offsets.partition_point(|offset| (*offset as usize) < half).min(self.segments.len());
        [0..middle, middle..self.segments.len()]
    }
}
