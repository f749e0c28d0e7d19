//! Feedback from CSV.

use std::io::Read;
use std::path::Path;

use ::csv::ByteRecord;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as WordError, StrDeserializer};
use serde::{Deserialize, Serialize};

use super::columns::Column;
use super::limits::Limits;
use super::table::{Header, Table, check, from_path};
use crate::error::{Problem, Result, shorten};
use crate::log::{Answer, Feedback, FeedbackBuilder};
use crate::score::ScoreScale;
use crate::time::TimeReader;

/// How [`read_feedback`] reads a table of answers: which column holds what, and in which form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct FeedbackOptions {
    /// The column with the id of the customer.
    pub customer: String,
    /// The column with the time of the answer.
    pub time: String,
    /// The column with the touchpoint that the answer is about; an empty field names none.
    pub touchpoint: Option<String>,
    /// The column with the score, as it was given on its scale; an empty field is no score. Not given: there are only texts.
    pub score: Option<String>,
    /// The scale of the scores, unless the column `scale` says another.
    pub score_scale: ScoreScale,
    /// The column with the scale of each score, such as `nps` or `csat`; an empty field is `score_scale`.
    pub scale: Option<String>,
    /// The column with what the customer wrote; an empty field is no text.
    pub text: Option<String>,
    /// The form of the times: a strftime pattern such as `%d.%m.%Y %H:%M`, or `epoch_s`, `epoch_ms`, `epoch_us`. If not
    /// given, RFC 3339, SQL and the Common Log Format are known by their looks.
    pub time_format: Option<String>,
    /// The offset of times that name no zone, such as `+02:00`; UTC if not given.
    pub time_zone: Option<String>,
    /// The character that separates the fields of a row, one byte long. If not given, it is the one of `,`, `;`, `|` and the
    /// tab that the header is written with.
    pub delimiter: Option<String>,
    /// How large the file and its parts may be.
    pub limits: Limits,
}

impl Default for FeedbackOptions {
    fn default() -> Self {
        Self {
            customer: "customer".into(),
            time: "time".into(),
            touchpoint: None,
            score: Some("score".into()),
            score_scale: ScoreScale::default(),
            scale: None,
            text: None,
            time_format: None,
            time_zone: None,
            delimiter: None,
            limits: Limits::default(),
        }
    }
}

/// Reads answers of customers from CSV (RFC 4180) with a header line, plain or compressed with gzip, its rows in any order.
///
/// The table is read as strictly as [`read_csv`](crate::read_csv) reads a log.
///
/// ```
/// use journey_core::{FeedbackOptions, ScoreScale, read_feedback};
///
/// let file = "customer,time,score\nann,2024-03-13 10:05,9\n";
/// let options = FeedbackOptions { score_scale: ScoreScale::Nps, ..Default::default() };
/// let feedback = read_feedback(file.as_bytes(), &options)?;
/// assert_eq!(feedback.answers().next().and_then(|answer| answer.score), Some(9.0));
///
/// let error = read_feedback("customer,time,score\nann,2024-03-13,11\n".as_bytes(), &options).unwrap_err();
/// assert_eq!(error.location().line, Some(2));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If a column is missing or there twice, a row has too many or too few fields, a quote is not closed or text follows a
/// closing one, a customer or time is empty, a time, score or scale cannot be read, a score lies outside its scale, the
/// text is not UTF-8, or reading fails. The error says in which line, record and column.
pub fn read_feedback(input: impl Read, options: &FeedbackOptions) -> Result<Feedback> {
    let mut times = TimeReader::new(options.time_format.as_deref(), options.time_zone.as_deref())?;
    let mut builder = FeedbackBuilder::default();
    let limits = &options.limits;
    let table = Table::open(input, options.delimiter.as_deref(), limits, &options.wanted())?;
    let columns = Columns::find(&table.header, options)?;
    table.each(|record| {
        columns.push(&mut builder, record, &mut times, options.score_scale)?;
        check("touchpoints", builder.touchpoint_count(), limits.touchpoints)
    })?;
    Ok(builder.build())
}

/// As [`read_feedback`], from a file; errors name it.
///
/// # Errors
/// As [`read_feedback`], or if the file cannot be opened.
pub fn read_feedback_path(path: impl AsRef<Path>, options: &FeedbackOptions) -> Result<Feedback> {
    from_path(path.as_ref(), |file| read_feedback(file, options))
}

