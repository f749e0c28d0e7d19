//! Logs of whole journeys, cut from batches in which the events of each journey stand together.

use std::collections::HashSet;
use std::hash::BuildHasher;
use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchIterator};
use arrow_schema::{Schema, SchemaRef};
use foldhash::fast::FixedState;

use super::At;
use super::leaves::Leaves;
use super::texts::{NameColumn, What};
use crate::error::{Problem, Result, shorten};
use crate::io::options::ReadOptions;
use crate::io::read::LogReader;
use crate::log::EventLog;

/// Cuts batches of Arrow records into logs of whole journeys, one after the other, for what need not have the whole log in
/// memory, such as a [`State`](crate::State).
///
/// The events of each journey have to stand together, in any order, as they do after sorting by the column of the journey;
/// a journey that comes again is an error. In memory there are at most the batches of a part and those of the longest
/// journey, and 16 bytes of each journey, by which it is known again.
///
/// ```
/// use std::sync::Arc;
/// use arrow_array::{ArrayRef, RecordBatch, StringArray, TimestampSecondArray};
/// use journey_core::{LogParts, ReadOptions, State, StateOptions};
///
/// let batch = RecordBatch::try_from_iter([
///     ("journey", Arc::new(StringArray::from(vec!["ann", "ann", "bob"])) as ArrayRef),
///     ("touchpoint", Arc::new(StringArray::from(vec!["visit", "pay", "visit"]))),
///     ("time", Arc::new(TimestampSecondArray::from(vec![1_710_324_000, 1_710_324_300, 1_710_324_100]))),
/// ])?;
/// let options = ReadOptions::default();
/// let (mut parts, mut state) = (LogParts::new(&options), State::new(&StateOptions::default())?);
/// if let Some(log) = parts.push(batch)? {
///     state.update(&log)?;
/// }
/// if let Some(log) = parts.finish()? {
///     state.update(&log)?;
/// }
/// assert_eq!((state.journeys(), state.events()), (2, 3));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LogParts<'a> {
    options: &'a ReadOptions,
    /// How many records make a part.
    most: usize,
    shape: Option<Arc<Shape<'a>>>,
    waiting: Vec<RecordBatch>,
    /// How many records wait, and how many came before them.
    records: usize,
    before: u64,
    /// The journey of the last record, and where it begins: a batch of those that wait, and a row there.
    last: Option<Box<str>>,
    last_from: (usize, usize),
    seen: HashSet<(u64, u64), FixedState>,
}

/// What the first batch says of all.
#[derive(Debug)]
struct Shape<'a> {
    schema: SchemaRef,
    leaves: Leaves,
    /// The place of the column of the journey among the leaves, and its name.
    place: usize,
    name: &'a str,
}

impl<'a> LogParts<'a> {
    /// Parts of a log that is read with these options.
    #[must_use]
    pub fn new(options: &'a ReadOptions) -> Self {
        /// Records that are worth all cores, and few beside the memory of a machine.
        const MOST: usize = 1 << 18;
        Self::of(options, MOST)
    }

    fn of(options: &'a ReadOptions, most: usize) -> Self {
        Self {
            options,
            most,
            shape: None,
            waiting: Vec::new(),
            records: 0,
            before: 0,
            last: None,
            last_from: (0, 0),
            seen: HashSet::default(),
        }
    }

    /// Takes the next batch. Once there are enough, all journeys but the last one, which may go on, come back as a log.
    ///
    /// # Errors
    /// As [`read_arrow`](crate::read_arrow); if the batch has other columns than those before it; or if a journey comes
    /// again after another one. The error says in which record, counted over all batches. Nothing can be taken after it.
    pub fn push(&mut self, batch: RecordBatch) -> Result<Option<EventLog>> {
        let shape = self.shape(&batch)?;
        self.find_journeys(&batch, &shape)?;
        if batch.num_rows() > 0 {
            self.records += batch.num_rows();
            self.waiting.push(batch);
        }
        if self.records < self.most || self.last_from == (0, 0) {
            return Ok(None);
        }
        let (place, row) = std::mem::take(&mut self.last_from);
        let mut rest = self.waiting.split_off(place);
        if let Some(first) = rest.first_mut() {
            let others = first.num_rows() - row;
            if row > 0 {
                self.waiting.push(first.slice(0, row));
            }
            *first = first.slice(row, others);
        }
        let whole = std::mem::replace(&mut self.waiting, rest);
        self.read(whole).map(Some)
    }

    /// What is left, when all batches have been taken.
    ///
    /// # Errors
    /// As [`push`](Self::push).
    pub fn finish(mut self) -> Result<Option<EventLog>> {
        let whole = std::mem::take(&mut self.waiting);
        if whole.is_empty() { Ok(None) } else { self.read(whole).map(Some) }
    }

