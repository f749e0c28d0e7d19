//! Texts: tables, lines, traces and patterns.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Seeds;

/// A log with all columns that are read.
const CSV: &str = "\
journey,touchpoint,time,start,channel,score,value,plan
ann,visit,2024-03-13 10:00:00,,web,1.5,,pro
bob,\"pay, by \"\"card\"\"\",2024-03-13T10:05:00.123456Z,2024-03-13 09:00:00,app,-2,19.99,
ann,call,2024-03-13T12:05:00+02:00,2024-03-13 10:04:59,,,1e300,basic
";
/// One with two rows for an event.
const STAGES: &str = "\
journey;touchpoint;time;stage;visit
1;triage;13.03.2024;schedule;a
1;triage;2024-03-13 10:00:00;start;a
1;triage;2024-03-13 10:00:00;COMPLETE;a
1;x-ray;2024-03-13 11:00:00;complete;
";

const NDJSON: &str = r#"{"journey":"ann","touchpoint":"visit","time":"2024-03-13T10:00:00Z","start":null,"channel":"web","score":1.5,"value":null,"plan":"pro"}
{"journey":"\u0062ob","touchpoint":"p\"ay\n","time":1710324300,"start":"2024-03-13 10:00:00","channel":"","score":-2,"value":1e300,"plan":true}

{"value":0,"touchpoint":"call","time":"2024-03-13 10:06:00","journey":9007199254740993,"start":null,"channel":"web","score":null,"plan":"\ud83d\ude00"}
"#;

const XES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="trace"><string key="plan" value="none"/></global>
  <global scope="event"><string key="concept:name" value="unknown"/></global>
  <classifier name="Activity" keys="concept:name 'org:resource'"/>
  <trace>
    <string key="concept:name" value="ann"/>
    <event><string key="concept:name" value="visit &amp; look"/><string key="org:resource" value="r1"/>
      <string key="lifecycle:transition" value="start"/><date key="time:timestamp" value="2024-03-13T10:00:00.000+01:00"/></event>
    <event><string key="concept:name" value="visit &amp; look"/><string key="org:resource" value="r1"/>
      <string key="lifecycle:transition" value="complete"/><date key="time:timestamp" value="2024-03-13T10:05:00.000+01:00"/></event>
  </trace>
  <trace>
    <string key="concept:name" value="bob"/><string key="plan" value="pro"/>
    <event><date key="time:timestamp" value="2024-03-13T10:00:00Z"/><int key="n" value="7"/>
      <list key="items"><values><string key="item" value="a"/></values></list></event>
  </trace>
</log>
"#;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    // Writing to memory does not fail.
    packed.write_all(bytes).and_then(|()| packed.finish()).unwrap_or_default()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 19).unwrap_or_default()
}

/// The files of a text format that may be compressed.
fn packed(seeds: &mut Seeds, text: &str) {
    let gz = gzip(text.as_bytes());
    seeds.add("gzip-twice-packed", gzip(&gz));
    seeds.add("gzip-two-members", [gz.clone(), gz.clone()].concat());
    seeds.add("gzip-and-more", [&gz[..], b"more"].concat());
    seeds.add_damaged("gzip", gz, 2);
    seeds.add_damaged("zstd", zstd(text.as_bytes()), 2);
    // Two bombs of a kilobyte.
    let spaces = text.to_owned() + &" ".repeat(1 << 21);
    seeds.add("gzip-bomb", gzip(spaces.as_bytes()));
    seeds.add("zstd-bomb", zstd(spaces.as_bytes()));
}

