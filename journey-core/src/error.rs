//! The one error type of the library. All wording lives here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

/// What sort of thing went wrong; its snake-case name is the error code in every language.
///
/// ```
/// assert_eq!(journey_core::ErrorKind::InvalidOption.code(), "invalid_option");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// The event data cannot be read as a log.
    InvalidLog,
    /// The map breaks one of its rules, or its file cannot be read.
    InvalidMap,
    /// An option has a value outside its range, or no such option exists.
    InvalidOption,
    /// A touchpoint is named that the map or log does not have.
    UnknownTouchpoint,
    /// A stage is named that the map does not have.
    UnknownStage,
    /// Bytes are not those of a state, or two states do not go together.
    InvalidState,
    /// The data is larger than the library can hold.
    LimitExceeded,
    /// Reading or writing failed.
    Io,
    /// It was broken off from outside.
    Cancelled,
}

impl ErrorKind {
    /// Every kind there is, in the order of their declaration.
    pub const ALL: [Self; 9] = [
        Self::InvalidLog,
        Self::InvalidMap,
        Self::InvalidOption,
        Self::UnknownTouchpoint,
        Self::UnknownStage,
        Self::InvalidState,
        Self::LimitExceeded,
        Self::Io,
        Self::Cancelled,
    ];

    /// The code of this kind, the same string in every language.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidLog => "invalid_log",
            Self::InvalidMap => "invalid_map",
            Self::InvalidOption => "invalid_option",
            Self::UnknownTouchpoint => "unknown_touchpoint",
            Self::UnknownStage => "unknown_stage",
            Self::InvalidState => "invalid_state",
            Self::LimitExceeded => "limit_exceeded",
            Self::Io => "io",
            Self::Cancelled => "cancelled",
        }
    }
}

/// Where in the input an error was found; what is not known is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Location {
    /// The file, as the caller named it.
    pub file: Option<String>,
    /// Line in the text, from 1.
    pub line: Option<u64>,
    /// Character in the line, from 1.
    pub column: Option<u64>,
    /// Data record of a table, from 1; the header does not count.
    pub record: Option<u64>,
    /// Column of a table, path in a map file (`touchpoints[2].stage`) or name of an option.
    pub field: Option<String>,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => write!(f, "{}:{line}", shorten_path(file))?,
            (Some(file), None) => write!(f, "{}", shorten_path(file))?,
            (None, Some(line)) => write!(f, "line {line}")?,
            (None, None) => {}
        }
        if let (Some(_), Some(column)) = (self.line, self.column) {
            let separator = if self.file.is_some() { ":" } else { " column " };
            write!(f, "{separator}{column}")?;
        }
        if let Some(record) = self.record {
            let separator = if self.file.is_some() || self.line.is_some() { ", " } else { "" };
            write!(f, "{separator}record {record}")?;
        }
        if let Some(field) = &self.field {
            let any = self.file.is_some() || self.line.is_some() || self.record.is_some();
            write!(f, "{}`{field}`", if any { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// Why a call failed: a [kind](Self::kind), a [place](Self::location) and a message that says what was expected.
///
/// ```
/// use journey_core::{ErrorKind, JourneyMap};
///
/// let error = JourneyMap::from_json(r#"{"name": "Shop", "stagse": []}"#).unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::InvalidMap);
/// assert_eq!(error.location().line, Some(1));
/// assert!(error.to_string().contains("did you mean `stages`?"));
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    problem: Problem,
    location: Location,
}

impl Error {
    /// The sort of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.problem.kind()
    }

    /// The place in the input, as far as it is known.
    #[must_use]
    pub fn location(&self) -> &Location {
        &self.0.location
    }

    /// What went wrong, without the place.
    #[must_use]
    pub fn message(&self) -> String {
        self.0.problem.to_string()
    }

    /// The same error, with the name of the file it was found in.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.location.file = Some(file.into());
        self
    }

    pub(crate) fn at_line(mut self, line: u64, column: Option<u64>) -> Self {
        self.0.location.line = Some(line);
        self.0.location.column = column;
        self
    }

    pub(crate) fn at_record(mut self, record: u64) -> Self {
        self.0.location.record = Some(record);
        self
    }

    pub(crate) fn at_field(mut self, field: impl Into<String>) -> Self {
        self.0.location.field = Some(field.into());
        self
    }

    /// The same error, in a record that comes after so many others.
    pub(crate) fn after_records(mut self, records: u64) -> Self {
        self.0.location.record = self.0.location.record.map(|record| record + records);
        self
    }

    /// The same error, found in a part of this field.
    pub(crate) fn inside(self, field: &str) -> Self {
        let whole = match &self.0.location.field {
            Some(part) => format!("{field}.{part}"),
            None => field.to_owned(),
        };
        self.at_field(whole)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.location != Location::default() {
            write!(f, "{}: ", self.0.location)?;
        }
        self.0.problem.fmt(f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.0.problem)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self(Box::new(Inner { problem, location: Location::default() }))
    }
}

