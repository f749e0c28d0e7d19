//! What a question takes and how it is answered: its inputs, its options as flags, its report.

use std::io::Write;

use clap::{Arg, ArgMatches, Command};
use journey_core::{
    EventLog, Feedback, FeedbackOptions, FunnelStep, JourneyMap, list_from_json, options_from_json, read_feedback_path,
};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::flags::Flags;
use crate::inputs::{self, Reading};
use crate::{Failure, OK, Outcome, USAGE, print};

/// A question of a log.
pub(crate) struct Question {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) inputs: &'static [Input],
    pub(crate) command: fn(&Self) -> Command,
    pub(crate) run: fn(&Self, &ArgMatches, &mut dyn Write, &mut dyn Write) -> Outcome,
}

/// What a question is about.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Input {
    Log,
    OtherLog,
    Map,
    Feedback,
    /// A word by its name, with what it means.
    Word(&'static str, &'static str),
    /// One or more names, the last of the arguments.
    Names(&'static str, &'static str),
}

/// What was given.
#[derive(Default)]
pub(crate) struct Given {
    log: Option<EventLog>,
    other_log: Option<EventLog>,
    map: Option<JourneyMap>,
    feedback: Option<Feedback>,
    words: Vec<String>,
    names: Vec<String>,
}

impl Question {
    /// The command of the question without what says how logs are read and reports printed.
    fn bare<T: JsonSchema + DeserializeOwned + Default>(&self) -> Command {
        let command = self
            .inputs
            .iter()
            .fold(Command::new(self.name).about(self.about), |command, input| command.args(input.arguments()));
        command.args(Self::flags::<T>().arguments("Options of the question"))
    }

    /// The flags of the options.
    fn flags<T: JsonSchema + DeserializeOwned + Default>() -> Flags<T> {
        Flags::of("option", |name| ["map", "feedback", "feedback-options", "json", "rows", "select"].contains(&name))
    }

    pub(crate) fn command_of<T: JsonSchema + DeserializeOwned + Default>(&self) -> Command {
        inputs::with_reading(self.bare::<T>()).args(print::arguments())
    }

    pub(crate) fn run_of<T, R>(
        &self,
        matches: &ArgMatches,
        out: &mut dyn Write,
        err: &mut dyn Write,
        ask: fn(&Given, &T) -> Result<R, Failure>,
    ) -> Outcome
    where
        T: JsonSchema + DeserializeOwned + Default,
        R: Serialize,
    {
        let options = Self::flags::<T>().read(matches)?;
        let given = self.given(&Reading::of(&self.bare::<T>()), matches, err)?;
        let report = ask(&given, &options)?;
        let report = serde_json::to_value(report).map_err(|error| Failure::new(crate::BAD_DATA, error.to_string()))?;
        print::report(&report, matches, out)?;
        Ok(OK)
    }

    /// Reads all inputs.
    fn given(&self, reading: &Reading, matches: &ArgMatches, err: &mut dyn Write) -> Result<Given, Failure> {
        let mut given = Given::default();
        // Words first: they say which attributes of the log are needed.
        for input in self.inputs {
            match input {
                Input::Word(name, _) => given.words.extend(matches.get_one::<String>(name).cloned()),
                Input::Names(name, _) => {
                    given.names.extend(matches.get_many::<String>(name).into_iter().flatten().cloned())
                }
                _ => {}
            }
        }
        let is_group = self.inputs.iter().any(|input| matches!(input, Input::Word("attribute", _)));
        let attribute = given.words.first().filter(|_| is_group).cloned();
        for input in self.inputs {
            match input {
                Input::Log => {
                    let path = inputs::path(matches, "log")?;
                    given.log = Some(reading.log(matches, path, attribute.as_deref(), err)?);
                }
                Input::OtherLog => {
                    let path = inputs::path(matches, "other-log")?;
                    given.other_log = Some(reading.log(matches, path, attribute.as_deref(), err)?);
                }
                Input::Map => given.map = Some(inputs::map(inputs::path(matches, "map")?)?),
                Input::Feedback => {
                    let options = matches.get_one::<String>("feedback-options");
                    let options: FeedbackOptions =
                        options.map_or_else(|| Ok(FeedbackOptions::default()), |text| options_from_json(text))?;
                    given.feedback = Some(read_feedback_path(inputs::path(matches, "feedback")?, &options)?);
                }
                Input::Word(..) | Input::Names(..) => {}
            }
        }
        Ok(given)
    }
}

impl Input {
    fn arguments(self) -> Vec<Arg> {
        match self {
            Self::Log => vec![inputs::file("log", "The log: CSV, NDJSON, XES, Parquet or Arrow, plain or compressed")],
            Self::OtherLog => vec![inputs::file("other-log", "The other log, read with the same flags")],
            Self::Map => vec![inputs::file("map", "The map: YAML, JSON or a Mermaid journey").long("map")],
            Self::Feedback => {
                let options = Arg::new("feedback-options").long("feedback-options").value_name("JSON");
                vec![
                    inputs::file("feedback", "The answers of customers, as CSV").long("feedback"),
                    options.help("How the answers are read, as FeedbackOptions, such as '{\"journey\": \"user\"}'"),
                ]
            }
            Self::Word(name, help) => {
                vec![Arg::new(name).value_name(name.to_ascii_uppercase()).help(help).required(true)]
            }
            Self::Names(name, help) => vec![Arg::new(name).value_name(name).help(help).required(true).num_args(1..)],
        }
    }
}

impl Given {
    pub(crate) fn log(&self) -> Result<&EventLog, Failure> {
        needed(self.log.as_ref(), "log")
    }

    pub(crate) fn other_log(&self) -> Result<&EventLog, Failure> {
        needed(self.other_log.as_ref(), "other log")
    }

    pub(crate) fn map(&self) -> Result<&JourneyMap, Failure> {
        needed(self.map.as_ref(), "map")
    }

    pub(crate) fn feedback(&self) -> Result<&Feedback, Failure> {
        needed(self.feedback.as_ref(), "feedback")
    }

    pub(crate) fn word(&self, place: usize) -> &str {
        self.words.get(place).map_or("", String::as_str)
    }

    /// A word that is options as JSON.
    pub(crate) fn options<T: DeserializeOwned + Default>(&self, place: usize) -> Result<T, Failure> {
        Ok(options_from_json(self.word(place))?)
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// The names as steps of a funnel; one that begins with `{` is a `FunnelStep` as JSON.
    pub(crate) fn steps(&self) -> Result<Vec<FunnelStep>, Failure> {
        let step = |name: &String| {
            let step = serde_json::from_str::<serde_json::Value>(name).ok().filter(serde_json::Value::is_object);
            step.unwrap_or_else(|| name.clone().into())
        };
        let steps: serde_json::Value = self.names.iter().map(step).collect();
        Ok(list_from_json("steps", &steps.to_string())?)
    }
}

fn needed<'a, T>(input: Option<&'a T>, what: &str) -> Result<&'a T, Failure> {
    input.ok_or_else(|| Failure::new(USAGE, format!("the {what} is not given")))
}