impl FeedbackOptions {
    /// The names of all columns that are asked for.
    fn wanted(&self) -> Vec<&str> {
        let named = [&self.touchpoint, &self.score, &self.scale, &self.text].into_iter().flatten().map(String::as_str);
        named.chain([self.customer.as_str(), self.time.as_str()]).collect()
    }
}

/// Where in a row everything stands.
struct Columns<'a> {
    customer: Column<'a>,
    time: Column<'a>,
    touchpoint: Option<Column<'a>>,
    score: Option<Column<'a>>,
    scale: Option<Column<'a>>,
    text: Option<Column<'a>>,
}

impl<'a> Columns<'a> {
    fn find(header: &Header, options: &'a FeedbackOptions) -> Result<Self> {
        Ok(Self {
            customer: header.column("customer", &options.customer)?,
            time: header.column("time", &options.time)?,
            touchpoint: header.optional("touchpoint", options.touchpoint.as_deref())?,
            score: header.optional("score", options.score.as_deref())?,
            scale: header.optional("scale", options.scale.as_deref())?,
            text: header.optional("text", options.text.as_deref())?,
        })
    }

    fn push(
        &self,
        builder: &mut FeedbackBuilder,
        record: &ByteRecord,
        times: &mut TimeReader,
        usual: ScoreScale,
    ) -> Result<()> {
        let time = self.time.required(record, "time")?;
        times.learn(time);
        let time = times.read(time).map_err(|error| error.at_field(self.time.name))?;
        let text = |column: &Option<Column<'a>>| column.as_ref().map_or(Ok(None), |column| column.text(record));
        let mut answer = Answer::new(self.customer.required(record, "customer")?, time);
        answer.touchpoint = text(&self.touchpoint)?;
        answer.text = text(&self.text)?;
        answer.scale = match &self.scale {
            Some(column) => column.text(record)?.map_or(Ok(usual), |name| scale(name, column.name))?,
            None => usual,
        };
        answer.score = self.score.as_ref().map_or(Ok(None), |column| column.number(record))?;
        let score = self.score.as_ref().map_or("score", |column| column.name);
        builder.push(answer).map_err(|error| error.at_field(score))
    }
}

/// The scale of this name.
fn scale(name: &str, column: &str) -> Result<ScoreScale> {
    let word: StrDeserializer<'_, WordError> = name.into_deserializer();
    ScoreScale::deserialize(word).map_err(|_| Problem::UnknownScale(shorten(name)).at_field(column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn options() -> FeedbackOptions {
        FeedbackOptions {
            touchpoint: Some("about".into()),
            scale: Some("asked".into()),
            text: Some("said".into()),
            score_scale: ScoreScale::Csat,
            ..FeedbackOptions::default()
        }
    }

    #[test]
    fn each_answer_has_its_own_scale_and_what_is_empty_is_not_there() {
        let file = "customer,time,score,about,asked,said\n\
                    ann,2024-03-13,9,pay,nps,\"fast, and\nfriendly\"\n\
                    bob,2024-03-14,,,,no score\n\
                    ann,2024-03-12,5,,,\n";
        let feedback = read_feedback(file.as_bytes(), &options()).unwrap();
        let answers: Vec<Answer<'_>> = feedback.answers().collect();
        assert_eq!((feedback.len(), answers[0].customer, answers[0].touchpoint), (3, "ann", Some("pay")));
        assert_eq!((answers[0].score, answers[0].scale), (Some(9.0), ScoreScale::Nps));
        assert_eq!(answers[0].text, Some("fast, and\nfriendly"));
        assert_eq!((answers[1].score, answers[1].text), (None, Some("no score")));
        assert_eq!((answers[2].score, answers[2].scale, answers[2].text), (Some(5.0), ScoreScale::Csat, None));
    }

    #[test]
    fn what_is_no_answer_is_refused_with_its_place() {
        for (row, field) in [
            ("ann,2024-03-13,11,pay,nps,", "score"),
            ("ann,2024-03-13,nine,pay,nps,", "score"),
            ("ann,2024-03-13,9,pay,npss,", "asked"),
            (",2024-03-13,9,pay,nps,", "customer"),
            ("ann,soon,9,pay,nps,", "time"),
        ] {
            let file = format!("customer,time,score,about,asked,said\n{row}\n");
            let error = read_feedback(file.as_bytes(), &options()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidLog, "{row}");
            let place = error.location();
            assert_eq!((place.line, place.record, place.field.as_deref()), (Some(2), Some(1), Some(field)), "{row}");
        }
    }
}
