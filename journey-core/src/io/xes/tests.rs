use super::*;
use crate::{ErrorKind, EventLog, Limits};

/// A log of one trace: what stands before the trace, its attributes, and its events.
fn xes(head: &str, trace: &str, events: &[&str]) -> String {
    let element = |event: &&str| format!("<event>\n{event}</event>\n");
    let events: String = events.iter().map(element).collect();
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log>\n{head}<trace>\n{trace}{events}</trace>\n</log>\n")
}

fn text(key: &str, value: &str) -> String {
    format!("<string key=\"{key}\" value=\"{value}\"/>\n")
}

fn event(touchpoint: &str, time: &str, more: &str) -> String {
    format!("{}<date key='time:timestamp' value='{time}'/>\n{more}", text("concept:name", touchpoint))
}

const DAY: &str = "2024-01-01T00:00:00.000+01:00";

fn ann() -> String {
    text("concept:name", "ann")
}

fn read(file: &str) -> Result<EventLog> {
    read_xes(file.as_bytes(), &ReadOptions::default())
}

fn message(file: &str) -> String {
    let error = read(file).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidLog, "{error}");
    error.to_string()
}

fn paths(log: &EventLog) -> Vec<(String, Vec<String>)> {
    log.journeys().map(|j| (j.id().to_owned(), j.events().map(|e| e.touchpoint.to_owned()).collect())).collect()
}

#[test]
fn traces_are_journeys_and_what_is_not_asked_for_is_passed_over() {
    let head = "<extension name='Concept' prefix='concept' uri='http://nowhere.invalid/concept.xesext'/>\n\
                <!-- <trace> --><string key='a' value='b'><int key='c' value='1'/></string>\n";
    let nested = "<list key='l'><values><string key='concept:name' value='no'/></values></list>\
                  <string key='x' value='y'><string key='concept:name' value='no'/></string>";
    let events = [event("pay &amp; &#x67;o&#10;", DAY, nested), event("&lt;visit\n>", "2023-12-31T23:00:00Z", "")];
    let file = xes(head, &ann(), &events.each_ref().map(String::as_str));
    let log =
        read(&file.replace("</log>", "<trace/><trace><string key='concept:name' value='bob'/></trace></log>")).unwrap();
    let expected = vec!["pay & go\n".to_owned(), "<visit >".to_owned()];
    assert_eq!(paths(&log), [("ann".to_owned(), expected)], "the same moment, so the order of the file");
    assert_eq!(read("<log/>").unwrap().len(), 0);
    assert_eq!(read("\u{feff}<log xes.version='1.0'></log>\n<!-- end -->\n").unwrap().len(), 0);
}

#[test]
fn attributes_of_traces_and_declared_values_are_read_where_asked_for() {
    let head = "<global scope='event'><string key='concept:name' value='__INVALID__'/>\
                <string key='org:group' value='nobody'/><string key='x' value='__INVALID__'/></global>\n\
                <global scope='trace'><string key='org:group' value='no trace'/></global>\n";
    let events = [
        event("a", DAY, "<string key='org:group' value='desk'/><float key='cost' value='1.5'/>"),
        event("b", DAY, &text("x", "1")),
    ];
    let file = xes(head, &format!("{}<int key='age' value='40'/>", ann()), &events.each_ref().map(String::as_str));
    let options = ReadOptions {
        channel: Some("org:group".into()),
        value: Some("cost".into()),
        attributes: vec!["case:age".into(), "x".into(), "case:org:group".into()],
        ..Default::default()
    };
    let log = read_xes(file.as_bytes(), &options).unwrap();
    let ann = log.journey(0).unwrap();
    let rows: Vec<_> = ann.events().map(|event| (event.channel, event.value)).collect();
    assert_eq!(rows, [(Some("desk"), Some(1.5)), (Some("nobody"), None)]);
    assert_eq!(ann.attribute("case:age").unwrap().collect::<Vec<_>>(), [Some("40"), Some("40")]);
    assert_eq!(ann.attribute("x").unwrap().collect::<Vec<_>>(), [None, Some("1")]);
    assert_eq!(ann.attribute("case:org:group").unwrap().next(), Some(Some("no trace")));
}

#[test]
fn a_classifier_joins_values_by_plus() {
    let head =
        "<classifier name='both' keys='concept:name org:group'/><classifier name='quoted' keys=\"'org:group'\"/>\n";
    let events = [event("a", DAY, &text("org:group", "desk")), event("b", DAY, "")];
    let file = xes(head, &ann(), &events.each_ref().map(String::as_str));
    let read = |classifier: &str| {
        let options = ReadOptions { classifier: Some(classifier.into()), ..Default::default() };
        read_xes(file.as_bytes(), &options)
    };
    assert_eq!(paths(&read("both").unwrap())[0].1, ["a+desk", "b+"]);
    assert_eq!(read("quoted").unwrap_err().to_string(), "line 11, record 2, `concept:name`: the touchpoint is empty",);
    assert_eq!(
        read("bot").unwrap_err().to_string(),
        "`classifier`: the log has no classifier `bot`; its classifiers are `both`, `quoted`; did you mean `both`?"
    );
    let options = ReadOptions { classifier: Some("both".into()), ..Default::default() };
    assert_eq!(crate::read_csv(&b""[..], &options).unwrap_err().kind(), ErrorKind::InvalidOption);
}

