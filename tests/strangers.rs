//! What is done with bytes of strangers, one function for each thing that reads them: the programs in `fuzz/` try it with
//! ever new bytes, `tests/fuzz_corpus.rs` with the files in `fuzz/corpus`.
//!
//! Whatever the bytes are, the answer is an error with words that can be shown, or something that keeps the limits, holds
//! together, and is the same once it is written and read again.

use std::io::Cursor;

use journey_core::{
    Error, Event, EventLog, EventOrder, JourneyMap, JourneyMatch, Limits, LintOptions, ReadOptions, Result,
    ScoresOptions, State, StepMatrixOptions, SummaryOptions, TransitionsOptions, WriteOptions, lint, read_arrow_ipc,
    read_csv, read_ndjson, read_parquet, read_xes, summary, transitions, write_csv,
};

/// What takes bytes of strangers.
pub type Reader = fn(&[u8]);

/// All that take bytes of strangers, each with its name, which is that of the program in `fuzz/` and of the folder in `fuzz/corpus`.
pub const READERS: [(&str, Reader); 10] = [
    ("arrow", arrow),
    ("csv", csv),
    ("map_json", map_json),
    ("map_yaml", map_yaml),
    ("mermaid", mermaid),
    ("ndjson", ndjson),
    ("parquet", parquet),
    ("path_pattern", path_pattern),
    ("state", state),
    ("xes", xes),
];

/// Limits that small files reach.
const LIMITS: Limits = Limits {
    field_bytes: 1 << 10,
    row_bytes: 1 << 14,
    columns: 64,
    touchpoints: 64,
    json_depth: 16,
    xml_depth: 16,
    xml_attributes: 32,
    unpack_ratio: 50,
    unpacked_bytes: Some(1 << 20),
};

/// A place that most maps have.
const PLACE: &str = "touchpoints[0].stage";

/// A file or a stream of Arrow.
pub fn arrow(bytes: &[u8]) {
    each(&tables(), |options| read_arrow_ipc(bytes, options));
}

/// CSV, plain or compressed.
pub fn csv(bytes: &[u8]) {
    each(&tables(), |options| read_csv(bytes, options));
}

/// NDJSON, plain or compressed.
pub fn ndjson(bytes: &[u8]) {
    each(&tables(), |options| read_ndjson(bytes, options));
}

/// A file of Parquet.
pub fn parquet(bytes: &[u8]) {
    each(&tables(), |options| read_parquet(Cursor::new(bytes), options));
}

/// XES, plain or compressed.
pub fn xes(bytes: &[u8]) {
    let plain = ReadOptions { limits: LIMITS, ..ReadOptions::default() };
    let skipped = ["schedule", "suspend", "resume"].map(String::from).to_vec();
    let all = [
        ReadOptions { lifecycle_skipped: skipped, attributes: vec!["org:resource".into()], ..plain.clone() },
        ReadOptions { classifier: Some("Activity".into()), attributes: vec!["case:plan".into()], ..plain.clone() },
        ReadOptions { order: EventOrder::AsGiven, ..plain.clone() },
        plain,
    ];
    each(&all, |options| read_xes(bytes, options));
}

/// A map as JSON.
pub fn map_json(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    map(JourneyMap::from_json(&text));
    let _ = JourneyMap::line_of(&text, PLACE);
}

/// A map as YAML.
pub fn map_yaml(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    map(JourneyMap::from_yaml(&text));
    let _ = JourneyMap::line_of(&text, PLACE);
}

/// A map as Mermaid writes it.
pub fn mermaid(bytes: &[u8]) {
    map(JourneyMap::from_mermaid(&String::from_utf8_lossy(bytes)));
}