    /// The shape of all batches, if the batch has it.
    fn shape(&mut self, batch: &RecordBatch) -> Result<Arc<Shape<'a>>> {
        if let Some(shape) = &self.shape {
            return match differing(&shape.schema, batch.schema_ref()) {
                None => Ok(Arc::clone(shape)),
                Some(name) => Err(Problem::OtherColumns.at_field(name).at_record(self.records_before() + 1)),
            };
        }
        let schema = batch.schema();
        // Tells what is wrong with the options and the columns at once.
        LogReader::new(self.options).arrow(RecordBatchIterator::new([], schema.clone()))?;
        let (columns, leaves) = super::find(self.options, &schema)?;
        let shape = Arc::new(Shape { place: columns.journey.place, name: columns.journey.name, schema, leaves });
        self.shape = Some(Arc::clone(&shape));
        Ok(shape)
    }

    fn records_before(&self) -> u64 {
        self.before + self.records as u64
    }

    /// Finds where journeys begin in a batch, and that none has been there before.
    fn find_journeys(&mut self, batch: &RecordBatch, shape: &Shape<'_>) -> Result<()> {
        const HASHES: [FixedState; 2] = [FixedState::with_seed(1), FixedState::with_seed(2)];
        let arrays = shape.leaves.arrays(batch)?;
        let Some(array) = arrays.get(shape.place) else { return Ok(()) };
        let mut journeys = NameColumn::default();
        let what = What { names: "journeys", needed: Some("journey id"), limits: &self.options.limits };
        let before = self.records_before();
        journeys
            .append(array, what)
            .map_err(|At { row, error }| error.at_field(shape.name).at_record(before + row as u64 + 1))?;
        let mut last = None;
        for (row, code) in journeys.codes.codes.iter().enumerate() {
            if last.replace(*code) == Some(*code) {
                continue;
            }
            let id = journeys.codes.names.name(*code);
            if row == 0 && self.last.as_deref() == Some(id) {
                continue;
            }
            if !self.seen.insert(HASHES.map(|hash| hash.hash_one(id)).into()) {
                let problem = Problem::ScatteredJourney(shorten(id));
                return Err(problem.at_field(shape.name).at_record(before + row as u64 + 1));
            }
            self.last_from = (self.waiting.len(), row);
        }
        if let Some(code) = last {
            self.last = Some(journeys.codes.names.name(code).into());
        }
        Ok(())
    }

    fn read(&mut self, batches: Vec<RecordBatch>) -> Result<EventLog> {
        let records = batches.iter().map(RecordBatch::num_rows).sum::<usize>();
        let schema = self.shape.as_ref().map_or_else(|| Schema::empty().into(), |shape| Arc::clone(&shape.schema));
        let log = LogReader::new(self.options).arrow(RecordBatchIterator::new(batches.into_iter().map(Ok), schema));
        let log = log.map_err(|error| error.after_records(self.before))?;
        self.before += records as u64;
        self.records -= records;
        Ok(log)
    }
}

/// The first column of a batch that the schema has not, or has with another type or in another place.
fn differing<'s>(schema: &Schema, other: &'s Schema) -> Option<&'s str> {
    let same = |(place, field): &(usize, &arrow_schema::FieldRef)| {
        let known = schema.fields().get(*place);
        known.is_some_and(|known| known.name() == field.name() && known.data_type() == field.data_type())
    };
    let differing =
        other.fields().iter().enumerate().find(|field| !same(field)).map(|(_, field)| field.name().as_str());
    let fewer = (other.fields().len() < schema.fields().len()).then_some("");
    differing.or(fewer)
}

#[cfg(test)]
mod tests {
    use arrow_array::{ArrayRef, StringArray, TimestampSecondArray};
    use proptest::prelude::*;

    use super::*;
    use crate::State;
    use crate::state::StateOptions;

    /// A batch of visits, one a second after `from`.
    fn batch(journeys: &[&str], from: i64) -> RecordBatch {
        let times: Vec<i64> = (from..).take(journeys.len()).collect();
        let touchpoints: Vec<String> = times.iter().map(|time| format!("page {}", time % 7)).collect();
        RecordBatch::try_from_iter([
            ("journey", Arc::new(StringArray::from(journeys.to_vec())) as ArrayRef),
            ("touchpoint", Arc::new(StringArray::from(touchpoints))),
            ("time", Arc::new(TimestampSecondArray::from(times))),
        ])
        .unwrap()
    }

    fn ids(log: &EventLog) -> Vec<String> {
        log.journeys().map(|journey| format!("{} {}", journey.id(), journey.len())).collect()
    }