#[test]
fn starts_and_completions_are_one_event() {
    let row = |name, minute, stage: &str, instance: &str| {
        let more = text("lifecycle:transition", stage) + &text("concept:instance", instance);
        event(name, &format!("2024-01-01T10:0{minute}:00Z"), &more)
    };
    let events = [
        row("a", 0, "start", "1"),
        row("b", 1, "SCHEDULE", ""),
        row("a", 2, "start", "2"),
        row("a", 3, "COMPLETE", "2"),
        row("a", 9, "complete", "1"),
    ];
    let file = xes("", &ann(), &events.each_ref().map(String::as_str));
    let error = message(&file);
    assert!(error.starts_with("line 11, record 2, `lifecycle:transition`: `SCHEDULE` is neither"), "{error}");
    let options = ReadOptions { lifecycle_skipped: vec!["schedule".into()], ..Default::default() };
    let log = read_xes(file.as_bytes(), &options).unwrap();
    let minutes: Vec<_> = log
        .journey(0)
        .unwrap()
        .events()
        .map(|e| (e.start.unwrap().to_string()[14..16].to_owned(), e.time.unwrap().to_string()[14..16].to_owned()))
        .collect();
    assert_eq!(minutes, [("02".into(), "03".into()), ("00".into(), "09".into())]);
    let off = ReadOptions { lifecycle: Some(String::new()), ..Default::default() };
    assert_eq!(read_xes(file.as_bytes(), &off).unwrap().len(), 5, "each row is an event");
}

#[test]
fn what_is_no_xes_is_refused_with_its_place() {
    let good = event("a", DAY, "");
    let file = xes("", &ann(), &[&good]);
    for (from, to, expected) in [
        ("</log>", "", "the input ends within `log`; the file may be cut off"),
        ("</trace>\n</log>\n", "", "the input ends within `trace`; the file may be cut off"),
        ("</log>", "</log><log/>", "line 10: expected the end of the file after `</log>`, got `log`"),
        ("</log>", "</log> more", "line 10: expected elements, got the text `more`"),
        ("<log>\n", "<log>\n&amp;", "line 3: expected elements, got the text `&amp;`"),
        ("</event>", "</trace>", "line 8: the XML is not well-formed: expected `</event>`, but `</trace>` was found"),
        ("<trace>", "<trace><trace>", "line 3: expected attributes of the event, or events of the trace, got `trace`"),
        ("</log>", "</log></log>", "line 10: the XML is not well-formed: `</log>` closes nothing that is open"),
        ("<log>\n", "<!DOCTYPE log [<!ENTITY a \"b\">]>\n<log>\n", "line 2: the input has a document type definition"),
        ("UTF-8", "ISO-8859-1", "line 1: the encoding is `ISO-8859-1`; expected UTF-8"),
        ("<log>", "<xml>", "line 2: expected the root element `log` of XES, got `xml`"),
        ("value=\"ann\"", "value=\"&bomb;\"", "line 4, record 1: the XML is not well-formed:"),
        (
            "value=\"ann\"",
            "value=\"&#1;\"",
            "line 4, record 1: the XML is not well-formed: it has the character U+0001",
        ),
        ("value=\"ann\"", "value=\"a<b\"", "line 4, record 1: the XML is not well-formed: `<` stands in the value"),
        (
            "value=\"ann\"",
            "value=\"a\" value=\"b\"",
            "line 4, record 1: the XML is not well-formed: the attribute `value` is there twice",
        ),
        (
            "value=\"ann\"",
            "other=\"a\"",
            "line 4, record 1, `case:concept:name`: the XML is not well-formed: the attribute has no `value`",
        ),
        ("value=\"ann\"", "value=\"\u{1}\"", "line 4: the XML is not well-formed: it has the character U+0001"),
        ("value=\"ann\"", "value=\"\u{fffe}\"", "line 4: the XML is not well-formed: it has the character U+FFFE"),
        ("value=\"ann\"", "value=\"\"", "line 5, record 1, `case:concept:name`: the journey id is empty"),
        ("value=\"a\"", "value=\"\"", "line 5, record 1, `concept:name`: the touchpoint is empty"),
        (DAY, "yesterday", "line 5, record 1, `time:timestamp`: `yesterday` is not a time"),
        ("<event>", "<event/>\n<event>", "line 5, record 1, `time:timestamp`: the time is empty"),
        ("</event>", "<list key='concept:name'/></event>", "line 5, record 1, `concept:name`: the value is a list"),
        (
            "</event>",
            "<id key='concept:name' value='x'/></event>",
            "line 5, record 1, `concept:name`: the value stands here a second time",
        ),
        (
            "</trace>",
            "<id key='concept:name' value='x'/></trace>",
            "line 9, record 2, `case:concept:name`: the trace has the attribute after",
        ),
        (
            "concept:name\" value=\"a\"",
            "name\" value=\"a\"",
            "`concept:name`: there is no attribute `concept:name`, which the option `touchpoint` names; those at the beginning are `case:concept:name`, `name`, `time:timestamp`",
        ),
    ] {
        let broken = file.replacen(from, to, 1);
        assert_ne!(broken, file, "{from}");
        let error = message(&broken);
        assert!(error.starts_with(expected), "{error}\n  expected {expected}");
    }
    for nothing in ["", " \n", "<!-- nothing -->"] {
        assert!(message(nothing).starts_with("the input is empty; expected XES"), "{nothing}");
    }
    let bad = file.replace("ann", "\u{1}").into_bytes().into_iter().map(|byte| if byte == 1 { 0xff } else { byte });
    let error = read_xes(&bad.collect::<Vec<_>>()[..], &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "line 4: the line is not UTF-8 (at byte 35)");
    let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(
        read_xes(&[&[0xff, 0xfe], &utf16[..]].concat()[..], &ReadOptions::default()).unwrap_err().to_string(),
        "the input is UTF-16; expected UTF-8"
    );
}

