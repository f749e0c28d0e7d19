//! Laws of feedback: no answer is lost, and the order of answers and rows does not show.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use journey_core::{
    Answer, Event, EventLog, Feedback, MatchFeedbackOptions, PeakEndOptions, SatisfactionOptions, ScoreScale,
    Timestamp, WithFeedbackOptions, match_feedback, peak_end_score, satisfaction,
};
use proptest::prelude::*;

/// Customer, touchpoint, minute, score.
type Row = (u8, u8, i64, Option<u8>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..5u8, 0..4u8, 0..200i64, prop::option::of(0..=10u8)), 0..40)
}

fn at(minute: i64) -> Timestamp {
    Timestamp::from_micros(minute * 60_000_000).unwrap()
}

fn log(rows: &[Row]) -> EventLog {
    let mut log = EventLog::builder();
    for (customer, touchpoint, minute, score) in rows {
        let (customer, touchpoint) = (format!("c{customer}"), format!("t{touchpoint}"));
        let event = Event::new(&customer, &touchpoint, at(*minute));
        log = log.event(score.map_or(event, |score| event.with_score(f64::from(score) / 2.5 - 2.0)));
    }
    log.build().unwrap()
}

/// Answers of customers and about touchpoints of which some are not in the log; some name none.
fn feedback(rows: &[Row]) -> Feedback {
    let names: Vec<_> = rows.iter().map(|(c, t, ..)| (format!("c{}", c + 1), format!("t{}", t + 1))).collect();
    let answers = rows.iter().zip(&names).map(|((_, touchpoint, minute, score), (customer, about))| {
        let answer = Answer::new(customer, at(*minute));
        let answer = if touchpoint % 2 == 0 { answer.about(about) } else { answer };
        score.map_or(answer, |score| answer.with_score(f64::from(score), ScoreScale::Nps))
    });
    Feedback::new(answers).unwrap()
}

proptest! {
    #[test]
    fn every_answer_is_matched_or_counted_with_its_reason(
        rows in rows(), told in rows(), window in prop::option::of(1..100u32),
    ) {
        let (log, feedback) = (log(&rows), feedback(&told));
        let window = window.map(|minutes| format!("{minutes}m").parse().unwrap());
        let report = match_feedback(&log, &feedback, &MatchFeedbackOptions { window, ..Default::default() }).unwrap();
        let unmatched: u64 = report.unmatched.iter().map(|row| row.answers).sum();
        prop_assert_eq!(report.matched.n + unmatched, told.len() as u64);
        prop_assert_eq!(report.by_touchpoint + report.by_time, report.matched.n);
        let options = SatisfactionOptions { window, ..Default::default() };
        let said = satisfaction(&log, &feedback, &options).unwrap();
        let grouped: u64 = said.rows.iter().map(|row| row.scores.answers).sum();
        prop_assert_eq!(grouped + said.unmatched_answers, said.overall.answers);
        prop_assert_eq!(said.overall.answers + said.unscored_answers, told.len() as u64);
    }

    #[test]
    fn the_order_of_answers_does_not_show(rows in rows(), told in rows()) {
        let (log, there) = (log(&rows), feedback(&told));
        let back = feedback(&told.into_iter().rev().collect::<Vec<_>>());
        let options = SatisfactionOptions::default();
        prop_assert_eq!(satisfaction(&log, &there, &options).unwrap(), satisfaction(&log, &back, &options).unwrap());
        let remembered = |feedback| {
            let log = log.with_feedback(feedback, &WithFeedbackOptions::default()).unwrap();
            peak_end_score(&log, &PeakEndOptions::default()).unwrap()
        };
        prop_assert_eq!(remembered(&there), remembered(&back));
    }

    #[test]
    fn a_remembered_score_lies_between_the_lowest_and_the_highest(rows in rows()) {
        let log = log(&rows);
        let report = peak_end_score(&log, &PeakEndOptions { limit: None, ..Default::default() }).unwrap();
        prop_assert_eq!(report.worst.len() as u64, report.scored_journeys.n);
        for journey in &report.worst {
            prop_assert!(journey.lowest <= journey.peak_end.min(journey.mean));
            prop_assert!(journey.peak.abs() >= journey.end.abs() - 1e-9 && journey.peak.abs() >= journey.lowest.abs() - 1e-9);
        }
    }
}
