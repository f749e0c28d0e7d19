//! The questions a state can answer, in the reports that the same questions give of a log.

use serde::{Deserialize, Serialize};

use super::sketch::{Sketched, Spread};
use super::{State, plan};
use crate::analysis::{
    BottleneckOptions, Bottlenecks, DropOffOptions, DropOffs, Funnel, FunnelMeaning, Held, KeptDropOffs,
    KeptTransition, StepMatrix, StepMatrixOptions, Summary, SummaryOptions, Times, TransitionRelation, Transitions,
    TransitionsOptions, Visits, bottlenecks_of, check_confidence, cut, drop_offs_of, float, funnel_of, step_matrix_of,
    t_quantile, transitions_of,
};
use crate::error::{Problem, Result};
use crate::log::{EventLog, LogNames};
use crate::names::{Interner, Names};
use crate::sorting::SortRows;

/// Options for [`State::scores`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct ScoresOptions {
    /// The most rows the report lists; all if not given.
    pub limit: Option<u64>,
    /// The confidence of every interval, from 0.5 to 0.9999.
    pub confidence: f64,
}

impl Default for ScoresOptions {
    fn default() -> Self {
        Self { limit: None, confidence: SummaryOptions::default().confidence }
    }
}

/// The scores that customers gave at each touchpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointScores {
    /// Scores of events.
    pub scored_events: u64,
    /// Scores of feedback.
    pub feedback_events: u64,
    /// The touchpoints with a score, most scores first, ties by name.
    pub rows: Vec<TouchpointScore>,
    /// Touchpoints that the limit cut off.
    pub rows_left_out: u64,
}

/// The scores that customers gave at a touchpoint, from -2 to 2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TouchpointScore {
    /// The touchpoint.
    pub touchpoint: String,
    /// How many scores.
    pub n: u64,
    /// The scores of events among them.
    pub n_events: u64,
    /// The scores of feedback among them.
    pub n_feedback: u64,
    /// Their mean.
    pub mean: f64,
    /// Their sample standard deviation; `None` of one.
    pub deviation: Option<f64>,
    /// Lower end of the mean's t interval; `None` of one.
    pub low: Option<f64>,
    /// Upper end of the mean's t interval; `None` of one.
    pub high: Option<f64>,
}

impl State {
    /// What the journeys hold, as [`summary`](crate::summary) says it of a log; attributes are in the order of their names.
    ///
    /// # Errors
    /// If an option lies outside its range.
    pub fn summary(&self, options: &SummaryOptions) -> Result<Summary> {
        check_confidence(options.confidence)?;
        let tables = &self.tables;
        let held = Held {
            visits: self.visits(),
            channels: tables.on.clone(),
            durations: Vec::new(),
            span: tables.span,
            journeys: tables.journeys,
            events: tables.events,
            single: tables.single,
            tied: Some(tables.tied),
            scored: tables.scored,
        };
        let t = |freedom| t_quantile(options.confidence, float(freedom));
        let throughput = self.sketched(&tables.throughput).stats(t);
        let report = held.report(throughput, &self.names()?);
        Ok(Summary { quantile_error: Some(self.quantile_error()), ..report })
    }

    /// Which touchpoint directly follows which, as [`transitions`](crate::transitions) says it of a log.
    ///
    /// # Errors
    /// If an option lies outside its range, or what follows sooner or later is asked for, which a state does not keep.
    pub fn transitions(&self, options: &TransitionsOptions) -> Result<Transitions> {
        if options.relation != TransitionRelation::DirectlyFollows {
            return unkept("relation", "what follows sooner or later; expected `directly_follows`");
        }
        let between = self.tables.transitions.iter().map(|between| KeptTransition {
            source: between.source,
            target: between.target,
            count: between.times.n(),
            journeys: between.journeys,
            times: self.sketched(&between.times),
        });
        let names = self.names()?.touchpoints;
        let report = transitions_of(self.tables.journeys, self.visits(), between.collect(), options, &names)?;
        Ok(Transitions { quantile_error: Some(self.quantile_error()), ..report })
    }

    /// Where customers lose time and where they are lost, as [`bottlenecks`](crate::bottlenecks) says it of a log; delay is all
    /// time between events, and there is no trend.
    ///
    /// # Errors
    /// If an option lies outside its range, or steps or a calendar are given, which a state knows nothing of.
    pub fn bottlenecks(&self, options: &BottleneckOptions) -> Result<Bottlenecks> {
        if !options.steps.is_empty() {
            return unkept("steps", "who went on from step to step; the option `funnel_steps` of the state does");
        }
        if options.calendar.is_some() {
            return unkept("calendar", "business hours");
        }
        let transitions = &self.tables.transitions;
        let between = transitions.iter().map(|way| (way.source, way.target, self.sketched(&way.times)));
        let after = transitions.chunk_by(|a, b| a.source == b.source).filter_map(|ways| {
            let mut times = Spread::default();
            for way in ways {
                times.merge(&way.times);
            }
            Some((ways.first()?.source, self.sketched(&times)))
        });
        let (visits, names) = (self.visits(), self.names()?.touchpoints);
        let report =
            bottlenecks_of(&visits, self.tables.journeys, between.collect(), after.collect(), options, &names)?;
        Ok(Bottlenecks { quantile_error: Some(self.quantile_error()), ..report })
    }

