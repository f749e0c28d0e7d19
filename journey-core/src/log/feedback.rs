//! Feedback: what customers answered, as columns.

use crate::error::{Problem, Result};
use crate::names::{Interner, NONE, Names};
use crate::score::ScoreScale;
use crate::time::Timestamp;

/// Answers of customers: surveys, ratings, what they wrote.
///
/// The answers stand in the order of the input. A score is kept as it was given, with its scale.
///
/// ```
/// use journey_core::{Answer, Feedback, ScoreScale};
///
/// let feedback = Feedback::new([
///     Answer::new("ann", "2024-03-13".parse()?).with_score(9.0, ScoreScale::Nps),
///     Answer::new("bob", "2024-03-14".parse()?).about("pay").with_text("too slow"),
/// ])?;
/// assert_eq!(feedback.len(), 2);
/// # Ok::<(), journey_core::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Feedback {
    customers: Names,
    touchpoints: Names,
    texts: Names,
    columns: Columns,
}

#[derive(Clone, Debug, Default)]
struct Columns {
    customers: Vec<u32>,
    /// [`NONE`] where the answer names none.
    touchpoints: Vec<u32>,
    /// Microseconds, each within the range of [`Timestamp`].
    times: Vec<i64>,
    /// On the scale of the answer; NaN where there is none.
    scores: Vec<f64>,
    scales: Vec<ScoreScale>,
    /// [`NONE`] where there is none.
    texts: Vec<u32>,
}

/// What a customer answered at a time.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Answer<'a> {
    /// The id of the customer.
    pub customer: &'a str,
    /// When the customer answered.
    pub time: Timestamp,
    /// The touchpoint that the answer is about, if it names one.
    pub touchpoint: Option<&'a str>,
    /// The score, as it was given.
    pub score: Option<f64>,
    /// The scale of the score.
    pub scale: ScoreScale,
    /// What the customer wrote.
    pub text: Option<&'a str>,
}

impl<'a> Answer<'a> {
    /// An answer that says nothing yet.
    #[must_use]
    pub fn new(customer: &'a str, time: Timestamp) -> Self {
        Self { customer, time, touchpoint: None, score: None, scale: ScoreScale::default(), text: None }
    }

    /// The same answer about this touchpoint.
    #[must_use]
    pub fn about(self, touchpoint: &'a str) -> Self {
        Self { touchpoint: Some(touchpoint), ..self }
    }

    /// The same answer with this score, given on this scale.
    #[must_use]
    pub fn with_score(self, score: f64, scale: ScoreScale) -> Self {
        Self { score: Some(score), scale, ..self }
    }

    /// The same answer in these words.
    #[must_use]
    pub fn with_text(self, text: &'a str) -> Self {
        Self { text: Some(text), ..self }
    }

    /// The score on the experience scale, -2 to 2.
    #[must_use]
    pub fn experience(&self) -> Option<f64> {
        self.score.and_then(|score| self.scale.to_experience(score).ok())
    }
}

impl Feedback {
    /// Feedback of these answers.
    ///
    /// # Errors
    /// If a customer is empty, or a score lies outside its scale.
    pub fn new<'a>(answers: impl IntoIterator<Item = Answer<'a>>) -> Result<Self> {
        let mut builder = FeedbackBuilder::default();
        for (answer, record) in answers.into_iter().zip(1..) {
            builder.push(answer).map_err(|error| error.at_record(record))?;
        }
        Ok(builder.build())
    }

    /// How many answers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.times.len()
    }

    /// Whether there is no answer.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.times.is_empty()
    }

    /// The answers, in the order of the input.
    pub fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        let Columns { customers, touchpoints, times, scores, scales, texts } = &self.columns;
        let named = |names: &'_ Names, code: u32| code != NONE && (code as usize) < names.len();
        let who = customers.iter().zip(touchpoints).zip(times);
        let what = scores.iter().zip(scales).zip(texts);
        who.zip(what).filter_map(move |(((customer, touchpoint), time), ((score, scale), text))| {
            Some(Answer {
                customer: self.customers.name(*customer),
                time: Timestamp::from_micros(*time).ok()?,
                touchpoint: named(&self.touchpoints, *touchpoint).then(|| self.touchpoints.name(*touchpoint)),
                score: Some(*score).filter(|score| !score.is_nan()),
                scale: *scale,
                text: named(&self.texts, *text).then(|| self.texts.name(*text)),
            })
        })
    }

    /// The code of the customer of this id.
    pub(super) fn customer_code(&self, id: &str) -> Option<u32> {
        self.customers.code(id)
    }

    /// The ids of the customers, by code.
    pub(super) fn customers(&self) -> &Names {
        &self.customers
    }

    /// The names of the touchpoints that answers are about, by code.
    pub(super) fn touchpoints(&self) -> &Names {
        &self.touchpoints
    }

    /// Of each answer the codes of its customer and touchpoint, and its time.
    pub(super) fn keys(&self) -> impl Iterator<Item = (u32, u32, i64)> {
        let Columns { customers, touchpoints, times, .. } = &self.columns;
        customers
            .iter()
            .zip(touchpoints)
            .zip(times)
            .map(|((customer, touchpoint), time)| (*customer, *touchpoint, *time))
    }
}

/// Feedback that is filled answer by answer.
#[derive(Debug, Default)]
pub(crate) struct FeedbackBuilder {
    customers: Interner,
    touchpoints: Interner,
    texts: Interner,
    columns: Columns,
}

impl FeedbackBuilder {
    pub(crate) fn touchpoint_count(&self) -> u64 {
        self.touchpoints.len() as u64
    }

    pub(crate) fn push(&mut self, answer: Answer<'_>) -> Result<()> {
        if answer.customer.is_empty() {
            return Err(Problem::EmptyField("customer").into());
        }
        if let Some(score) = answer.score {
            answer.scale.to_experience(score)?;
        }
        let code = |names: &mut Interner, name: Option<&str>, what| {
            name.filter(|name| !name.is_empty()).map_or(Ok(NONE), |name| names.intern(name, what))
        };
        let touchpoint = code(&mut self.touchpoints, answer.touchpoint, "touchpoints")?;
        let text = code(&mut self.texts, answer.text, "texts")?;
        self.columns.customers.push(self.customers.intern(answer.customer, "customers")?);
        self.columns.touchpoints.push(touchpoint);
        self.columns.times.push(answer.time.micros());
        self.columns.scores.push(answer.score.unwrap_or(f64::NAN));
        self.columns.scales.push(answer.scale);
        self.columns.texts.push(text);
        Ok(())
    }

    pub(crate) fn build(self) -> Feedback {
        Feedback {
            customers: self.customers.into_names(),
            touchpoints: self.touchpoints.into_names(),
            texts: self.texts.into_names(),
            columns: self.columns,
        }
    }
}
