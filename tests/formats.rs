//! One log, all formats: real logs, read from each format that can hold them, plain and packed, on one core and on two, in
//! any order of journeys, give the same reports byte for byte, and the figures that others worked out.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]
#![expect(clippy::default_trait_access, reason = "of each question the options are meant that it has")]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use journey_core::{
    AttemptsOptions, BottleneckOptions, CompareOptions, DropOffOptions, Event, EventLog, EventOrder, FunnelOptions,
    FunnelStep, OutcomeDriverOptions, PathsOptions, ReadOptions, RemovalEffectOptions, SegmentOptions, SummaryOptions,
    Timestamp, TransitionsOptions, VariantsOptions, WriteOptions, attempts, bottlenecks, channel_switching,
    compare_groups, discover, drop_offs, funnel, outcome_drivers, peak_end_score, read_any, read_csv, read_paths_path,
    removal_effects, rework, segments, step_flow, step_matrix, summary, transitions, variants, write_arrow_ipc,
    write_csv, write_ndjson, write_parquet, write_xes,
};
use journey_tests::folder;
use rayon::ThreadPoolBuilder;
use serde::Serialize;
use serde_json::Value;

/// A log of the tests, with what is asked of it.
struct Case {
    file: &'static str,
    columns: ReadOptions,
    /// A funnel, of which the last step is the conversion.
    steps: [&'static str; 3],
    /// An attribute with two of its values.
    groups: [&'static str; 3],
}

fn named(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn shop() -> Case {
    let attributes = ["platform", "user_cohort"].map(String::from).to_vec();
    Case {
        file: "ecom/ecom.csv.gz",
        columns: ReadOptions {
            journey: named("session_id"),
            touchpoint: named("event"),
            time: named("timestamp"),
            channel: named("acquisition_channel"),
            attributes,
            ..Default::default()
        },
        steps: ["catalog", "add_to_cart", "purchase"],
        groups: ["platform", "mobile", "desktop"],
    }
}

fn patients() -> Case {
    Case {
        file: "patients/patients.csv",
        columns: ReadOptions {
            journey: named("patient"),
            touchpoint: named("handling"),
            lifecycle: named("registration_type"),
            instance: named("handling_id"),
            attributes: vec!["employee".into()],
            ..Default::default()
        },
        steps: ["Registration", "X-Ray", "Check-out"],
        groups: ["employee", "r1", "r2"],
    }
}

fn weblog() -> Case {
    Case {
        file: "weblog/weblog.csv",
        columns: ReadOptions {
            journey: named("visitor"),
            touchpoint: named("path"),
            value: named("bytes"),
            attributes: vec!["method".into(), "status".into()],
            ..Default::default()
        },
        steps: ["/", "/projects/xdotool/", "/projects/xdotool/xdotool.xhtml"],
        groups: ["status", "200", "304"],
    }
}

/// The rows of a log as they lie in its file.
fn lines(case: &Case) -> (String, Vec<String>) {
    let mut bytes = Vec::new();
    let file = fs::read(folder().join("data").join(case.file)).unwrap();
    match file.as_slice() {
        [0x1f, 0x8b, ..] => drop(MultiGzDecoder::new(&file[..]).read_to_end(&mut bytes).unwrap()),
        plain => bytes.extend(plain),
    }
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = text.lines().map(str::to_owned);
    (lines.next().unwrap(), lines.collect())
}

/// A log as a file of each format, plain and packed; the names are those of the standard.
fn files(log: &EventLog) -> Vec<(&'static str, Vec<u8>)> {
    let raw = WriteOptions { raw: true, ..Default::default() };
    let mut plain: Vec<(&str, Vec<u8>)> =
        ["csv", "ndjson", "xes", "arrow", "parquet"].map(|name| (name, Vec::new())).into();
    write_csv(log, &mut plain[0].1, &raw).unwrap();
    write_ndjson(log, &mut plain[1].1, &raw).unwrap();
    write_xes(log, &mut plain[2].1, &raw).unwrap();
    write_arrow_ipc(log, &mut plain[3].1).unwrap();
    write_parquet(log, &mut plain[4].1).unwrap();
    let mut packed = Vec::new();
    for (name, (_, file)) in ["csv.gz", "ndjson.gz", "xes.gz"].into_iter().zip(&plain) {
        let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
        gz.write_all(file).unwrap();
        packed.push((name, gz.finish().unwrap()));
    }
    for (name, (_, file)) in ["csv.zst", "ndjson.zst", "xes.zst"].into_iter().zip(&plain) {
        packed.push((name, zstd::encode_all(&file[..], 1).unwrap()));
    }
    plain.into_iter().chain(packed).collect()
}

/// The options that read such a file: all columns that the log has.
fn standard(log: &EventLog, format: &str) -> ReadOptions {
    let any = |has: fn(&Event<'_>) -> bool, name: &str| {
        log.journeys().any(|journey| journey.events().any(|event| has(&event))).then(|| name.to_owned())
    };
    ReadOptions {
        order: if log.has_times() { EventOrder::ByTime } else { EventOrder::AsGiven },
        // In XES a start has a row of its own.
        start: any(|event| event.start.is_some(), "start").filter(|_| !format.starts_with("xes")),
        channel: any(|event| event.channel.is_some(), "channel"),
        value: any(|event| event.value.is_some(), "value"),
        attributes: log.attributes().map(str::to_owned).collect(),
        ..Default::default()
    }
}

fn text<E: std::fmt::Debug>(name: &'static str, report: Result<impl Serialize, E>) -> (&'static str, String) {
    (name, serde_json::to_string(&report.unwrap()).unwrap())
}

/// What many questions say about a log, as they are written.
fn reports(log: &EventLog, case: &Case) -> Vec<(&'static str, String)> {
    let steps: Vec<FunnelStep> = case.steps.iter().copied().map(FunnelStep::from).collect();
    let goal = case.steps[2];
    let conversion = vec![goal.to_owned()];
    let [attribute, a, b] = case.groups;
    let compared = CompareOptions { conversion: conversion.clone(), ..Default::default() };
    let mut all = vec![
        text("summary", summary(log, &SummaryOptions::default())),
        text("transitions", transitions(log, &TransitionsOptions { limit: None, ..Default::default() })),
        text("variants", variants(log, &VariantsOptions { limit: None, ..Default::default() })),
        text("rework", rework(log, &Default::default())),
        text("step_matrix", step_matrix(log, &Default::default())),
        text("step_flow", step_flow(log, &Default::default())),
        text(
            "bottlenecks",
            bottlenecks(log, &BottleneckOptions { steps: case.steps.map(String::from).to_vec(), ..Default::default() }),
        ),
        text("funnel", funnel(log, &steps, &FunnelOptions::default())),
        text("drop_offs", drop_offs(log, &DropOffOptions { conversion: conversion.clone(), ..Default::default() })),
        text("attempts", attempts(log, &[goal], &AttemptsOptions::default())),
        text("compare_groups", compare_groups(log, attribute, a, b, &compared)),
        text("segments", segments(log, attribute, &SegmentOptions { conversion, ..Default::default() })),
        text("outcome_drivers", outcome_drivers(log, &[goal], &OutcomeDriverOptions::default())),
        text("peak_end_score", peak_end_score(log, &Default::default())),
        text("discover", discover(log, &Default::default()).map(|map| map.to_data())),
    ];
    if !log.channels().is_empty() {
        all.push(text("channel_switching", channel_switching(log, &Default::default())));
        let removed = RemovalEffectOptions { resamples: 20, ..Default::default() };
        all.push(text("removal_effects", removal_effects(log, &[goal], &removed)));
    }
    all
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Fails at the first report that is another.
fn same(got: &[(&str, String)], expected: &[(&str, String)], what: &str) {
    for ((name, got), (_, expected)) in got.iter().zip(expected) {
        assert!(got == expected, "{what}: {name} is another");
    }
    assert_eq!(got.len(), expected.len(), "{what}");
}

fn every_format_gives_the_same_reports(case: &Case) {
    let (header, rows) = lines(case);
    let read = |rows: &[String]| {
        let text = [&[header.clone()], rows].concat().join("\n");
        read_csv(text.as_bytes(), &case.columns).unwrap()
    };
    let log = on_threads(1, || read(&rows));
    let expected = on_threads(1, || reports(&log, case));

    // Rows of one journey stay in their order, since events may share a time; the journeys are mixed.
    let id = header.split(',').position(|name| Some(name) == case.columns.journey.as_deref()).unwrap();
    let mut mixed: Vec<(u32, String)> = Vec::new();
    let mut so_far: BTreeMap<&str, u32> = BTreeMap::new();
    for row in &rows {
        let place = so_far.entry(row.split(',').nth(id).unwrap()).or_default();
        *place += 1;
        mixed.push((*place, row.clone()));
    }
    mixed.sort_by_key(|(place, _)| *place);
    let mixed: Vec<String> = mixed.into_iter().map(|(_, row)| row).collect();
    assert!(mixed != rows, "no row has moved");

    for threads in [1, 2] {
        let read = || on_threads(threads, || reports(&read(&mixed), case));
        same(&read(), &expected, &format!("{} mixed, on {threads}", case.file));
        // What is packed is one more way to the same bytes, and tried once.
        for (format, file) in files(&log).into_iter().filter(|(format, _)| threads > 1 || !format.contains('.')) {
            let again = || reports(&read_any(&file[..], &standard(&log, format)).unwrap(), case);
            same(&on_threads(threads, again), &expected, &format!("{} as {format}, on {threads}", case.file));
        }
    }
}

#[test]
fn the_shop_is_the_same_in_every_format() {
    every_format_gives_the_same_reports(&shop());
}

#[test]
fn the_patients_are_the_same_in_every_format() {
    every_format_gives_the_same_reports(&patients());
}

#[test]
fn the_weblog_is_the_same_in_every_format() {
    every_format_gives_the_same_reports(&weblog());
}

#[test]
fn a_log_of_many_blocks_is_the_same_on_one_core_and_on_two() {
    let case = shop();
    let (header, rows) = lines(&case);
    // Other sessions that do the same, until there is work for several cores.
    let copies = (0..4).flat_map(|copy| rows.iter().map(move |row| row.replacen("sess_", &format!("s{copy}_"), 1)));
    let file = std::iter::once(header).chain(copies).collect::<Vec<_>>().join("\n");
    let log = on_threads(1, || read_csv(file.as_bytes(), &case.columns).unwrap());
    let few = |log: &EventLog| {
        vec![
            text("summary", summary(log, &SummaryOptions::default())),
            text("transitions", transitions(log, &TransitionsOptions::default())),
            text("variants", variants(log, &VariantsOptions { limit: None, ..Default::default() })),
            text("bottlenecks", bottlenecks(log, &BottleneckOptions::default())),
        ]
    };
    let expected = on_threads(1, || few(&log));
    for (format, file) in files(&log).into_iter().filter(|(format, _)| !format.contains('.')) {
        for threads in [1, 2] {
            let again = || few(&read_any(&file[..], &standard(&log, format)).unwrap());
            same(&on_threads(threads, again), &expected, &format!("{format} on {threads}"));
        }
    }
}

fn expected(log: &str) -> Value {
    let path = folder().join("data").join(log).join("expected.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The counts that others made of the events of a log.
fn counts_are(log: &EventLog, expected: &Value, what: &str) {
    let report = summary(log, &SummaryOptions::default()).unwrap();
    let counts = &expected["counts"];
    let got = [report.journeys, report.events, report.single_event_journeys, report.touchpoints.len() as u64];
    assert_eq!(
        got,
        ["cases", "events", "single_event_cases", "activities"].map(|n| counts[n].as_u64().unwrap()),
        "{what}"
    );
    // Of events that take time the figures of others know the end.
    let times = || log.journeys().filter_map(|journey| journey.times()).flatten();
    let micros = |name: &str| counts[name].as_str().unwrap().parse::<Timestamp>().unwrap().micros();
    assert_eq!((times().min(), times().max()), (Some(&micros("first")), Some(&micros("last"))), "{what}");
    for row in &report.touchpoints {
        if let Some(events) = expected["activity_counts"].get(&row.touchpoint) {
            assert_eq!(events, row.events, "{what}: {}", row.touchpoint);
        }
    }

    let ways = transitions(log, &TransitionsOptions { limit: None, ..Default::default() }).unwrap().rows;
    let of = |source: Option<&str>, target: Option<&str>| {
        ways.iter().find(|way| way.source.as_deref() == source && way.target.as_deref() == target).unwrap().count
    };
    let inner: Vec<u64> =
        ways.iter().filter(|way| way.source.is_some() && way.target.is_some()).map(|way| way.count).collect();
    assert_eq!(expected["dfg"]["edges"], inner.len(), "{what}");
    assert_eq!(expected["dfg"]["total"], inner.iter().sum::<u64>(), "{what}");
    for edge in expected["dfg"]["top10"].as_array().unwrap() {
        assert_eq!(edge[2], of(edge[0].as_str(), edge[1].as_str()), "{what}: {edge}");
    }
    for (touchpoint, journeys) in expected["start_activities"].as_object().unwrap() {
        assert_eq!(*journeys, of(None, Some(touchpoint)), "{what}: starts at {touchpoint}");
    }
    for (touchpoint, journeys) in expected["end_activities"].as_object().unwrap() {
        assert_eq!(*journeys, of(Some(touchpoint), None), "{what}: ends at {touchpoint}");
    }

    let paths = variants(log, &VariantsOptions { limit: None, ..Default::default() }).unwrap();
    assert_eq!(expected["variants"]["variants"], paths.variants, "{what}");
    assert_eq!(expected["variants"]["singletons"], paths.singletons, "{what}");
    for path in expected["variants"]["top3"].as_array().unwrap() {
        let names: Vec<&str> = path["activities"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        let row = paths.rows.iter().find(|row| row.touchpoints == names).unwrap();
        assert_eq!(path["count"], row.coverage.n, "{what}: {names:?}");
    }
}

/// The same figures of times, in seconds: n, mean, median, p90 and the sum.
fn times_are(mut seconds: Vec<f64>, expected: &Value, what: &str) {
    seconds.sort_unstable_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "there are some thousands")]
    let last = (seconds.len() - 1) as f64;
    let quantile = |share: f64| {
        let place = share * last;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in the list")]
        let below = place.floor() as usize;
        let above = (below + 1).min(seconds.len() - 1);
        seconds[below] + (seconds[above] - seconds[below]) * place.fract()
    };
    let sum: f64 = seconds.iter().sum();
    for (name, got) in [("mean", sum / (last + 1.0)), ("median", quantile(0.5)), ("p90", quantile(0.9)), ("sum", sum)] {
        let figure = expected[name].as_f64().unwrap();
        assert!((got - figure).abs() <= figure.abs() * 1e-12, "{what}: {name} is {got}, expected {figure}");
    }
    assert_eq!(expected["n"], seconds.len(), "{what}");
}

fn seconds(micros: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "whole seconds of some years are exact")]
    let micros = micros as f64;
    micros / 1e6
}

#[test]
fn the_weblog_has_the_figures_of_others_whatever_it_is_read_from() {
    let case = weblog();
    let (header, rows) = lines(&case);
    let log = read_csv(([vec![header], rows].concat().join("\n")).as_bytes(), &case.columns).unwrap();
    let expected = expected("weblog");
    for (format, file) in files(&log) {
        let log = read_any(&file[..], &standard(&log, format)).unwrap();
        counts_are(&log, &expected, format);
        let times = log.journeys().filter_map(|journey| Some(journey.times()?.last()? - journey.times()?.first()?));
        times_are(times.map(seconds).collect(), &expected["case_duration_s"], format);
        for way in expected["transition_duration_s_top5"].as_array().unwrap() {
            let code = |end: &str| log.touchpoints().code(way[end].as_str().unwrap()).unwrap();
            let (source, target) = (code("source"), code("target"));
            let taken = log.journeys().flat_map(|journey| {
                let steps = journey.touchpoints().windows(2).zip(journey.times().unwrap().windows(2));
                steps.filter(|(ends, _)| **ends == [source, target]).map(|(_, at)| at[1] - at[0]).collect::<Vec<_>>()
            });
            times_are(taken.map(seconds).collect(), way, format);
        }
    }
}

#[test]
fn the_patients_have_the_figures_of_others_whatever_their_two_rows_are_read_from() {
    let case = patients();
    let (header, rows) = lines(&case);
    let text = [vec![header], rows].concat().join("\n");
    // Each row as an event of its own, so that every format gets two rows for what took time.
    let attributes = ["registration_type", "handling_id"].map(String::from).to_vec();
    let apart = ReadOptions { lifecycle: None, instance: None, attributes, ..case.columns.clone() };
    let apart = read_csv(text.as_bytes(), &apart).unwrap();
    let expected = expected("patients");
    assert_eq!(expected["rows"], apart.len());
    for (format, file) in files(&apart) {
        let paired = ReadOptions {
            lifecycle: named("registration_type"),
            instance: named("handling_id"),
            ..ReadOptions::default()
        };
        let log = read_any(&file[..], &paired).unwrap();
        counts_are(&log, &expected, format);
        for (touchpoint, figures) in expected["service_time_s"].as_object().unwrap() {
            let code = log.touchpoints().code(touchpoint).unwrap();
            let worked = log.journeys().flat_map(|journey| {
                let times = journey.times().unwrap().iter().zip(journey.starts());
                let here = journey.touchpoints().iter().zip(times).filter(|(at, _)| **at == code);
                here.map(|(_, (time, start))| time - start.unwrap()).collect::<Vec<_>>()
            });
            times_are(worked.map(seconds).collect(), figures, format);
        }
    }
}

#[test]
fn paths_one_by_one_have_the_figures_of_others_in_every_format_of_events() {
    let options = PathsOptions { conversions: named("total_conversions"), ..PathsOptions::default() };
    let weighted = read_paths_path(folder().join("data/pathdata/pathdata.csv.gz"), &options).unwrap();
    assert!(write_csv(&weighted, Vec::new(), &WriteOptions::default()).is_err(), "a file of events has no weights");
    let mut builder = EventLog::builder();
    for journey in weighted.journeys() {
        for copy in 0..journey.weight() {
            let id = format!("{} {copy}", journey.id());
            for event in journey.events() {
                let alone = Event::untimed(&id, event.touchpoint);
                builder = builder.event(event.channel.map_or(alone, |channel| alone.on_channel(channel)));
            }
        }
    }
    let log = builder.build().unwrap();
    let expected = expected("pathdata");
    for (format, file) in files(&log).into_iter().filter(|(format, _)| !format.contains('.')) {
        let log = read_any(&file[..], &standard(&log, format)).unwrap();
        assert_eq!(expected["conversions"], log.journey_count(), "{format}");
        for (channel, figures) in expected["heuristics"].as_object().unwrap() {
            let path = |code: u32| log.channels().name(code) == channel;
            let on: Vec<Vec<u32>> = log.journeys().map(|journey| journey.channels().flatten().collect()).collect();
            let first = on.iter().filter(|path_of| path_of.first().is_some_and(|code| path(*code))).count();
            let last = on.iter().filter(|path_of| path_of.last().is_some_and(|code| path(*code))).count();
            assert_eq!((&figures["first"], &figures["last"]), (&first.into(), &last.into()), "{format}: {channel}");
        }
    }
}