    /// Where journeys end, as [`drop_offs`](crate::drop_offs) says it of a log; all of them have ended. The conversion is that
    /// of the state's options.
    ///
    /// # Errors
    /// If an option lies outside its range, another conversion is named, or `path` or `inactive_after` is given, which a
    /// state does not keep.
    pub fn drop_offs(&self, options: &DropOffOptions) -> Result<DropOffs> {
        let conversion = &self.options.conversion;
        if !options.conversion.is_empty() && options.conversion != *conversion {
            return unkept("conversion", "another conversion than that of its own option `conversion`");
        }
        if !options.path.is_empty() {
            return unkept("path", "paths");
        }
        if options.inactive_after.is_some() {
            return unkept("inactive_after", "which journeys may still go on");
        }
        let tables = &self.tables;
        let kept = KeptDropOffs {
            journeys: tables.journeys,
            converted: tables.converted,
            visits: self.visits(),
            touchpoints: tables.at.iter().map(|at| (at.dropped, at.after)).collect(),
        };
        drop_offs_of(kept, &DropOffOptions { conversion: conversion.clone(), ..options.clone() }, &self.names()?)
    }

    /// Where customers are at each step from the start, as [`step_matrix`](crate::step_matrix) says it of a log.
    ///
    /// # Errors
    /// If an option lies outside its range, there are more steps than the state keeps, or an anchor, groups or
    /// `inactive_after` are given, which a state does not keep.
    pub fn step_matrix(&self, options: &StepMatrixOptions) -> Result<StepMatrix> {
        if options.anchor.is_some() {
            return unkept("anchor", "steps around a touchpoint");
        }
        if options.attribute.as_ref().or(options.value_a.as_ref()).or(options.value_b.as_ref()).is_some() {
            return unkept("attribute", "groups; expected a state for each");
        }
        if options.inactive_after.is_some() {
            return unkept("inactive_after", "which journeys may still go on");
        }
        let kept = self.options.steps;
        if options.steps > kept {
            let problem = format!("the state keeps {kept} steps, by its option `steps`");
            return Err(Problem::Options(problem).at_field("steps"));
        }
        let cells = self.tables.steps.iter().map(|cell| (cell.step, cell.touchpoint, cell.count));
        step_matrix_of(self.tables.journeys, cells, options, &self.names()?.touchpoints)
    }

    /// How far customers get through the steps of the state's options, as [`funnel`](crate::funnel) says it of a log.
    ///
    /// # Errors
    /// If the options of the state name no steps.
    pub fn funnel(&self) -> Result<Funnel> {
        let nothing = EventLog::builder().build()?;
        let (Some(plan), Some(tally)) = (plan(&self.options, &nothing)?, &self.tables.funnel) else {
            let problem = "the state keeps no funnel; name its steps when the state is made";
            return Err(Problem::Options(problem.into()).at_field("funnel_steps"));
        };
        let options = &self.options;
        let policy = FunnelMeaning::new(&options.funnel_steps, &options.funnel)?.report(&options.funnel_steps);
        let tally = tally.clone().map(|times| self.sketched(&times));
        Ok(Funnel {
            quantile_error: Some(self.quantile_error()),
            ..funnel_of(tally, &plan, policy, options.funnel.confidence)
        })
    }

    /// The scores that customers gave at each touchpoint: those of events and of feedback.
    ///
    /// Mean, sample standard deviation and Student's t interval, as in the steps of
    /// [`emotion_curve`](crate::emotion_curve), but of every touchpoint of the journeys.
    ///
    /// # Errors
    /// If an option lies outside its range.
    pub fn scores(&self, options: &ScoresOptions) -> Result<TouchpointScores> {
        check_confidence(options.confidence)?;
        let scored = self.tables.touchpoints.iter().zip(&self.tables.at);
        let rows = scored.filter_map(|(touchpoint, at)| {
            let figures = at.scores.figures(options.confidence)?;
            let (n, n_feedback) = (at.scores.n(), at.scores.feedback());
            Some(TouchpointScore {
                touchpoint: touchpoint.clone(),
                n,
                n_events: n - n_feedback,
                n_feedback,
                mean: figures.mean,
                deviation: figures.deviation,
                low: figures.low,
                high: figures.high,
            })
        });
        let mut rows: Vec<TouchpointScore> = rows.collect();
        rows.sort_rows_by_key(|row| std::cmp::Reverse(row.n));
        Ok(TouchpointScores {
            scored_events: rows.iter().map(|row| row.n_events).sum(),
            feedback_events: rows.iter().map(|row| row.n_feedback).sum(),
            rows_left_out: cut(&mut rows, options.limit),
            rows,
        })
    }

    fn visits(&self) -> Visits {
        let counts = self.tables.at.iter().map(|at| [at.events, at.journeys, at.starts, at.ends]);
        Visits::counted(self.tables.journeys, counts)
    }

    fn names(&self) -> Result<LogNames> {
        Ok(LogNames {
            touchpoints: table(&self.tables.touchpoints)?,
            channels: table(&self.tables.channels)?,
            attributes: self.tables.attributes.iter().map(|name| (name.clone(), Names::default())).collect(),
            ..LogNames::default()
        })
    }

    fn sketched(&self, spread: &Spread) -> Sketched {
        Sketched { spread: spread.clone(), precision: self.precision }
    }
}

fn table(names: &[String]) -> Result<Names> {
    let mut table = Interner::default();
    for name in names {
        table.intern(name, "names")?;
    }
    Ok(table.into_names())
}

/// The error of asking a state for what it does not keep.
fn unkept<T>(option: &str, what: &str) -> Result<T> {
    Err(Problem::Options(format!("a state does not keep {what}")).at_field(option))
}