/// A path pattern.
///
/// # Panics
/// If a pattern and its opposite do not find each journey once.
pub fn path_pattern(bytes: &[u8]) {
    let log = pattern_log();
    let path = Some(String::from_utf8_lossy(bytes).into_owned());
    let with = log.select_journeys(&JourneyMatch { with_path: path.clone(), ..JourneyMatch::default() });
    let without = log.select_journeys(&JourneyMatch { without_path: path, ..JourneyMatch::default() });
    assert_eq!(with.is_ok(), without.is_ok(), "a pattern is right or wrong, whether journeys follow it or not");
    with.as_ref().err().into_iter().for_each(can_be_shown);
    if let (Ok(with), Ok(without)) = (with, without) {
        assert_eq!(with.journey_count() + without.journey_count(), log.journey_count());
    }
}

/// The bytes of a [`State`], as they are and with the checksum made right.
///
/// # Panics
/// If a state that was read is another one once it is written and read again.
pub fn state(bytes: &[u8]) {
    one_state(bytes);
    let mut repaired = bytes.to_vec();
    if let Some((head, content)) = repaired.split_at_mut_checked(14)
        && let Some(sum) = head.last_chunk_mut::<4>()
    {
        *sum = crc32fast::hash(content).to_le_bytes();
        one_state(&repaired);
    }
}

fn one_state(bytes: &[u8]) {
    let mut state = match State::from_bytes(bytes) {
        Ok(state) => state,
        Err(error) => return can_be_shown(&error),
    };
    let again = State::from_bytes(&state.to_bytes());
    assert!(again.is_ok_and(|again| again == state), "a state is not the same once it is written and read again");
    // What a state was not asked to keep is an error, and so are counts that no journeys have.
    let outcomes = [
        state.summary(&SummaryOptions::default()).err(),
        state.transitions(&TransitionsOptions::default()).err(),
        state.bottlenecks(&journey_core::BottleneckOptions::default()).err(),
        state.drop_offs(&journey_core::DropOffOptions::default()).err(),
        state.step_matrix(&StepMatrixOptions { steps: 4, ..StepMatrixOptions::default() }).err(),
        state.scores(&ScoresOptions::default()).err(),
        state.funnel().err(),
        state.merge(&state.clone()).err(),
    ];
    outcomes.iter().flatten().for_each(can_be_shown);
}

/// The ways in which tables are read: by the standard names, with all columns, as two rows an event, and without times.
fn tables() -> [ReadOptions; 4] {
    let plain = ReadOptions { limits: LIMITS, ..ReadOptions::default() };
    let column = |name: &str| Some(name.to_owned());
    let all = ReadOptions {
        start: column("start"),
        channel: column("channel"),
        score: column("score"),
        value: column("value"),
        attributes: vec!["plan".into()],
        ..plain.clone()
    };
    let stages = ReadOptions {
        lifecycle: column("stage"),
        lifecycle_skipped: vec!["schedule".into()],
        instance: column("visit"),
        time_zone: column("+02:00"),
        ..plain.clone()
    };
    let paths = ReadOptions {
        journey: column("customer.id"),
        touchpoint: column("page.name"),
        order: EventOrder::AsGiven,
        ..plain.clone()
    };
    [plain, all, stages, paths]
}

/// Reads with each of the options, and looks at what comes of it.
fn each(all: &[ReadOptions], read: impl Fn(&ReadOptions) -> Result<EventLog>) {
    for options in all {
        match read(options) {
            Ok(log) => log_holds_together(&log),
            Err(error) => can_be_shown(&error),
        }
    }
}

/// Words are short, and no character of a stranger moves the cursor of a terminal.
fn can_be_shown(error: &Error) {
    const LONGEST: usize = 1 << 14;
    let words = error.to_string();
    assert!(!words.is_empty() && words.len() < LONGEST, "an error of {} bytes", words.len());
    assert!(!words.contains(char::is_control), "an error with control characters: {words:?}");
}

