//! Laws of events that take time: of starts, calendars, profiles and attempts.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;

use journey_core::{
    AttemptsOptions, BottleneckOptions, BusinessHours, Duration, EventLog, OpeningHours, ReadOptions,
    TemporalProfileOptions, Weekday, attempts, bottlenecks, read_csv, temporal_profile,
};
use proptest::prelude::*;

/// Journey, touchpoint, minute of its start, minutes that it takes.
type Row = (u8, u8, u32, u32);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..6u8, 0..4u8, 0..20_000u32, 0..600u32), 0..60)
}

fn moment(minute: u32) -> String {
    format!("2024-03-{:02} {:02}:{:02}", 1 + minute / 1440, minute / 60 % 24, minute % 60)
}

/// With a column for the starts.
fn log(rows: &[Row]) -> EventLog {
    let mut text = "journey,touchpoint,start,time\n".to_owned();
    for (journey, touchpoint, start, takes) in rows {
        writeln!(text, "j{journey},t{touchpoint},{},{}", moment(*start), moment(start + takes)).unwrap();
    }
    read_csv(text.as_bytes(), &ReadOptions { start: Some("start".into()), ..Default::default() }).unwrap()
}

/// With a row for each end, in any order.
fn staged(rows: &[Row], order: &[u32]) -> EventLog {
    let ends = rows.iter().enumerate().flat_map(|(id, (journey, touchpoint, start, takes))| {
        [("start", *start), ("complete", start + takes)]
            .map(|(end, minute)| format!("j{journey},t{touchpoint},{},{end},{id}", moment(minute)))
    });
    let mut ends: Vec<(u32, String)> = order.iter().copied().zip(ends).collect();
    ends.sort();
    let mut text = "journey,touchpoint,time,stage,id\n".to_owned();
    for (_, line) in &ends {
        writeln!(text, "{line}").unwrap();
    }
    let options = ReadOptions { lifecycle: Some("stage".into()), instance: Some("id".into()), ..Default::default() };
    read_csv(text.as_bytes(), &options).unwrap()
}

fn whole_week() -> BusinessHours {
    use Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let weekdays = vec![Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday];
    let hours = OpeningHours { weekdays, opens: "00:00".into(), closes: "24:00".into() };
    BusinessHours { hours: vec![hours], time_zone: Some("-05:00".into()), ..Default::default() }
}