    #[test]
    fn a_part_ends_before_the_journey_that_may_go_on() {
        let options = ReadOptions::default();
        let mut parts = LogParts::of(&options, 3);
        assert!(parts.push(batch(&["ann", "ann"], 0)).unwrap().is_none());
        assert!(parts.push(batch(&[], 2)).unwrap().is_none());
        // All three are of one journey, so none is whole.
        assert!(parts.push(batch(&["ann"], 2)).unwrap().is_none());
        assert_eq!(ids(&parts.push(batch(&["bob", "bob", "cat"], 3)).unwrap().unwrap()), ["ann 3", "bob 2"]);
        // `cat` begins the batches that wait, and goes on.
        assert!(parts.push(batch(&["cat", "cat"], 6)).unwrap().is_none());
        assert_eq!(ids(&parts.push(batch(&["dan"], 8)).unwrap().unwrap()), ["cat 3"]);
        assert_eq!(ids(&parts.finish().unwrap().unwrap()), ["dan 1"]);
        assert!(LogParts::new(&options).finish().unwrap().is_none());
    }

    #[test]
    fn a_journey_that_comes_again_is_an_error_that_says_where() {
        let options = ReadOptions::default();
        let mut parts = LogParts::of(&options, 2);
        parts.push(batch(&["ann", "bob", "cat"], 0)).unwrap();
        let error = parts.push(batch(&["cat", "ann"], 3)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "record 5, `journey`: the events of `ann` do not stand together; expected those of each journey one \
             after the other, as they are when sorted by this column"
        );
        assert_eq!(error.kind(), crate::ErrorKind::InvalidLog);
    }

    #[test]
    fn errors_name_the_record_of_all_batches_and_the_column() {
        let options = ReadOptions::default();
        let mut parts = LogParts::of(&options, 2);
        parts.push(batch(&["ann", "bob"], 0)).unwrap();
        let error = parts.push(batch(&["bob", ""], 2)).unwrap_err();
        assert_eq!(error.to_string(), "record 4, `journey`: the journey id is empty");

        let mut parts = LogParts::of(&options, 2);
        parts.push(batch(&["ann", "bob"], 0)).unwrap();
        let empty = RecordBatch::try_from_iter([
            ("journey", Arc::new(StringArray::from(vec!["cat"])) as ArrayRef),
            ("touchpoint", Arc::new(StringArray::from(vec![""]))),
            ("time", Arc::new(TimestampSecondArray::from(vec![9]))),
        ]);
        let mut outcome = parts.push(empty.unwrap());
        if outcome.is_ok() {
            outcome = parts.finish();
        }
        assert_eq!(outcome.unwrap_err().to_string(), "record 3, `touchpoint`: the touchpoint is empty");
    }

    #[test]
    fn batches_of_other_columns_are_refused() {
        let options = ReadOptions::default();
        let mut parts = LogParts::new(&options);
        parts.push(batch(&["ann"], 0)).unwrap();
        let other = batch(&["bob"], 1).project(&[0, 2, 1]).unwrap();
        let error = parts.push(other).unwrap_err().to_string();
        assert_eq!(
            error,
            "record 2, `time`: the batch has other columns than the first one; expected the same, with the same \
             types, in the same places"
        );
        assert!(LogParts::new(&options).push(batch(&[], 0).project(&[0, 2]).unwrap()).is_err());
    }

    proptest! {
        #[test]
        fn however_batches_are_cut_the_state_is_that_of_the_whole_log(
            lengths in prop::collection::vec(1_usize..9, 0..20),
            cuts in prop::collection::vec(0_usize..9, 1..30),
            most in 1_usize..30,
        ) {
            let ids: Vec<String> = (0..lengths.len()).map(|number| format!("customer {number}")).collect();
            let rows = ids.iter().zip(&lengths).flat_map(|(id, length)| std::iter::repeat_n(id.as_str(), *length));
            let all = batch(&rows.collect::<Vec<_>>(), 0);
            let options = ReadOptions::default();
            let mut whole = State::new(&StateOptions::default()).unwrap();
            let reader = RecordBatchIterator::new([Ok(all.clone())], all.schema());
            whole.update(&crate::read_arrow(reader, &options).unwrap()).unwrap();

            let (mut parts, mut state) = (LogParts::of(&options, most), State::new(&StateOptions::default()).unwrap());
            let mut from = 0;
            for cut in cuts.iter().copied().chain([usize::MAX]) {
                let rows = cut.min(all.num_rows() - from);
                if let Some(log) = parts.push(all.slice(from, rows)).unwrap() {
                    state.update(&log).unwrap();
                }
                from += rows;
            }
            if let Some(log) = parts.finish().unwrap() {
                state.update(&log).unwrap();
            }
            prop_assert_eq!(state.to_bytes(), whole.to_bytes());
        }
    }
}
