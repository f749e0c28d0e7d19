//! What each task asks of the library. A new reader is one line in [`read`].

use std::path::{Path, PathBuf};

use journey_core::{
    BottleneckOptions, EventLog, ReadOptions, Result, StepMatrixOptions, TransitionsOptions, VariantTable, bottlenecks,
    fold, read_csv_path, step_matrix, transitions,
};

use crate::folds::{ChannelChain, ScoreSums, SegmentedFunnel};
use crate::results::Answer;

/// The steps of T4, and the touchpoint that ends the paths of T6.
const FUNNEL: [&str; 5] = ["search_ad_click", "product_view", "add_to_cart", "checkout_start", "purchase"];
const PURCHASE: &str = "purchase";
const WEEK: i64 = 7 * 86_400 * 1_000_000;
/// What is asked of a log when it has been read: T9 and T11.
const QUESTIONS: [Task; 7] =
    [Task::Transitions, Task::Variants, Task::Funnel, Task::Dwell, Task::Removal, Task::Scores, Task::Steps];

/// A file with the events in one of the formats.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Csv,
}

#[derive(Clone, Copy)]
pub(crate) enum Task {
    /// T1, T10: a file becomes a log.
    Read(Format),
    /// T2
    Transitions,
    /// T3
    Variants,
    /// T4
    Funnel,
    /// T5
    Dwell,
    /// T6
    Removal,
    /// T7
    Scores,
    /// T8
    Steps,
    /// T9, T11: a file becomes a log, and all questions are asked.
    All(Format),
}

/// The files, and the log where it has been read.
pub(crate) struct Data {
    stem: PathBuf,
    log: Option<EventLog>,
}

impl Data {
    pub(crate) fn new(folder: &Path, size: &str) -> Self {
        Self { stem: folder.join(format!("events_{size}")), log: None }
    }

    /// Reads the log that the questions are asked of.
    pub(crate) fn load(&mut self) -> Result<()> {
        if self.log.is_none() {
            self.log = Some(read(&self.stem, Format::Csv)?);
        }
        Ok(())
    }
}

fn read(stem: &Path, format: Format) -> Result<EventLog> {
    match format {
        Format::Csv => read_csv_path(stem.with_extension("csv"), &columns()),
    }
}

/// All seven columns of the files.
fn columns() -> ReadOptions {
    ReadOptions {
        journey: Some("customer_id".into()),
        touchpoint: Some("touchpoint".into()),
        time: Some("timestamp".into()),
        channel: Some("channel".into()),
        score: Some("sentiment".into()),
        value: Some("value".into()),
        attributes: vec!["segment".into()],
        ..ReadOptions::default()
    }
}

impl Task {
    /// The task by its number; `None` of one that the library cannot do yet.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "T1csv" => Self::Read(Format::Csv),
            "T2" => Self::Transitions,
            "T3" => Self::Variants,
            "T4" => Self::Funnel,
            "T5" => Self::Dwell,
            "T6" => Self::Removal,
            "T7" => Self::Scores,
            "T8" => Self::Steps,
            "T9" => Self::All(Format::Csv),
            _ => return None,
        })
    }

    fn number(self) -> &'static str {
        match self {
            Self::Read(Format::Csv) => "T1csv",
            Self::Transitions => "T2",
            Self::Variants => "T3",
            Self::Funnel => "T4",
            Self::Dwell => "T5",
            Self::Removal => "T6",
            Self::Scores => "T7",
            Self::Steps => "T8",
            Self::All(Format::Csv) => "T9",
        }
    }

    /// Whether a log has to be there before the clock starts.
    pub(crate) fn needs_log(self) -> bool {
        !matches!(self, Self::Read(_) | Self::All(_))
    }

    /// Does the task: this is what is timed.
    pub(crate) fn answer(self, data: &Data) -> Result<Answer> {
        match (self, &data.log) {
            (Self::Read(format), _) => Ok(Answer::Log(read(&data.stem, format)?)),
            (Self::All(format), _) => {
                let log = read(&data.stem, format)?;
                let answers = QUESTIONS.iter().map(|task| Ok((task.number(), task.ask(&log)?)));
                Ok(Answer::All(answers.collect::<Result<_>>()?))
            }
            (_, Some(log)) => self.ask(log),
            (_, None) => self.ask(&read(&data.stem, Format::Csv)?),
        }
    }

    fn ask(self, log: &EventLog) -> Result<Answer> {
        Ok(match self {
            Self::Transitions => Answer::Transitions(transitions(log, &TransitionsOptions::default())?),
            Self::Variants => Answer::Variants(VariantTable::new(log), log.touchpoints().clone()),
            Self::Funnel => {
                let steps = FUNNEL.map(|step| log.touchpoints().code(step));
                Answer::Funnel(fold(log, || SegmentedFunnel::new(steps, WEEK)))
            }
            Self::Dwell => Answer::Dwell(Box::new(bottlenecks(log, &BottleneckOptions::default())?)),
            Self::Removal => {
                let goal = log.touchpoints().code(PURCHASE);
                Answer::Removal(fold(log, || ChannelChain::new(log.names(), goal)))
            }
            Self::Scores => Answer::Scores(fold(log, || ScoreSums::new(log.names()))),
            Self::Steps => {
                Answer::Steps(step_matrix(log, &StepMatrixOptions { limit: None, ..StepMatrixOptions::default() })?)
            }
            Self::Read(_) | Self::All(_) => Answer::Log(log.clone()),
        })
    }
}
