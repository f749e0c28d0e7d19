//! The laws of states and monitors: no cut, no order and no batch shows.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::{
    BottleneckOptions, DropOffOptions, Duration, Event, FunnelOptions, FunnelStep, JourneyMap, ScoresOptions,
    SplitSessionsOptions, Stage, StepMatrixOptions, SummaryOptions, Timestamp, Touchpoint, TransitionsOptions,
    bottlenecks, drop_offs, emotion_curve, funnel, step_matrix, summary, transitions,
};

const TOUCHPOINTS: [&str; 6] = ["ad", "cart", "home", "pay", "search", "ship"];

type Row = (u8, usize, u32, Option<u8>);

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec((0..12u8, 0..TOUCHPOINTS.len(), 0..4_000_000u32, prop::option::of(0..=40u8)), 0..100)
}

/// Times of all sizes, since the quantiles depend on it.
fn at(millis: u32) -> Timestamp {
    Timestamp::from_micros(i64::from(millis) * i64::from(millis)).unwrap()
}

fn event<'a>(journey: &'a str, (_, touchpoint, millis, score): &Row) -> Event<'a> {
    let event = Event::new(journey, TOUCHPOINTS[*touchpoint], at(*millis));
    let event = if millis % 3 == 0 { event.on_channel("web") } else { event };
    score.map_or(event, |score| event.with_score(f64::from(score) / 10.0 - 2.0))
}

fn log<'a>(rows: impl IntoIterator<Item = &'a Row>) -> EventLog {
    let mut builder = EventLog::builder();
    for row in rows {
        builder = builder.event(event(&format!("j{}", row.0), row));
    }
    builder.build().unwrap()
}

fn options() -> StateOptions {
    StateOptions {
        steps: 4,
        conversion: vec!["pay".into()],
        funnel_steps: ["home", "cart", "pay"].map(FunnelStep::from).into(),
        funnel: FunnelOptions { window: "1h".parse().ok(), ..Default::default() },
        ..Default::default()
    }
}

fn state(log: &EventLog) -> State {
    let mut state = State::new(&options()).unwrap();
    state.update(log).unwrap();
    state
}

/// Whether two reports agree: quantiles within the error, means of scores in all but their last digits, all else exactly.
fn agree(kept: &Value, exact: &Value, error: f64, place: &str) {
    match (kept, exact) {
        (Value::Object(kept), Value::Object(exact)) => {
            for (name, kept) in kept.iter().filter(|(name, _)| *name != "quantile_error") {
                agree(kept, &exact[name], error, &format!("{place}.{name}"));
            }
        }
        (Value::Array(kept), Value::Array(exact)) => {
            assert_eq!(kept.len(), exact.len(), "{place}");
            kept.iter().zip(exact).for_each(|(kept, exact)| agree(kept, exact, error, place));
        }
        (Value::Number(a), Value::Number(b)) if place.ends_with("_seconds") && is_quantile(place) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= b * (error + 1e-12), "{place}: {a} for {b}");
        }
        _ => assert_eq!(kept, exact, "{place}"),
    }
}

fn is_quantile(place: &str) -> bool {
    ["median", "p90", "p95"].iter().any(|name| place.contains(name))
}

fn json(report: &impl serde::Serialize) -> Value {
    serde_json::to_value(report).unwrap()
}

