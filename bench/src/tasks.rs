//! What each task asks of the library.

use std::path::{Path, PathBuf};

use journey_core::{
    BottleneckOptions, EventLog, ReadOptions, RemovalEffectOptions, Result, StepMatrixOptions, TransitionsOptions,
    VariantTable, bottlenecks, fold, read_path, removal_effects, step_matrix, transitions,
};

use crate::folds::{ScoreSums, SegmentedFunnel};
use crate::results::Answer;

/// The steps of T4, and the touchpoint that ends the paths of T6.
const FUNNEL: [&str; 5] = ["search_ad_click", "product_view", "add_to_cart", "checkout_start", "purchase"];
const PURCHASE: &str = "purchase";
const WEEK: i64 = 7 * 86_400 * 1_000_000;
/// What is asked of a log when it has been read: T9 and T11.
const QUESTIONS: [(&str, Task); 7] = [
    ("T2", Task::Transitions),
    ("T3", Task::Variants),
    ("T4", Task::Funnel),
    ("T5", Task::Dwell),
    ("T6", Task::Removal),
    ("T7", Task::Scores),
    ("T8", Task::Steps),
];

/// A file with the events in one of the formats.
#[derive(Clone, Copy)]
pub(crate) enum Format {
    Parquet,
    Csv,
    Ndjson,
    Xes,
    XesGz,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
            Self::Xes => "xes",
            Self::XesGz => "xes.gz",
        }
    }

    /// All seven columns of the files; those of XES have the names of its extensions, and the segment is one of the trace.
    fn columns(self) -> ReadOptions {
        let is_xes = matches!(self, Self::Xes | Self::XesGz);
        let standard = |name: &str| (!is_xes).then(|| name.to_owned());
        ReadOptions {
            journey: standard("customer_id"),
            touchpoint: standard("touchpoint"),
            time: standard("timestamp"),
            channel: Some("channel".into()),
            score: Some("sentiment".into()),
            value: Some("value".into()),
            attributes: vec![if is_xes { "case:segment" } else { "segment" }.into()],
            ..ReadOptions::default()
        }
    }
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
            let is_there = |format: &Format| self.stem.with_extension(format.ending()).exists();
            let format = [Format::Parquet, Format::Csv].into_iter().find(is_there).unwrap_or(Format::Parquet);
            self.log = Some(read(&self.stem, format)?);
        }
        Ok(())
    }
}

fn read(stem: &Path, format: Format) -> Result<EventLog> {
    read_path(stem.with_extension(format.ending()), &format.columns())
}

impl Task {
    /// The task by its number; `None` of one that the library cannot do yet.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "T1" => Self::Read(Format::Parquet),
            "T1csv" => Self::Read(Format::Csv),
            "T1ndjson" => Self::Read(Format::Ndjson),
            "T2" => Self::Transitions,
            "T3" => Self::Variants,
            "T4" => Self::Funnel,
            "T5" => Self::Dwell,
            "T6" => Self::Removal,
            "T7" => Self::Scores,
            "T8" => Self::Steps,
            "T9" => Self::All(Format::Csv),
            "T10" => Self::Read(Format::Xes),
            "T10gz" => Self::Read(Format::XesGz),
            "T11" => Self::All(Format::Parquet),
            _ => return None,
        })
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
                let answers = QUESTIONS.iter().map(|(name, task)| Ok((*name, task.ask(&log)?)));
                Ok(Answer::All(answers.collect::<Result<_>>()?))
            }
            (_, Some(log)) => self.ask(log),
            (_, None) => self.ask(&read(&data.stem, Format::Parquet)?),
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
            Self::Dwell => {
                let options = BottleneckOptions { trends: false, ..BottleneckOptions::default() };
                Answer::Dwell(Box::new(bottlenecks(log, &options)?))
            }
            // The task has no intervals.
            Self::Removal => {
                let options = RemovalEffectOptions { resamples: 0, ..RemovalEffectOptions::default() };
                Answer::Removal(removal_effects(log, &[PURCHASE], &options)?)
            }
            Self::Scores => Answer::Scores(fold(log, || ScoreSums::new(log.names()))),
            Self::Steps => {
                Answer::Steps(step_matrix(log, &StepMatrixOptions { limit: None, ..StepMatrixOptions::default() })?)
            }
            Self::Read(_) | Self::All(_) => Answer::Log(log.clone()),
        })
    }
}
