//! What a task found, in the shape in which all peers write it, so that results can be compared.

use journey_core::{Bottlenecks, EventLog, Names, RemovalEffects, StepMatrix, TimeStats, Transitions, VariantTable};
use serde_json::{Map, Value, json};

use crate::folds::{Scores, SegmentCounts};

/// Midnight of 2025-01-01 in milliseconds; sums of times from there stay within 64 bits.
const FIRST_DAY: i64 = 1_735_689_600_000;

pub(crate) enum Answer {
    Log(EventLog),
    Transitions(Transitions),
    Variants(VariantTable, Names),
    Funnel(SegmentCounts),
    Dwell(Box<Bottlenecks>),
    Removal(RemovalEffects),
    Scores(Scores),
    Steps(StepMatrix),
    All(Vec<(&'static str, Answer)>),
}

impl Answer {
    pub(crate) fn result(&self) -> Value {
        match self {
            Self::Log(log) => contents(log),
            Self::Transitions(report) => rows(report.rows.iter().filter_map(|row| {
                let time = row.time.as_ref()?;
                Some(json!([row.source, row.target, row.count, time.mean_seconds, time.median_seconds]))
            })),
            Self::Variants(table, names) => {
                let path = |codes: &[u32]| codes.iter().map(|code| names.name(*code)).collect::<Vec<_>>().join(">");
                json!({ "paths": rows(table.iter().map(|(codes, journeys)| json!([path(codes), journeys]))) })
            }
            Self::Funnel(counts) => {
                rows(counts.iter().map(|(channel, segment, [a, b, c, d, e])| json!([channel, segment, a, b, c, d, e])))
            }
            Self::Dwell(report) => json!({
                "tr": rows(report.transitions.iter().map(|row| {
                    let [n, mean, p50, p90, p95] = figures(&row.time);
                    json!([row.source, row.target, n, mean, p50, p90, p95])
                })),
                "tp": rows(report.touchpoints.iter().filter_map(|row| {
                    let [n, mean, p50, p90, p95] = figures(row.time.as_ref()?);
                    Some(json!([row.touchpoint, n, mean, p50, p90, p95]))
                })),
            }),
            Self::Removal(report) => {
                let channels = report.rows.iter().map(|row| json!([row.name, row.effect, row.credit]));
                json!({ "rows": rows(channels), "conversions": report.conversion.n })
            }
            Self::Scores(Scores { touchpoints, transitions }) => json!({
                "tp": rows(touchpoints.iter().map(|(name, n, mean)| json!([name, n, mean]))),
                "tr": rows(transitions.iter().map(|(from, to, n, mean)| json!([from, to, n, mean]))),
            }),
            Self::Steps(report) => rows(report.rows.iter().filter(|row| row.touchpoint.is_some()).flat_map(|row| {
                let cells = report.steps.iter().zip(&row.counts).filter(|(_, count)| **count > 0);
                cells.map(|(step, count)| json!([step, row.touchpoint, count]))
            })),
            Self::All(answers) => {
                let answers = answers.iter().map(|(task, answer)| ((*task).to_owned(), answer.result()));
                Value::Object(answers.collect::<Map<_, _>>())
            }
        }
    }
}

/// A count and times in seconds: mean, median, 90 and 95 per cent.
fn figures(time: &TimeStats) -> [Value; 5] {
    [
        json!(time.n),
        json!(time.mean_seconds),
        json!(time.median_seconds),
        json!(time.p90_seconds),
        json!(time.p95_seconds),
    ]
}

fn rows(rows: impl Iterator<Item = Value>) -> Value {
    Value::Array(rows.collect())
}

/// Enough of a log to tell it from another one.
fn contents(log: &EventLog) -> Value {
    let millis = |micros: &i64| i128::from(micros / 1000 - FIRST_DAY);
    let times: i128 = log.journeys().filter_map(|journey| journey.times()).flatten().map(millis).sum();
    let scores: Vec<f64> = log.journeys().flat_map(|journey| journey.scores().flatten()).collect();
    let values: f64 = log.journeys().flat_map(|journey| journey.values().flatten()).sum();
    json!({
        "n": log.len(), "cases": log.journey_count(), "ts": i64::try_from(times).unwrap_or_default(),
        "sent_n": scores.len(), "sent": scores.iter().sum::<f64>(), "value": values,
    })
}