fn log_holds_together(log: &EventLog) {
    assert!(log.touchpoints().len() as u64 <= LIMITS.touchpoints, "more touchpoints than the limit");
    let names = log.touchpoints().iter().chain(log.channels().iter()).chain(log.journeys().map(|journey| journey.id()));
    for name in names {
        // A classifier joins several fields to one.
        assert!(name.len() as u64 <= LIMITS.row_bytes, "a name of {} bytes", name.len());
    }
    let counted = summary(log, &SummaryOptions::default()).map(|report| report.events);
    assert_eq!(counted.ok(), Some(log.len() as u64), "the summary counts every event");
    let ways = transitions(log, &TransitionsOptions { limit: None, ..TransitionsOptions::default() });
    let ways: Option<u64> = ways.ok().map(|report| report.rows.iter().map(|row| row.count).sum());
    assert_eq!(ways, Some((log.len() + log.journey_count()) as u64), "each event follows one, and each journey ends");

    let mut file = Vec::new();
    // An attribute may be called as a column is, and then there is no such file.
    if write_csv(log, &mut file, &WriteOptions { raw: true, ..WriteOptions::default() }).is_err() {
        return;
    }
    let any = |has: fn(&Event<'_>) -> bool, name: &str| {
        log.journeys().any(|journey| journey.events().any(|event| has(&event))).then(|| name.to_owned())
    };
    let options = ReadOptions {
        order: if log.has_times() { EventOrder::ByTime } else { EventOrder::AsGiven },
        start: any(|event| event.start.is_some(), "start"),
        channel: any(|event| event.channel.is_some(), "channel"),
        score: any(|event| event.score.is_some(), "score"),
        value: any(|event| event.value.is_some(), "value"),
        attributes: log.attributes().map(str::to_owned).collect(),
        ..ReadOptions::default()
    };
    let again = read_csv(&file[..], &options);
    assert!(again.is_ok_and(|again| rows(&again) == rows(log)), "the log is another once it is written and read again");
}

/// All that a log has.
fn rows(log: &EventLog) -> Vec<String> {
    let mut rows = Vec::new();
    for journey in log.journeys() {
        let mut attributes: Vec<_> = log.attributes().filter_map(|name| journey.attribute(name)).collect();
        for event in journey.events() {
            let values: Vec<_> = attributes.iter_mut().map(|values| values.next().flatten()).collect();
            rows.push(format!("{event:?} {values:?}"));
        }
    }
    rows
}

/// A map that was read is the same once it is written and read again, and all that is made of it can be made.
fn map(read: Result<JourneyMap>) {
    let map = match read {
        Ok(map) => map,
        Err(error) => return can_be_shown(&error),
    };
    let again = JourneyMap::from_json(&map.to_json());
    assert!(again.is_ok_and(|again| again.to_data() == map.to_data()), "JSON makes another map");
    let again = JourneyMap::from_yaml(&map.to_yaml());
    assert!(again.is_ok_and(|again| again.to_data() == map.to_data()), "YAML makes another map");
    assert!(lint(&map, None, &LintOptions::default()).is_ok(), "any map can be looked through");
    assert!(JourneyMap::from_mermaid(&map.to_mermaid().text).is_ok(), "Mermaid is no map any more");
    assert!(!map.to_dot().is_empty(), "every map has a graph");
}

/// Some journeys over few names, so that patterns meet them.
#[expect(clippy::expect_used, reason = "this is a test")]
fn pattern_log() -> EventLog {
    let mut builder = EventLog::builder().attribute("plan");
    for (journey, path) in ["abc", "aab", "cccc", "bca", "abababab", "c"].into_iter().enumerate() {
        for (step, letter) in path.chars().enumerate() {
            let (journey, touchpoint) = (journey.to_string(), letter.to_string());
            let channel = if step % 2 == 0 { "web" } else { "app" };
            let event = Event::untimed(&journey, &touchpoint).on_channel(channel);
            builder = builder.event_with(event, [(step % 3 == 0).then_some("pro")]);
        }
    }
    builder.build().expect("its events are right")
}