/// Everything that can go wrong, with its wording.
#[derive(Debug, thiserror::Error)]
#[cfg_attr(not(feature = "xes"), expect(dead_code, reason = "some are those of XES alone"))]
pub(crate) enum Problem {
    #[error("there is no column `{column}`, which the option `{option}` names; the columns are {}{}", quoted(.have), hint(.nearest.as_ref()))]
    NoColumn { column: String, option: &'static str, have: Vec<String>, nearest: Option<String> },
    #[error(
        "there is no column `{column}`: the header is one field, `{header}`; if `{separator}` separates the columns, say so with the option `delimiter`"
    )]
    WrongDelimiter { column: String, header: String, separator: char },
    #[error("the header has the column `{0}` more than once")]
    RepeatedColumn(String),
    #[error("the input is empty; expected a header line with the column names")]
    NoHeader,
    #[error("there is no {what} `{field}`, which the option `{option}` names; those at the beginning are {}{}", quoted(.have), hint(.nearest.as_ref()))]
    NoField { what: &'static str, field: String, option: &'static str, have: Vec<String>, nearest: Option<String> },
    #[error("this is no JSON: {0}; expected one whole object on each line")]
    Json(String),
    #[error(
        "the input is a JSON array; expected one object on each line (NDJSON), without brackets or commas around them"
    )]
    JsonArray,
    #[error("the line begins with `{}`; expected one object on each line", shorten(.0.encode_utf8(&mut [0; 4])))]
    NoObject(char),
    #[error("the value is {0}; expected a text, a number, `true`, `false` or `null`")]
    NoScalar(&'static str),
    #[error("the value stands here a second time; expected it once")]
    RepeatedField,
    #[error("the XML is not well-formed: {0}")]
    Xml(String),
    #[error("the input is empty; expected XES, which is XML with the root element `log`")]
    NoXml,
    #[error("the input has a document type definition, which is never read; XES has none")]
    Doctype,
    #[error("the encoding is `{0}`; expected UTF-8")]
    Encoding(String),
    #[error("expected {expected}, got {got}")]
    XmlPart { expected: &'static str, got: String },
    #[error("the input ends within `{0}`; the file may be cut off")]
    UnclosedXml(&'static str),
    #[error("the trace has the attribute after its events; expected it before them")]
    LateTraceAttribute,
    #[error("the log has no classifier `{name}`; its classifiers are {}{}", quoted(.have), hint(.nearest.as_ref()))]
    NoClassifier { name: String, have: Vec<String>, nearest: Option<String> },
    #[error(
        "the text `{text}` has the character U+{code:04X}, which XML does not allow; to write another in its place, give it as the option `replacement`"
    )]
    NotForXml { text: String, code: u32 },
    #[cfg(not(target_family = "wasm"))]
    #[error("the file is there already; to replace it, say so with the option `overwrite`")]
    FileExists,
    #[cfg_attr(all(feature = "xes", feature = "parquet"), expect(dead_code, reason = "this build can"))]
    #[error("this build cannot read or write {0}")]
    NotBuilt(&'static str),
    #[error("the {0} is empty")]
    EmptyField(&'static str),
    #[error("`{value}` is not a time; expected {expected}")]
    BadTime { value: String, expected: String },
    #[error("the event is complete at {end}, before its start at {start}")]
    EndBeforeStart { start: String, end: String },
    #[error("this event has {}; expected a time for every event of the log or for none", if *(.has) { "a time and others have none" } else { "no time and others have one" })]
    SomeTimes { has: bool },
    #[error("the event has a start but no time")]
    StartWithoutTime,
    #[error("the journey `{0}` stands for 0 customers; expected at least one")]
    NoCustomers(String),
    #[error("the journey `{0}` has a weight and no event")]
    WeightOfNone(String),
    #[error("the event `{instance}` is complete at {end}, before its start at {start}")]
    InstanceEndsBeforeStart { instance: String, start: String, end: String },
    #[error(
        "`{0}` is neither `start` nor `complete`; to pass over the rows of such a stage, name it in the option `lifecycle_skipped`"
    )]
    UnknownStageOfEvent(String),
    #[error("the part {0} of the path is empty")]
    EmptyPart(usize),
    #[error(
        "the path has the touchpoint `{0}`, which the option `conversion` adds to those that converted; name another there"
    )]
    ConversionInPath(String),
    #[error("`{0}` is not a number of customers; expected a whole number, 0 or more")]
    BadCount(String),
    #[error("`{0}` is not a number")]
    BadNumber(String),
    #[error("`{0}` is no scale; expected `experience`, `one_to_five`, `stars`, `csat`, `ces`, `nps` or `sentiment`")]
    UnknownScale(String),
    #[error("the score {value} is outside its scale, {low} to {high}")]
    ScoreOutsideScale { value: f64, low: f64, high: f64 },
    #[error("the row has {got} fields, the header has {expected}")]
    RaggedRow { got: usize, expected: usize },
    #[error("the column has {got} cells; expected {expected}, as many as the other columns")]
    ColumnLength { got: usize, expected: usize },
    #[error("the code {code} has no name; the column has {names} names, with the codes from 0")]
    NoSuchCode { code: u32, names: usize },
    #[error("the text is not UTF-8 (at byte {byte} of the field)")]
    NotUtf8 { byte: usize },
    #[error("the line is not UTF-8 (at byte {byte})")]
    LineNotUtf8 { byte: usize },
    #[cfg(feature = "arrow")]
    #[error("the column is of the type {found}; expected {expected}")]
    ColumnType { found: String, expected: &'static str },
    #[cfg(feature = "arrow")]
    #[error("the dictionary of the column has no value {0}")]
    NoSuchKey(usize),
    #[cfg(feature = "arrow")]
    #[error("the {what} cannot be read: {message}")]
    Damaged { what: &'static str, message: String },
    #[cfg(feature = "arrow")]
    #[error(
        "the events of `{0}` do not stand together; expected those of each journey one after the other, as they are when sorted by this column"
    )]
    ScatteredJourney(String),
    #[cfg(feature = "arrow")]
    #[error(
        "the batch has other columns than the first one; expected the same, with the same types, in the same places"
    )]
    OtherColumns,
    #[error("the input is UTF-16; expected UTF-8")]
    Utf16,
    #[error("a quote is opened here and never closed")]
    UnclosedQuote,
    #[error("text follows a closing quote; a quote within quotes is written twice")]
    TextAfterQuote,
    #[error("the values of consecutive events at `{0}` add up to more than a number can hold")]
    ValuesTooLarge(String),
    #[error("the log has more than {limit} {what}")]
    TooMany { what: &'static str, limit: u64 },
    #[error("{}; the limit `{name}` is {limit}, and may be raised", beyond(.name))]
    Limit { name: &'static str, limit: u64 },

    #[error("{0}")]
    Map(String),
    #[error("the {0} is empty")]
    EmptyText(&'static str),
    #[error("the {what} id `{id}` is used twice")]
    RepeatedId { what: &'static str, id: String },
    #[error("the map has no stage `{id}`{}", hint(.nearest.as_ref()))]
    UnknownStage { id: String, nearest: Option<String> },
    #[error("the map has no {what} `{id}`{}", hint(.nearest.as_ref()))]
    UnknownPart { what: &'static str, id: String, nearest: Option<String> },
    #[error("{place} has no touchpoint `{id}`{}", hint(.nearest.as_ref()))]
    UnknownTouchpoint { place: &'static str, id: String, nearest: Option<String> },
    #[error("the transition from `{from}` to `{to}` is there twice")]
    RepeatedTransition { from: String, to: String },
    #[error("{value} is not {expected}")]
    MapValue { value: String, expected: &'static str },
    #[error("the map is its own baseline; name another map, or give this one a new version")]
    OwnBaseline,
    #[error("the rule has no condition, so every event would match; expected `touchpoint`, `channel` or `attributes`")]
    RuleOfAll,
    #[error("the attribute `{attribute}` has no values; expected a list of at least one")]
    NoValues { attribute: String },
    #[error("the expected shares of the transitions from `{from}` add up to {sum}; at most 1 was expected")]
    Shares { from: String, sum: f64 },

    #[error("{value} is outside the range; expected {expected}")]
    OptionRange { value: String, expected: String },
    #[error("a funnel needs at least two steps, got {0}")]
    TooFewSteps(usize),
    #[error("a funnel has at most {limit} steps, got {got}")]
    TooManySteps { got: usize, limit: usize },
    #[error("{0}")]
    Options(String),
    #[error("this needs times, and the log has only the order of events")]
    NoTimes,

    #[error("reading was broken off")]
    Cancelled,
    #[error("{0}")]
    State(String),

    #[error("{}", without_number(.0))]
    Io(#[from] std::io::Error),
}

impl Problem {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoColumn { .. }
            | Self::WrongDelimiter { .. }
            | Self::RepeatedColumn(_)
            | Self::NoHeader
            | Self::NoField { .. }
            | Self::Json(_)
            | Self::JsonArray
            | Self::NoObject(_)
            | Self::NoScalar(_)
            | Self::RepeatedField
            | Self::Xml(_)
            | Self::NoXml
            | Self::Doctype
            | Self::Encoding(_)
            | Self::XmlPart { .. }
            | Self::UnclosedXml(_)
            | Self::LateTraceAttribute
            | Self::NoClassifier { .. }
            | Self::NotForXml { .. }
            | Self::EmptyField(_)
            | Self::BadTime { .. }
            | Self::EmptyPart(_)
            | Self::ConversionInPath(_)
            | Self::BadCount(_)
            | Self::BadNumber(_)
            | Self::UnknownScale(_)
            | Self::EndBeforeStart { .. }
            | Self::SomeTimes { .. }
            | Self::StartWithoutTime
            | Self::NoCustomers(_)
            | Self::WeightOfNone(_)
            | Self::InstanceEndsBeforeStart { .. }
            | Self::UnknownStageOfEvent(_)
            | Self::ScoreOutsideScale { .. }
            | Self::RaggedRow { .. }
            | Self::NotUtf8 { .. }
            | Self::LineNotUtf8 { .. }
            | Self::Utf16
            | Self::UnclosedQuote
            | Self::TextAfterQuote
            | Self::ColumnLength { .. }
            | Self::NoSuchCode { .. } => ErrorKind::InvalidLog,
            #[cfg(feature = "arrow")]
            Self::ColumnType { .. }
            | Self::NoSuchKey(_)
            | Self::Damaged { .. }
            | Self::ScatteredJourney(_)
            | Self::OtherColumns => ErrorKind::InvalidLog,
            Self::Map(_)
            | Self::EmptyText(_)
            | Self::RepeatedId { .. }
            | Self::UnknownPart { .. }
            | Self::OwnBaseline
            | Self::RuleOfAll
            | Self::NoValues { .. }
            | Self::RepeatedTransition { .. }
            | Self::MapValue { .. }
            | Self::Shares { .. } => ErrorKind::InvalidMap,
            Self::UnknownStage { .. } => ErrorKind::UnknownStage,
            Self::UnknownTouchpoint { .. } => ErrorKind::UnknownTouchpoint,
            Self::OptionRange { .. }
            | Self::TooFewSteps(_)
            | Self::TooManySteps { .. }
            | Self::Options(_)
            | Self::NoTimes => ErrorKind::InvalidOption,
            Self::TooMany { .. } | Self::Limit { .. } | Self::ValuesTooLarge(_) => ErrorKind::LimitExceeded,
            Self::Cancelled => ErrorKind::Cancelled,
            Self::State(_) => ErrorKind::InvalidState,
            Self::Io(_) | Self::NotBuilt(_) => ErrorKind::Io,
            #[cfg(not(target_family = "wasm"))]
            Self::FileExists => ErrorKind::Io,
        }
    }

    pub(crate) fn at_field(self, field: impl Into<String>) -> Error {
        Error::from(self).at_field(field)
    }
}

/// A value of the input, short enough for a message and without control characters.
pub(crate) fn shorten(value: &str) -> String {
    const LONGEST: usize = 80;
    let mut short = String::new();
    for (count, letter) in value.chars().enumerate() {
        match letter {
            _ if count == LONGEST => {
                short.push('…');
                break;
            }
            letter if letter.is_control() => short.extend(letter.escape_default()),
            letter => short.push(letter),
        }
    }
    short
}

/// The candidate that the name was most likely meant to be: by what other tools call the same, or by its letters.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    const ALSO_CALLED: [(&str, &str); 14] = [
        ("activity", "touchpoint"),
        ("case", "journey"),
        ("case_id", "journey"),
        ("customer", "journey"),
        ("customer_id", "journey"),
        ("date", "time"),
        ("event", "touchpoint"),
        ("sep", "delimiter"),
        ("separator", "delimiter"),
        ("timestamp", "time"),
        ("timezone", "time_zone"),
        ("tz", "time_zone"),
        ("user", "journey"),
        ("user_id", "journey"),
    ];
    // Longer texts are hardly slips of a finger, and comparing takes time that grows with their square.
    const LONGEST: usize = 80;
    let lower: String = name.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates {
        let other: String = candidate.chars().take(LONGEST).flat_map(char::to_lowercase).collect();
        if ALSO_CALLED.contains(&(&lower, &other)) || ALSO_CALLED.contains(&(&other, &lower)) {
            return Some(candidate.to_owned());
        }
        let begins = if lower.len() >= 3 && other.starts_with(&lower) { 0.7 } else { 0.0 };
        let alike =
            strsim::normalized_damerau_levenshtein(&lower, &other).max(strsim::jaro_winkler(&lower, &other) - 0.25);
        let alike = alike.max(begins);
        if alike >= 0.6 && best.is_none_or(|(score, name)| alike > score || (alike >= score && candidate < name)) {
            best = Some((alike, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

pub(crate) fn hint(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |name| format!("; did you mean `{}`?", shorten(name)))
}

/// A path without control characters; its end is what tells files apart, so nothing is cut.
fn shorten_path(path: &str) -> String {
    path.chars().flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] }).collect()
}

/// What is too large, by the name of the limit.
fn beyond(name: &str) -> &'static str {
    match name {
        "field_bytes" => "a field has too many bytes",
        "row_bytes" => "a row, a line or a trace has too many bytes",
        "json_depth" => "objects and arrays stand too deep within each other",
        "xml_depth" => "elements stand too deep within each other",
        "xml_attributes" => "an element has too many attributes",
        "columns" => "the table has too many columns",
        "touchpoints" => "the log has too many distinct touchpoints",
        "max_open_journeys" => "too many journeys are open at once",
        "max_open_events" => "open journeys have too many events",
        _ => "the compressed file unpacks to too many bytes",
    }
}

/// The words of the system, without the number that follows them.
fn without_number(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split_once(" (os error ").map_or(text.as_str(), |(words, _)| words).to_lowercase()
}

fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let shown: Vec<_> = names.iter().take(SHOWN).map(|name| format!("`{}`", shorten(name))).collect();
    let more = match names.len().saturating_sub(SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    shown.join(", ") + &more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_a_kind_is_its_serialised_name() {
        for kind in ErrorKind::ALL {
            assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.code()));
        }
    }

    #[test]
    fn a_message_starts_with_the_place() {
        let error = Error::from(Problem::BadNumber("x".into())).at_line(4, None).at_record(3).at_field("score");
        assert_eq!(error.to_string(), "line 4, record 3, `score`: `x` is not a number");
        assert_eq!(error.in_file("a.csv").to_string(), "a.csv:4, record 3, `score`: `x` is not a number");
    }

    #[test]
    fn long_values_are_cut_and_control_characters_escaped() {
        assert_eq!(shorten(&"é".repeat(100)).chars().count(), 81);
        assert_eq!(shorten("l'été \u{1b}[31m\n"), "l'été \\u{1b}[31m\\n");
    }

    #[test]
    fn a_slip_of_the_finger_is_recognised_and_another_word_is_not() {
        let near = |name, candidates: &[&str]| nearest(name, candidates.iter().copied());
        assert_eq!(near("confidense", &["limit", "confidence"]).as_deref(), Some("confidence"));
        assert_eq!(near("pya", &["visit", "pay"]).as_deref(), Some("pay"));
        assert_eq!(near("future", &["current_state", "future_state"]).as_deref(), Some("future_state"));
        assert_eq!(near("pay", &["home", "payment_details"]).as_deref(), Some("payment_details"));
        assert_eq!(near("case", &["channel", "journey"]).as_deref(), Some("journey"));
        assert_eq!(near("journey", &["event", "user_id"]).as_deref(), Some("user_id"));
        assert_eq!(near("path", &["pareto", "steps"]), None);
    }
}