pub fn csv() -> Seeds {
    let mut seeds = Seeds::of("csv");
    seeds.add_damaged("all-columns", CSV, 3);
    seeds.add_damaged("stages", STAGES, 2);
    packed(&mut seeds, CSV);
    let rows = |rows: &str| format!("journey,touchpoint,time\n{rows}");
    seeds.add("empty", "");
    seeds.add("no-rows", rows(""));
    seeds.add("paths", "customer.id\tpage.name\nann\tvisit\nann\tpay\n");
    seeds.add("line-ends", CSV.replace('\n', "\r\n"));
    seeds.add("line-ends-of-old-macs", CSV.replace('\n', "\r"));
    seeds.add("byte-order-mark", format!("\u{feff}{CSV}"));
    seeds.add("utf-16", CSV.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    seeds.add(
        "utf-16-with-mark",
        "\u{feff}journey,touchpoint".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>(),
    );
    seeds.add("latin-1", b"journey,touchpoint,time\nann,caf\xe9,2024-03-13\n");
    seeds.add("overlong", b"journey,touchpoint,time\nann,\xc0\xaf,2024-03-13\n");
    seeds.add("nul", rows("a\0n,visit,2024-03-13\n"));
    seeds.add("escapes", rows("\u{1b}[31mann,\u{202e}visit,2024-03-13\u{7}\n"));
    seeds.add("ragged", rows("ann,visit\nann,visit,2024-03-13,more\n"));
    seeds.add("unclosed-quote", rows("ann,\"visit,2024-03-13\nbob,pay,2024-03-13\n"));
    seeds.add("text-after-quote", rows("ann,\"visit\"x,2024-03-13\n"));
    seeds.add("quote-in-header", "\"journey\",\"touch\npoint\",time\nann,visit,2024-03-13\n");
    seeds.add("same-column-twice", "journey,touchpoint,time,time\nann,visit,2024-03-13,\n");
    seeds.add("years", rows("a,b,0001-01-01\na,b,9999-12-31T23:59:59.999999Z\n"));
    seeds.add("year-too-late", rows("a,b,9999-12-31T23:59:59.999999-23:59\n"));
    seeds.add("hour-24", rows("a,b,2024-03-13T24:00:00Z\na,b,2024-02-30\n"));
    seeds.add("leap-second", rows("a,b,2016-12-31T23:59:60Z\n"));
    seeds.add("digits", rows("a,b,2024-03-13 10:00:00.1234567890123456789\n"));
    seeds.add("numbers", CSV.replace("1.5", "NaN").replace("19.99", "1e999").replace("1e300", "-inf"));
    seeds.add("score-too-high", CSV.replace("1.5", "2.0000001"));
    seeds.add("ends-before-it-starts", CSV.replace("09:00:00", "23:00:00"));
    seeds.add("many-columns", "a,".repeat(65) + "b\n");
    seeds.add("many-touchpoints", rows(&(0..65).map(|n| format!("a,t{n},2024-03-13\n")).collect::<String>()));
    seeds.add("long-field", rows(&format!("a,{},2024-03-13\n", "x".repeat(1025))));
    seeds.add("long-row", rows(&format!("a,b,{}\n", " ".repeat(1 << 14))));
    seeds.add("formulas", rows("=cmd|'/c'!A1,@SUM(A1),2024-03-13\n"));
    seeds
}

pub fn ndjson() -> Seeds {
    let mut seeds = Seeds::of("ndjson");
    seeds.add_damaged("all-fields", NDJSON, 4);
    packed(&mut seeds, NDJSON);
    let line = |fields: &str| format!(r#"{{"journey":"a","touchpoint":"b","time":"2024-03-13",{fields}}}"#);
    seeds.add("empty", "");
    seeds.add("paths", "{\"customer\":{\"id\":7,\"n\":[]},\"page\":{\"name\":\"visit\"}}\n{\"customer.id\":8,\"page\":{\"name\":\"pay\"}}");
    seeds.add("path-and-name", r#"{"customer":{"id":7},"customer.id":8,"page":{"name":"visit"}}"#);
    seeds.add("path-to-an-object", r#"{"customer":{"id":{}},"page":{"name":["visit"]}}"#);
    seeds.add("array", format!("[{}]", line("\"x\":1")));
    seeds.add("no-object", "7\nnull\n\"journey\"\n");
    seeds.add("field-twice", line(r#""journey":"c""#));
    seeds.add("deep", line(&format!(r#""x":{}{}"#, "[".repeat(17), "]".repeat(17))));
    seeds.add("deep-and-open", line(&format!(r#""x":{}"#, "{\"a\":".repeat(200))));
    seeds.add("number-with-many-digits", line(&format!(r#""score":0.{}1"#, "0".repeat(900))));
    seeds.add("exponent", line(r#""score":1e-400,"value":1e400"#));
    seeds.add("lone-surrogate", line(r#""plan":"\ud83d""#));
    seeds.add("control-character", line("\"plan\":\"\u{1}\""));
    seeds.add("trailing-comma", line(""));
    seeds.add("two-on-a-line", line("\"x\":1").repeat(2));
    seeds.add("latin-1", b"{\"journey\":\"caf\xe9\"}\n");
    seeds.add("byte-order-mark", format!("\u{feff}{NDJSON}"));
    seeds.add("line-ends", NDJSON.replace('\n', "\r\n"));
    seeds.add("names-that-mean-something", line(r#""__proto__":{"x":1},"constructor":0,"":2"#));
    seeds.add("long-line", line(&format!(r#""x":"{}""#, "x".repeat(1 << 14))));
    seeds.add("long-field", line(&format!(r#""plan":"{}""#, "x".repeat(1025))));
    seeds
}

pub fn xes() -> Seeds {
    let mut seeds = Seeds::of("xes");
    seeds.add_damaged("log", XES, 6);
    packed(&mut seeds, XES);
    let event = |inside: &str| {
        format!("<log><trace><string key=\"concept:name\" value=\"a\"/><event>{inside}</event></trace></log>")
    };
    let name = r#"<string key="concept:name" value="b"/><date key="time:timestamp" value="2024-03-13T10:00:00Z"/>"#;
    seeds.add("empty", "");
    seeds.add("no-traces", "<log/>");
    seeds.add("no-log", "<html><body/></html>");
    seeds.add("plain", event(name));
    seeds.add("no-end", event(name).replace("</log>", ""));
    seeds.add("two-roots", event(name).repeat(2));
    seeds.add("text-after", event(name) + "more");
    seeds.add(
        "doctype",
        format!(
            "<!DOCTYPE log [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]>{}",
            event("<string key=\"x\" value=\"&b;\"/>")
        ),
    );
    seeds.add("external-entity", format!("<!DOCTYPE log SYSTEM \"file:///etc/passwd\">{}", event(name)));
    seeds.add("unknown-entity", event(&name.replace("\"b\"", "\"&b;\"")));
    seeds.add("character-0", event(&name.replace("\"b\"", "\"&#0;\"")));
    seeds.add("surrogate", event(&name.replace("\"b\"", "\"&#xd83d;\"")));
    seeds.add("character-by-number", event(&name.replace("\"b\"", "\"&#128512;&#x9;\"")));
    seeds.add("encoding", format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{}", event(name)));
    seeds.add(
        "latin-1",
        event(name).replace("\"b\"", "\"\u{e9}\"").chars().map(|c| u32::from(c) as u8).collect::<Vec<_>>(),
    );
    seeds.add("deep", event(&("<list key=\"a\">".repeat(40) + &"</list>".repeat(40))));
    seeds.add("deep-and-open", "<log>".to_owned() + &"<a>".repeat(1000));
    seeds.add(
        "many-attributes",
        event(&format!("<string {}/>", (0..40).map(|n| format!("a{n}=\"\" ")).collect::<String>())),
    );
    seeds.add("attribute-twice", event("<string key=\"a\" key=\"b\" value=\"\"/>"));
    seeds.add("comments-and-instructions", event(&format!("<!-- {name} --><?php x?><![CDATA[y]]>{name}")));
    seeds.add("name-after-events", "<log><trace><event/><string key=\"concept:name\" value=\"a\"/></trace></log>");
    seeds.add("stage-unknown", event(&format!("{name}<string key=\"lifecycle:transition\" value=\"withdraw\"/>")));
    seeds.add("ends-crossed", "<log><trace></log></trace>");
    seeds.add("long-trace", event(&name.repeat(200)));
    seeds
}

pub fn path_patterns() -> Seeds {
    let mut seeds = Seeds::of("path_pattern");
    for (name, pattern) in [
        ("event", "a"),
        ("then", "a -> b"),
        ("later", "a ->> c"),
        ("ends", "start -> a -> any* -> end"),
        ("none-of", "a -> [^b, c]* -> end"),
        ("one-of", "[a b] | c"),
        ("repeats", "a{2} -> b{0,3} -> c{1,}"),
        ("columns", "a & channel:web -> [^plan:pro]+"),
        ("quotes", "\"a\" -> `b`?"),
        ("quote-in-quotes", "\"a\"\"b\""),
        ("group", "(a -> (b | c){2,})+ ->> end"),
        ("group-of-nothing", "()"),
        ("start-in-the-middle", "a -> start -> b"),
        ("end-repeated", "end*"),
        ("repeat-of-repeat", "((a*)*)*"),
        ("repeat-too-large", "a{1000000000}"),
        ("repeat-turned-round", "a{3,1}"),
        ("repeats-that-multiply", "(((a{100}){100}){100}){100}"),
        ("number-too-large", "a{99999999999999999999999}"),
        ("unknown-name", "pya"),
        ("unknown-column", "colour:red"),
        ("unclosed-quote", "\"a"),
        ("unclosed-group", "(a"),
        ("unclosed-set", "[^a"),
        ("empty", ""),
        ("empty-set", "[]"),
        ("arrow-alone", "->"),
        ("letters-of-other-scripts", "été -> 👍"),
        ("control-characters", "a\u{0}\u{1b}[31m"),
        ("line-ends", "a\n->\r\n\tb"),
    ] {
        seeds.add(name, pattern);
    }
    for (name, open, close) in [("deep-groups", "(", ")"), ("deep-sets", "[", "]")] {
        seeds.add(name, open.repeat(2000) + "a" + &close.repeat(2000));
    }
    seeds.add("many-ways", vec!["(a|b)*"; 60].join(" -> "));
    seeds
}
