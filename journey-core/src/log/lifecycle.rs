//! Rows that are stages of an event: the row of its start and that of its completion become one event.
//!
//! The words are those of the XES standard, `lifecycle:transition` and `concept:instance`. A completion is joined to the
//! earliest open start of the same journey, touchpoint and instance: first in, first out, as `PM4Py` does.
//! Nothing is lost: a row that finds no partner is an event of its own, at its own time and without a start.

use std::collections::VecDeque;

use super::batch::Batch;
use crate::error::{Problem, Result, shorten};
use crate::names::NONE;
use crate::threads::sort;
use crate::time::Timestamp;

/// Which end of an event a row tells of; at the same time starts go before completions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stage {
    Start,
    #[default]
    Complete,
}

impl Stage {
    /// Reads a stage in letters of any case; what is missing is a completion, as in XES. `None` for what is to be passed
    /// over.
    pub(crate) fn read(text: Option<&str>, skipped: &[String]) -> Result<Option<Self>> {
        match text {
            None => Ok(Some(Self::Complete)),
            Some(text) if text.eq_ignore_ascii_case("start") => Ok(Some(Self::Start)),
            Some(text) if text.eq_ignore_ascii_case("complete") => Ok(Some(Self::Complete)),
            Some(text) if skipped.iter().any(|skipped| text.eq_ignore_ascii_case(skipped)) => Ok(None),
            Some(text) => Err(Problem::UnknownStageOfEvent(shorten(text)).into()),
        }
    }
}

/// Rows that are one event.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct StartAndEnd {
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The rows that belong together.
///
/// An instance is named once for a start and once for its completion; where the completion comes first, that is no event
/// but an error.
pub(super) fn pairs(rows: &Batch) -> Result<Vec<StartAndEnd>> {
    let cell = |column: &[u32], row: usize| column.get(row).copied().unwrap_or(NONE);
    let time = |row: usize| rows.times.get(row).copied().unwrap_or_default();
    let stage = |row: usize| rows.stages.get(row).copied().unwrap_or(Stage::Complete);
    let instance = |row: usize| cell(&rows.instances.codes, row);
    let key = |row: usize| (cell(&rows.journeys.codes, row), cell(&rows.touchpoints.codes, row), instance(row));
    let mut order: Vec<usize> = (0..rows.len()).collect();
    let place = |row: usize| (key(row), time(row), stage(row), row);
    sort(&mut order, |one, other| place(*one).cmp(&place(*other)));

    let mut pairs = Vec::new();
    let mut open = VecDeque::new();
    for alike in order.chunk_by(|a, b| key(*a) == key(*b)) {
        let mut alone = None;
        open.clear();
        for row in alike.iter().copied() {
            match stage(row) {
                Stage::Start => open.push_back(row),
                Stage::Complete => match open.pop_front() {
                    Some(start) => pairs.push(StartAndEnd { start, end: row }),
                    None => alone = Some(row),
                },
            }
        }
        if let (Some(end), Some(start)) = (alone, open.front())
            && instance(end) != NONE
        {
            let text = |row: usize| Timestamp::from_micros(time(row)).map(|at| at.to_string()).unwrap_or_default();
            let instance = shorten(rows.instances.names.name(instance(end)));
            return Err(Problem::InstanceEndsBeforeStart { instance, start: text(*start), end: text(end) }.into());
        }
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Event;

    /// Rows of one journey and touchpoint: stage, instance, time.
    fn pairs(rows: &[(Stage, Option<&str>, i64)]) -> Result<Vec<(usize, usize)>> {
        let mut batch = Batch::default();
        for (stage, instance, time) in rows {
            batch.push(Event::new("a", "t", Timestamp::from_micros(*time).unwrap()), []).unwrap();
            batch.push_stage(*stage, *instance).unwrap();
        }
        let mut pairs = super::pairs(&batch)?;
        pairs.sort_by_key(|pair| pair.start);
        Ok(pairs.into_iter().map(|pair| (pair.start, pair.end)).collect())
    }

    #[test]
    fn the_earliest_open_start_is_completed_first() {
        use Stage::{Complete, Start};
        let rows = [(Complete, None, 9), (Start, None, 1), (Complete, None, 5), (Start, None, 2)];
        assert_eq!(pairs(&rows).unwrap(), [(1, 2), (3, 0)], "whatever the order of the rows");
        let rows = [(Complete, None, 5), (Start, None, 5)];
        assert_eq!(pairs(&rows).unwrap(), [(1, 0)], "an event that took no time");
        let rows = [(Complete, None, 4), (Start, None, 5)];
        assert_eq!(pairs(&rows).unwrap(), [], "a completion belongs to no later start");
    }

    #[test]
    fn an_instance_joins_its_own_rows() {
        use Stage::{Complete, Start};
        let rows = [(Start, Some("1"), 1), (Start, Some("2"), 2), (Complete, Some("2"), 3), (Complete, Some("1"), 9)];
        assert_eq!(pairs(&rows).unwrap(), [(0, 3), (1, 2)]);
        let error = pairs(&[(Start, Some("7"), 2_000_000), (Complete, Some("7"), 1_000_000)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the event `7` is complete at 1970-01-01T00:00:01Z, before its start at 1970-01-01T00:00:02Z"
        );
    }

    #[test]
    fn words_of_other_stages_are_refused_until_they_are_named() {
        let read = |text| Stage::read(text, &["Suspend".to_owned()]);
        assert_eq!(read(Some("START")).unwrap(), Some(Stage::Start));
        assert_eq!(read(None).unwrap(), Some(Stage::Complete));
        assert_eq!(read(Some("suspend")).unwrap(), None);
        assert!(read(Some("resume")).unwrap_err().to_string().contains("`lifecycle_skipped`"));
    }
}