proptest! {
    #[test]
    fn two_rows_of_an_event_say_what_two_columns_say(rows in rows(), order in prop::collection::vec(any::<u32>(), 120)) {
        // Events that are complete at one time would stand in the order of their rows.
        let mut rows = rows;
        rows.sort_by_key(|row| row.2 + row.3);
        rows.dedup_by_key(|row| row.2 + row.3);
        let report = |log: &EventLog| bottlenecks(log, &BottleneckOptions::default()).unwrap();
        prop_assert_eq!(report(&log(&rows)), report(&staged(&rows, &order)));
    }

    #[test]
    fn a_company_that_never_closes_needs_no_calendar(rows in rows()) {
        let log = log(&rows);
        let report = |calendar| bottlenecks(&log, &BottleneckOptions { calendar, ..Default::default() }).unwrap();
        prop_assert_eq!(report(None), report(Some(whole_week())));
    }

    #[test]
    fn business_time_is_part_of_all_time(rows in rows()) {
        let log = log(&rows);
        let total = |calendar| bottlenecks(&log, &BottleneckOptions { calendar, ..Default::default() }).unwrap().total_seconds.unwrap();
        let closed: Vec<String> = (1..=31).map(|day| format!("2024-03-{day:02}")).collect();
        let (office, never) = (BusinessHours::default(), BusinessHours { holidays: closed, ..Default::default() });
        prop_assert!(total(Some(office.clone())) <= total(None));
        prop_assert!(total(Some(never)) <= 0.0);
        // A longer break never makes more business time.
        let holiday = BusinessHours { holidays: vec!["2024-03-05".into()], ..office.clone() };
        prop_assert!(total(Some(holiday)) <= total(Some(office)));
    }

    #[test]
    fn throughput_is_processing_and_idle_time(rows in rows()) {
        let report = bottlenecks(&log(&rows), &BottleneckOptions::default()).unwrap();
        if let Some(times) = report.journey_times {
            let sum = times.processing.total_seconds + times.idle.total_seconds;
            prop_assert!((times.throughput.total_seconds - sum).abs() < 1e-6);
            prop_assert!(times.idle.total_seconds <= report.total_waiting_seconds.unwrap() + 1e-6,
                "nobody is idle who does not wait");
        }
        for row in &report.transitions {
            let (waiting, sojourn) = (row.waiting.as_ref().unwrap(), row.sojourn.as_ref().unwrap());
            let service = row.service.as_ref().map_or(0.0, |service| service.total_seconds);
            prop_assert!((sojourn.total_seconds - waiting.total_seconds - service).abs() < 1e-6);
            prop_assert!(waiting.total_seconds <= row.time.total_seconds + 1e-6);
        }
    }

    #[test]
    fn every_pair_of_events_is_measured_or_counted(rows in rows(), max_distance in prop::option::of(1..20u64)) {
        let log = log(&rows);
        let options = TemporalProfileOptions { max_distance, limit: None, ..Default::default() };
        let profile = temporal_profile(&log, &options).unwrap();
        let pairs: usize = log.journeys().map(|journey| journey.len() * (journey.len() - 1) / 2).sum();
        prop_assert_eq!(profile.measured + profile.overlapping + profile.too_far_apart, pairs as u64);
        prop_assert_eq!(profile.deviations, profile.pairs.iter().map(|pair| pair.deviations.n).sum::<u64>());
        prop_assert_eq!(profile.deviating.n, profile.deviating_journeys.len() as u64);
        let again = serde_json::from_str(&serde_json::to_string(&profile).unwrap()).unwrap();
        prop_assert_eq!(profile, again, "no number that JSON has not");
    }

    #[test]
    fn fewer_deviate_from_a_wider_profile(rows in rows(), zeta in 0.1..3.0f64) {
        let log = log(&rows);
        let of = |zeta| temporal_profile(&log, &TemporalProfileOptions { zeta, ..Default::default() }).unwrap().deviations;
        prop_assert!(of(zeta + 0.5) <= of(zeta));
    }

    #[test]
    fn who_makes_an_attempt_succeeds_goes_on_gives_up_or_is_open(rows in rows(), hours in 0..400u32) {
        let log = log(&rows);
        let inactive_after = Some(Duration::from_seconds(f64::from(hours) * 3600.0).unwrap());
        let success = if log.is_empty() { "t0" } else { log.touchpoints().name(0) };
        let options = AttemptsOptions { inactive_after, limit: None, ..Default::default() };
        let report = attempts(&log, &[success], &options).unwrap();
        let mut journeys = report.attempted;
        for row in &report.rows {
            prop_assert_eq!(row.journeys, journeys);
            prop_assert_eq!(row.journeys, row.success.n + row.went_on + row.gave_up + row.open);
            journeys = row.went_on;
        }
        prop_assert_eq!(journeys, 0);
        prop_assert_eq!(report.attempted, report.succeeded.n + report.gave_up + report.open_journeys);
        if let Some(last) = report.rows.last() {
            prop_assert_eq!(&last.cumulative, &report.succeeded);
        }
        let again = serde_json::from_str(&serde_json::to_string(&report).unwrap()).unwrap();
        prop_assert_eq!(report, again, "no number that JSON has not");
    }

    #[test]
    fn rows_of_stages_in_any_order_are_never_lost(
        ends in prop::collection::vec((0..3u8, 0..2u8, 0..500u32, any::<bool>()), 0..60)
    ) {
        let mut text = "journey,touchpoint,time,stage\n".to_owned();
        for (journey, touchpoint, minute, start) in &ends {
            let stage = if *start { "start" } else { "complete" };
            writeln!(text, "j{journey},t{touchpoint},{},{stage}", moment(*minute)).unwrap();
        }
        let options = ReadOptions { lifecycle: Some("stage".into()), ..Default::default() };
        let log = read_csv(text.as_bytes(), &options).unwrap();
        let joined: usize = log.journeys().map(|journey| journey.starts().flatten().count()).sum();
        prop_assert_eq!(log.len() + joined, ends.len(), "an event that was joined is two rows, any other is one");
    }
}