proptest! {
    #[test]
    fn however_journeys_are_cut_and_merged_the_reports_are_those_of_the_whole_log(
        rows in rows(),
        parts in prop::collection::vec(0..4usize, 12),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let whole = log(&rows);
        let part = |part: usize| log(rows.iter().filter(|row| parts[usize::from(row.0)] == part));
        let parts: Vec<Vec<u8>> = (0..4).map(|number| state(&part(number)).to_bytes()).collect();
        let mut merged = State::new(&options()).unwrap();
        for number in order {
            merged.merge_bytes(&parts[number]).unwrap();
        }
        prop_assert_eq!(merged.to_bytes(), state(&whole).to_bytes(), "byte by byte");
        prop_assert_eq!(&State::from_bytes(&merged.to_bytes()).unwrap(), &merged);
        let error = merged.quantile_error();
        let same = |kept: &Value, exact: &Value| agree(kept, exact, error, "report");
        same(&json(&merged.summary(&SummaryOptions::default()).unwrap()), &json(&summary(&whole, &SummaryOptions::default()).unwrap()));
        let asked = TransitionsOptions::default();
        same(&json(&merged.transitions(&asked).unwrap()), &json(&transitions(&whole, &asked).unwrap()));
        let asked = DropOffOptions { conversion: vec!["pay".into()], ..Default::default() };
        if whole.touchpoints().code("pay").is_some() || whole.is_empty() {
            same(&json(&merged.drop_offs(&asked).unwrap()), &json(&drop_offs(&whole, &asked).unwrap()));
        }
        let asked = StepMatrixOptions { steps: 3, ..Default::default() };
        same(&json(&merged.step_matrix(&asked).unwrap()), &json(&step_matrix(&whole, &asked).unwrap()));
        if options().funnel_steps.iter().all(|step| whole.touchpoints().code(&step.touchpoints[0]).is_some()) {
            same(&json(&merged.funnel().unwrap()), &json(&funnel(&whole, &options().funnel_steps, &options().funnel).unwrap()));
        }
        // Which trend a bottleneck has, nobody knows without its times.
        let asked = BottleneckOptions::default();
        let mut exact = json(&bottlenecks(&whole, &asked).unwrap());
        exact["transitions"].as_array_mut().unwrap().iter_mut().for_each(|row| row["trend"] = Value::Null);
        same(&json(&merged.bottlenecks(&asked).unwrap()), &exact);
        // The same scores, on a map of all touchpoints.
        let map = TOUCHPOINTS.iter().fold(JourneyMap::builder("m").stage(Stage::new("s", "S")), |map, id| map.touchpoint(Touchpoint::new(*id, *id, "s")));
        let curve = emotion_curve(&map.build().unwrap(), &whole, &Default::default()).unwrap();
        let scores = merged.scores(&ScoresOptions::default()).unwrap();
        prop_assert_eq!(scores.rows.len(), curve.steps.iter().filter(|step| step.n > 0).count());
        for row in &scores.rows {
            let step = curve.steps.iter().find(|step| step.touchpoint == row.touchpoint).unwrap();
            let near = |a: Option<f64>, b: Option<f64>| a.zip(b).map_or(a == b, |(a, b)| (a - b).abs() < 1e-12);
            prop_assert_eq!((row.n, row.n_events), (step.n, step.n_events));
            prop_assert!(near(Some(row.mean), step.measured) && near(row.deviation, step.deviation), "{row:?} {step:?}");
            prop_assert!(near(row.low, step.low) && near(row.high, step.high), "{row:?} {step:?}");
        }
    }

    #[test]
    fn a_stream_in_any_batches_has_the_state_of_the_sessions_of_its_log(
        rows in rows(),
        batches in prop::collection::vec(1..9usize, 100),
        gap in 0..3_000u32,
    ) {
        let mut stream = rows.clone();
        stream.sort_by_key(|row| row.2);
        let ids: Vec<String> = stream.iter().map(|row| format!("j{}", row.0)).collect();
        let events: Vec<Event<'_>> = stream.iter().zip(&ids).map(|(row, id)| event(id, row)).collect();
        let inactive_after = Duration::from_seconds(f64::from(gap)).unwrap();
        let mut monitor = Monitor::new(&MonitorOptions { inactive_after, state: options(), ..Default::default() }).unwrap();
        let mut rest = events.as_slice();
        for size in batches {
            let (batch, more) = rest.split_at(size.min(rest.len()));
            monitor.feed(batch).unwrap();
            rest = more;
            let status = monitor.status();
            prop_assert_eq!(status.open_events + monitor.state().events(), status.events);
            prop_assert_eq!(monitor.state_with_open().unwrap().events(), status.events);
        }
        monitor.feed(rest).unwrap();
        monitor.close_all().unwrap();
        let sessions = log(&stream).split_sessions(inactive_after, &SplitSessionsOptions::default()).unwrap();
        // Without the attribute that says whose session it is, which a stream does not have.
        let mut builder = EventLog::builder();
        for event in sessions.journeys().flat_map(|journey| journey.events()) {
            builder = builder.event(event);
        }
        prop_assert_eq!(monitor.state().to_bytes(), state(&builder.build().unwrap()).to_bytes());
        prop_assert_eq!((monitor.status().open_journeys, monitor.status().late_events), (0, 0));
    }

    #[test]
    fn a_batch_that_is_refused_changes_nothing(rows in rows(), cut in 0..100usize, most in 1..6u64) {
        let mut stream = rows;
        stream.sort_by_key(|row| row.2);
        let ids: Vec<String> = stream.iter().map(|row| format!("j{}", row.0)).collect();
        let events: Vec<Event<'_>> = stream.iter().zip(&ids).map(|(row, id)| event(id, row)).collect();
        let (first, second) = events.split_at(cut.min(events.len()));
        let inactive_after = Duration::from_seconds(600.0).unwrap();
        let limited = |limit| MonitorOptions { inactive_after, max_open_journeys: limit, ..Default::default() };
        let mut monitor = Monitor::new(&limited(most)).unwrap();
        let before = monitor.feed(first).map(|()| (monitor.state().to_bytes(), monitor.state_with_open().unwrap().to_bytes(), monitor.status()));
        if let Ok(before) = before
            && let Err(error) = monitor.feed(second)
        {
                prop_assert_eq!(error.kind(), crate::ErrorKind::LimitExceeded);
                let after = (monitor.state().to_bytes(), monitor.state_with_open().unwrap().to_bytes(), monitor.status());
                prop_assert_eq!(&after, &before);
                // And it goes on as one that never saw the batch.
                let mut other = Monitor::new(&limited(most)).unwrap();
                other.feed(first).unwrap();
                let end = events.last().and_then(|event| event.time).unwrap_or(Timestamp::MIN);
                for monitor in [&mut monitor, &mut other] {
                    monitor.advance_to(end).unwrap();
                }
                prop_assert_eq!(monitor.state().to_bytes(), other.state().to_bytes());
                prop_assert_eq!(monitor.status(), other.status());
        }
    }

    #[test]
    fn whatever_bytes_are_read_nothing_panics(rows in rows(), place in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let bytes = state(&log(&rows)).to_bytes();
        let cut = cut.index(bytes.len());
        prop_assert!(State::from_bytes(&bytes[..cut]).is_err(), "cut off");
        let mut changed = bytes.clone();
        let place = place.index(bytes.len());
        changed[place] = changed[place].wrapping_add(byte.max(1));
        prop_assert!(State::from_bytes(&changed).is_err(), "the checksum tells");
        // Somebody who knows how to make a checksum.
        let sum = crc32fast::hash(&changed[14..]).to_le_bytes();
        changed[10..14].copy_from_slice(&sum);
        if let Ok(mut state) = State::from_bytes(&changed) {
            let reports = [
                json(&state.summary(&SummaryOptions::default()).unwrap()),
                json(&state.transitions(&TransitionsOptions::default()).unwrap()),
                json(&state.bottlenecks(&BottleneckOptions::default()).unwrap()),
                json(&state.drop_offs(&DropOffOptions::default()).unwrap()),
                json(&state.scores(&ScoresOptions::default()).unwrap()),
            ];
            prop_assert!(reports.iter().all(Value::is_object));
            let _ = (state.funnel(), state.step_matrix(&StepMatrixOptions { steps: 4, ..Default::default() }));
            let again = state.clone();
            let _ = state.merge(&again);
        }
    }
}

