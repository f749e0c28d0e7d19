//! Runs of events at one touchpoint, each as one event.

use std::ops::Range;
use std::sync::Arc;

use super::{Column, EventLog, NO_START};
use crate::error::{Error, Problem, Result, shorten};
use crate::names::NONE;

impl EventLog {
    /// The log with each run of events at the same touchpoint, one after the other in a journey, as one event.
    ///
    /// That event begins when the first of the run began, or at its time where no start is known, and is complete when
    /// the last of them was (where the log has times): so bupaR's `act_collapse` makes one activity of consecutive ones. Its score is the mean of
    /// their scores (and of the feedback about them), its value the sum of their values; its channel and attributes are the first that one of them has.
    /// An event that is not repeated stays as it is.
    ///
    /// ```
    /// use journey_core::{Event, EventLog};
    ///
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "visit", "2024-03-13T10:05:00Z".parse()?))
    ///     .event(Event::new("ann", "pay", "2024-03-13T10:06:00Z".parse()?))
    ///     .build()?;
    /// let log = log.collapse_repeats()?;
    /// let visit = log.journey(0).unwrap().events().next().unwrap();
    /// assert_eq!((log.len(), visit.time.unwrap().to_string().as_str()), (2, "2024-03-13T10:05:00Z"));
    /// assert_eq!(visit.start, Some("2024-03-13T10:00:00Z".parse()?));
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the values of a run add up to more than a number can hold.
    ///
    /// # Complexity
    /// O(events).
    pub fn collapse_repeats(&self) -> Result<Self> {
        let (runs, offsets) = self.runs();
        if runs.len() == self.len() {
            return Ok(self.clone());
        }
        let code = |codes: &[u32]| codes.iter().copied().find(|code| *code != NONE).unwrap_or(NONE);
        let values = self.values.as_ref().map(|column| each(column, &runs, sum));
        if let Some(row) = values.as_ref().and_then(|values| values.iter().position(|value| value.is_infinite())) {
            return Err(self.too_large(&runs, row));
        }
        Ok(Self {
            observed_until: self.observed_until,
            names: Arc::clone(&self.names),
            journeys: Arc::clone(&self.journeys),
            weights: self.weights.clone(),
            offsets: Arc::new(offsets),
            touchpoints: each(&self.touchpoints, &runs, code),
            times: (self.times.as_ref())
                .map(|column| each(column, &runs, |times| times.last().copied().unwrap_or_default())),
            starts: (self.times.as_ref())
                .map(|times| Arc::new(runs.iter().map(|run| self.start_of(run, times)).collect())),
            channels: self.channels.as_ref().map(|column| each(column, &runs, code)),
            scores: self.scores.as_ref().map(|column| each(column, &runs, mean)),
            values,
            feedback: self.feedback.as_ref().map(|column| each(column, &runs, mean)),
            attributes: self.attributes.iter().map(|column| each(column, &runs, code)).collect(),
        })
    }

    /// The rows of each run; and which run is the first of each journey.
    fn runs(&self) -> (Vec<Range<usize>>, Vec<usize>) {
        let mut runs = Vec::with_capacity(self.len());
        let mut offsets = vec![0];
        for journey in self.journeys() {
            let mut start = journey.start;
            for run in journey.touchpoints().chunk_by(|one, next| one == next) {
                runs.push(start..start + run.len());
                start += run.len();
            }
            offsets.push(runs.len());
        }
        (runs, offsets)
    }

    /// When a run began: the earliest of its starts, or times where no start is known; an event alone keeps what it
    /// has.
    fn start_of(&self, run: &Range<usize>, times: &[i64]) -> i64 {
        let starts = self.starts.as_ref().and_then(|column| column.get(run.clone())).unwrap_or_default();
        if run.len() == 1 {
            return starts.first().copied().unwrap_or(NO_START);
        }
        let first = times.get(run.start).copied();
        starts.iter().copied().filter(|start| *start != NO_START).chain(first).min().unwrap_or(NO_START)
    }

    fn too_large(&self, runs: &[Range<usize>], run: usize) -> Error {
        let row = runs.get(run).map_or(0, |run| run.start);
        let touchpoint = self.touchpoints.get(row).map_or("", |code| self.names.touchpoints.name(*code));
        Problem::ValuesTooLarge(shorten(touchpoint)).into()
    }
}

/// A column with one cell for each run.
fn each<T>(column: &[T], runs: &[Range<usize>], cell: impl Fn(&[T]) -> T) -> Column<T> {
    Arc::new(runs.iter().map(|run| cell(column.get(run.clone()).unwrap_or_default())).collect())
}

/// The sum of the cells that are there; NaN if none is.
fn sum(cells: &[f64]) -> f64 {
    cells.iter().copied().filter(|cell| !cell.is_nan()).reduce(|sum, cell| sum + cell).unwrap_or(f64::NAN)
}

/// The mean of the cells that are there; NaN if none is.
fn mean(cells: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a run of 2^53 events does not fit into a log")]
    let count = cells.iter().filter(|cell| !cell.is_nan()).count() as f64;
    sum(cells) / count
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, Event, Timestamp};

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000).unwrap()
    }

    #[test]
    fn a_run_is_one_event_from_its_first_start_to_its_last_time() {
        let log = EventLog::builder()
            .attribute("plan")
            .event(Event::new("a", "visit", at(1)).with_score(1.0).with_value(2.0))
            .event_with(Event::new("a", "visit", at(3)).on_channel("web").with_score(-2.0), [Some("free")])
            .event_with(Event::new("a", "visit", at(4)).on_channel("shop").with_value(3.0), [Some("paid")])
            .event(Event::new("a", "pay", at(5)))
            .event(Event::new("b", "pay", at(6)))
            .event(Event::new("b", "visit", at(9)).started_at(at(7)))
            .event(Event::new("b", "visit", at(10)).started_at(at(6)))
            .build()
            .unwrap()
            .collapse_repeats()
            .unwrap();
        let events: Vec<_> = log.journeys().flat_map(|j| j.events().collect::<Vec<_>>()).collect();
        let expected = [
            Event::new("a", "visit", at(4)).started_at(at(1)).on_channel("web").with_score(-0.5).with_value(5.0),
            Event::new("a", "pay", at(5)),
            Event::new("b", "pay", at(6)),
            Event::new("b", "visit", at(10)).started_at(at(6)),
        ];
        assert_eq!(events, expected, "the same touchpoint in another journey is no repeat");
        let plans: Vec<_> = log.journey(0).unwrap().attribute("plan").unwrap().collect();
        assert_eq!(plans, [Some("free"), None]);
        assert_eq!(log.collapse_repeats().unwrap().len(), 4, "once is enough");
    }

    #[test]
    fn a_sum_that_no_number_holds_is_an_error() {
        let visit = |second| Event::new("a", "visit", at(second)).with_value(1e308);
        let log = EventLog::builder().event(visit(1)).event(visit(2)).build().unwrap();
        let error = log.collapse_repeats().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded);
        assert!(error.to_string().contains("at `visit` add up to more"), "{error}");
    }

    #[test]
    fn a_log_without_repeats_stays_as_it_is() {
        let log = EventLog::builder().event(Event::new("a", "visit", at(1))).build().unwrap();
        let event = log.collapse_repeats().unwrap().journey(0).unwrap().events().next().unwrap().start;
        assert_eq!(event, None);
        assert!(EventLog::builder().build().unwrap().collapse_repeats().unwrap().is_empty());
    }
}