#[test]
fn floods_are_refused_by_their_limits() {
    let good = event("a", DAY, "");
    let passed = |file: &str, limits: Limits| {
        let error = read_xes(file.as_bytes(), &ReadOptions { limits, ..Default::default() }).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LimitExceeded, "{error}");
        error.to_string()
    };
    let deep = |depth: usize| format!("{}{}", "<string key='x' value='y'>".repeat(depth), "</string>".repeat(depth));
    assert_eq!(read(&xes("", &ann(), &[&good, &event("a", DAY, &deep(253))])).unwrap().len(), 2);
    assert!(
        passed(&xes("", &ann(), &[&event("a", DAY, &deep(254))]), Limits::default()).contains("`xml_depth` is 256")
    );
    assert!(passed(&xes(&deep(100_000), &ann(), &[&good]), Limits::default()).contains("`xml_depth` is 256"));
    let attribute = |n: u32| format!("a{n}='' ");
    let many: String = (0..5000).map(attribute).collect();
    assert!(
        passed(&xes("", &format!("<string {many}/>"), &[&good]), Limits::default())
            .contains("`xml_attributes` is 4096")
    );
    assert!(
        passed(&xes("", &ann(), &[&good]).replace("\"a\"", &format!("'{}'", "a".repeat(2_000_000))), Limits::default())
            .contains("`field_bytes`")
    );
    let limits = Limits { row_bytes: 100_000, ..Limits::default() };
    assert!(
        passed(&xes("", &ann(), &[&good, &event("a", DAY, &"<!-- -->".repeat(500_000))]), limits)
            .contains("`row_bytes`")
    );
}

#[test]
fn traces_of_many_blocks_are_read_as_one_and_errors_keep_their_place() {
    let trace = |n: usize, day: &str| {
        let element = |m: usize| format!("<event>\n{}</event>\n", event(&format!("t{}", (n + m) % 7), day, ""));
        let events: String = (0..5).map(element).collect();
        format!("<trace>\n{}{events}</trace>\n", text("concept:name", &format!("j{n}")))
    };
    let traces: String = (0..12_000).map(|n| trace(n, DAY)).collect();
    let log = read(&format!("<log>\n{traces}</log>")).unwrap();
    assert_eq!((log.len(), log.journey_count(), log.touchpoints().len()), (60_000, 12_000, 7));
    let lines = 1 + 12_000 * (3 + 5 * 4);
    let error = message(&format!("<log>\n{traces}{}{traces}</log>", trace(0, "soon")));
    assert!(error.starts_with(&format!("line {}, record 60001, `time:timestamp`: `soon`", lines + 3)), "{error}");
    assert_eq!(message(&format!("<log>\n{traces}")), "the input ends within `log`; the file may be cut off");
    let error = message(&format!("<log>\n{traces}</log>{traces}</log>"));
    assert_eq!(error, format!("line {}: expected the end of the file after `</log>`, got `trace`", lines + 1));
}

#[test]
#[cfg(feature = "gzip")]
fn a_compressed_log_is_read_and_a_cut_one_is_not() {
    use std::io::Write;
    let mut file = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    file.write_all(xes("", &ann(), &[&event("a", DAY, "")]).as_bytes()).unwrap();
    let file = file.finish().unwrap();
    assert_eq!(read_xes(&file[..], &ReadOptions::default()).unwrap().len(), 1);
    let cut = read_xes(&file[..file.len() - 4], &ReadOptions::default()).unwrap_err();
    assert_eq!(cut.kind(), ErrorKind::Io);
}