#[test]
fn what_does_not_go_together_is_refused_with_the_reason() {
    let mut plain = State::new(&StateOptions::default()).unwrap();
    let other = State::new(&StateOptions { steps: 3, quantile_error: 0.05, ..Default::default() }).unwrap();
    let error = plain.merge(&other).unwrap_err();
    assert_eq!(error.kind(), crate::ErrorKind::InvalidState);
    assert_eq!(error.to_string(), "the states do not keep the same: they differ in `steps`, `quantile_error`");
    let read = |bytes: &[u8]| State::from_bytes(bytes).unwrap_err().to_string();
    let bytes = plain.to_bytes();
    assert_eq!(read(b"customer,page,time"), "these are not the bytes of a state; expected what `to_bytes` gave");
    let mut newer = bytes.clone();
    newer[8] = 2;
    assert_eq!(read(&newer), "the state is of version 2; this library reads version 1");
    let mut flipped = bytes.clone();
    flipped[20] ^= 1;
    assert_eq!(read(&flipped), "the state is damaged or cut off: its checksum is another");
    assert_eq!(read(&bytes[..9]), "the state does not hold together: its end cannot be right");
}

#[test]
fn lengths_of_strangers_ask_for_no_memory() {
    // The options as an empty text, then a list of names that says it has 2^62 of them.
    let mut content = vec![0];
    content.extend([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40]);
    let mut bytes = b"journey\x1a\x01\x00".to_vec();
    bytes.extend(crc32fast::hash(&content).to_le_bytes());
    bytes.extend(content);
    let error = State::from_bytes(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "the state does not hold together: its form cannot be right");
}

#[test]
fn a_state_grows_with_the_touchpoints_and_not_with_the_customers() {
    let size = |customers: u32| {
        let mut builder = EventLog::builder();
        for row in 0..customers * 4 {
            let id = (row / 4).to_string();
            let touchpoint = TOUCHPOINTS[(row % 4) as usize];
            let time =
                Timestamp::from_micros(i64::from(row) * 977_777 + i64::from(row % 4) * i64::from(row % 1013) * 100_000);
            builder = builder.event(Event::new(&id, touchpoint, time.unwrap()));
        }
        state(&builder.build().unwrap()).to_bytes().len()
    };
    let (few, many) = (size(1_000), size(100_000));
    assert!(many < few * 2, "{few} bytes of a thousand customers, {many} of a hundred times as many");
}

#[test]
fn what_a_state_does_not_keep_is_an_error_that_says_so() {
    let state = state(&log(&[(0, 2, 1, None), (0, 3, 2, None)]));
    let deep = state.step_matrix(&StepMatrixOptions { steps: 5, ..Default::default() }).unwrap_err();
    assert_eq!(deep.to_string(), "`steps`: the state keeps 4 steps, by its option `steps`");
    let path = state.drop_offs(&DropOffOptions { path: vec!["pay".into()], ..Default::default() }).unwrap_err();
    assert_eq!(path.to_string(), "`path`: a state does not keep paths");
    let bare = State::new(&StateOptions::default()).unwrap().funnel().unwrap_err();
    assert_eq!(bare.to_string(), "`funnel_steps`: the state keeps no funnel; name its steps when the state is made");
}

fn second(second: i64) -> Timestamp {
    Timestamp::from_micros(second * 1_000_000).unwrap()
}

fn monitor(inactive_after: f64) -> Monitor {
    let inactive_after = Duration::from_seconds(inactive_after).unwrap();
    Monitor::new(&MonitorOptions { inactive_after, late_samples: 1, ..Default::default() }).unwrap()
}

#[test]
fn late_events_are_counted_and_shown_and_not_taken_in() {
    let mut monitor = monitor(10.0);
    monitor.feed(&[Event::new("ann", "visit", second(100)), Event::new("bob", "visit", second(105))]).unwrap();
    // Earlier than ann's last; then a customer unknown, but from before what is closed (105 - 10); then one just in time.
    monitor.feed(&[Event::new("ann", "pay", second(99)), Event::new("eve", "visit", second(94))]).unwrap();
    monitor.feed(&[Event::new("eve", "visit", second(95))]).unwrap();
    let status = monitor.status();
    assert_eq!((status.events, status.late_events, status.open_journeys), (3, 2, 3));
    let [late] = status.late_samples.as_slice() else { panic!("one sample was asked for") };
    assert_eq!((late.journey.as_str(), late.touchpoint.as_str()), ("ann", "pay"));
    assert_eq!((late.time.as_str(), late.expected.as_str()), ("1970-01-01T00:01:39Z", "1970-01-01T00:01:40Z"));
}

#[test]
fn a_journey_is_closed_once_the_stream_has_gone_on_for_longer_than_the_silence_allowed() {
    let mut monitor = monitor(10.0);
    monitor.feed(&[Event::new("ann", "visit", second(0)), Event::new("bob", "visit", second(10))]).unwrap();
    assert_eq!(monitor.state().journeys(), 0, "10 s are not longer than 10 s");
    monitor.advance_to(second(11)).unwrap();
    assert_eq!((monitor.state().journeys(), monitor.status().open_journeys), (1, 1));
    assert_eq!(monitor.status().watermark.as_deref(), Some("1970-01-01T00:00:11Z"));
    monitor.feed(&[Event::new("ann", "visit", second(12))]).unwrap();
    assert_eq!(monitor.status().open_journeys, 2, "what ann does now is a new journey");
    monitor.close_all().unwrap();
    assert_eq!((monitor.state().journeys(), monitor.status().open_events), (3, 0));
    monitor.feed(&[Event::new("ann", "visit", second(11))]).unwrap();
    assert_eq!(monitor.status().late_events, 1, "her last journey was closed at 12 s");
}

#[test]
fn events_that_cannot_be_are_refused_with_their_place_and_limits_with_their_name() {
    let mut monitor = Monitor::new(&MonitorOptions { max_open_journeys: 1, ..Default::default() }).unwrap();
    let bad = [Event::new("ann", "visit", second(0)), Event::new("ann", "", second(1))];
    assert_eq!(monitor.feed(&bad).unwrap_err().to_string(), "record 2: the touchpoint is empty");
    let two = [Event::new("ann", "visit", second(0)), Event::new("bob", "visit", second(1))];
    let error = monitor.feed(&two).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`max_open_journeys`: too many journeys are open at once; the limit `max_open_journeys` is 1, and may be raised"
    );
    assert_eq!(monitor.status().events, 0);
    let text = StreamEvent {
        journey: "ann".into(),
        touchpoint: "visit".into(),
        time: "today".into(),
        start: None,
        channel: None,
        score: None,
    };
    let error = monitor.feed_data(&[text]).unwrap_err();
    assert!(error.to_string().starts_with("record 1, `time`: `today` is not a time; expected RFC 3339"), "{error}");
    let asking = StateOptions {
        funnel_steps: vec![
            "visit".into(),
            FunnelStep { attributes: [("plan".to_owned(), vec!["pro".to_owned()])].into(), ..Default::default() },
        ],
        ..Default::default()
    };
    let error = Monitor::new(&MonitorOptions { state: asking, ..Default::default() }).unwrap_err();
    assert_eq!(error.to_string(), "`state.funnel_steps`: the events of a stream have no attributes");
}
