//! The program as people and scripts use it: what it prints where, and how it ends.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn journey(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_journey")).current_dir(root()).args(arguments).output().unwrap()
}

/// The exit code, standard output and standard error.
fn said(arguments: &[&str]) -> (i32, String, String) {
    let output = journey(arguments);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn json(arguments: &[&str]) -> Value {
    let (code, out, err) = said(&[arguments, &["--json"]].concat());
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

const ECOM: &str = "tests/data/ecom/ecom.csv.gz";
const SHOP: &str = "docs/examples/ecom-current-state.journey.json";

#[test]
fn columns_are_guessed_and_said_unless_flags_name_them() {
    let (code, out, err) = said(&["summary", ECOM]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        err,
        "journey: columns guessed: journey = `user_id`, touchpoint = `event`, time = `timestamp`; --journey, --touchpoint \
         and --time choose others\n"
    );
    assert!(out.starts_with("events "), "{out}");
    let (_, _, err) =
        said(&["summary", ECOM, "--journey", "session_id", "--touchpoint", "event", "--time", "timestamp"]);
    assert_eq!(err, "");
}

#[test]
fn the_funnel_of_the_readme_has_its_figures() {
    let select = r#"{"attributes": {"platform": ["mobile"]}, "since": "2024-04-09", "until": "2024-05-10"}"#;
    let columns = ["--journey", "session_id", "--attributes", "platform", "--select", select];
    let report =
        json(&[&["bottlenecks", ECOM, "--steps", "shipping_details,payment_details,purchase"][..], &columns].concat());
    // The README prints: shipping_details -> payment_details 0.26666666666666666 of 60.
    let conversion = &report["conversions"][0]["conversion"];
    assert_eq!((conversion["n"].as_u64(), conversion["of"].as_u64()), (Some(16), Some(60)));
    let (code, out, _) = said(&[&["funnel", ECOM, "shipping_details", "payment_details"][..], &columns].concat());
    assert!(code == 0 && out.contains("26.7 % (17.1 to 39.0), 16 of 60"), "{out}");
}

#[test]
fn long_lists_are_cut_and_say_so() {
    let (_, out, _) = said(&["transitions", ECOM, "--rows", "3"]);
    let rows = out.split("ROWS\n").nth(1).unwrap();
    assert_eq!(rows.lines().count(), 5, "a header, three rows and what is left: {rows}");
    assert!(rows.lines().last().unwrap().trim().ends_with("more; --rows 0 prints all"));
}

#[test]
fn an_error_of_the_command_line_is_2_and_one_of_the_data_3() {
    for (arguments, code, message) in [
        (&["bottlenecks"][..], 2, "required arguments were not provided"),
        (&["botlenecks", ECOM], 2, "'bottlenecks'"),
        (&["bottlenecks", ECOM, "--paretto", "0.5"], 2, "'--pareto'"),
        (&["bottlenecks", ECOM, "--pareto", "much"], 2, "`pareto`: expected a number, got the text `much`"),
        (&["funnel", ECOM, "add_to_cart", "purchese"], 2, "did you mean `purchase`?"),
        (&["summary", "no-such.csv"], 3, "no-such.csv: "),
        (&["summary", ECOM, "--time", "tiemstamp"], 3, "did you mean `timestamp`?"),
        (&["summary", SHOP], 3, "ecom-current-state.journey.json"),
        (&["lint", "tests/data/wrong-maps/unknown-stage.yaml"], 3, "tests/data/wrong-maps/unknown-stage.yaml:"),
        (&["merge", SHOP, "--report", "summary"], 3, "ecom-current-state.journey.json: "),
        (&["merge", SHOP], 2, "expected --report, --output or both"),
        (&["map", ECOM, "-o", "map.txt"], 2, "`.txt`"),
    ] {
        let (actual, out, err) = said(arguments);
        assert_eq!((actual, out.as_str()), (code, ""), "{arguments:?}: {err}");
        assert!(err.contains(message), "{arguments:?}: {err}");
    }
}

#[test]
fn lint_says_where_and_ends_with_1_if_there_are_errors() {
    let (code, out, err) = said(&["lint", SHOP]);
    assert_eq!((code, err.as_str()), (0, ""));
    let (place, last) = (out.lines().next().unwrap(), out.lines().last().unwrap());
    assert!(place.starts_with(&format!("{SHOP}:")) && last.starts_with("errors: 0, "), "{out}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.yaml");
    // Nothing leads to `b`, and `a` is a dead end: at least one rule finds an error in a map whose goal cannot be reached.
    let map = "name: x\nstages:\n  - {id: s, name: S}\ntouchpoints:\n  - {id: a, name: A, stage: s}\n  - {id: b, name: B, stage: s}\n\
               outcome:\n  entries: [a]\n  conversions: [b]\n";
    fs::write(&path, map).unwrap();
    let (code, out, err) = said(&["lint", path.to_str().unwrap()]);
    assert_eq!(code, 1, "{out}{err}");
    let report = journey(&["lint", path.to_str().unwrap(), "--json"]);
    assert_eq!(report.status.code(), Some(1));
    assert!(serde_json::from_slice::<Value>(&report.stdout).unwrap()["errors"].as_u64().unwrap() > 0);
}

#[test]
fn two_maps_differ_in_words() {
    let (code, out, _) = said(&["diff", SHOP, "docs/examples/ecom-future-state.journey.yaml"]);
    assert!(code == 0 && out.lines().any(|line| line.starts_with("added ")), "{out}");
    assert_eq!(said(&["diff", SHOP, SHOP]).1, "the maps are the same\n");
}

#[test]
fn a_log_draws_a_map_that_is_read_again() {
    let folder = tempfile::tempdir().unwrap();
    let map = folder.path().join("map.yaml");
    let map = map.to_str().unwrap();
    assert_eq!(said(&["map", ECOM, "-o", map]).0, 0);
    let (code, out, _) = said(&["fitness", ECOM, "--map", map]);
    // A map that a log draws by itself fits it wholly.
    assert!(code == 0 && out.contains("100.0 %"), "{out}");
    let (code, _, err) = said(&["map", ECOM, "-o", map]);
    assert!(code == 3 && err.contains("--overwrite"), "{err}");
    assert_eq!(said(&["map", ECOM, "-o", map, "--overwrite"]).0, 0);
    assert!(said(&["map", ECOM]).1.starts_with("name: "));
}

#[test]
fn a_log_goes_through_all_formats_and_is_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let columns = ["--journey", "session_id", "--channel", "acquisition_channel"];
    let mut from = ECOM.to_owned();
    let mut flags = columns.to_vec();
    for name in ["a.parquet", "b.ndjson.gz", "c.arrow", "d.csv.zst", "e.csv"] {
        let (code, _, err) = said(&[&["convert", &from, &path(name)][..], &flags].concat());
        assert_eq!(code, 0, "{err}");
        assert!(err.contains("31106 events of 3605 journeys written to "), "{err}");
        (from, flags) = (path(name), Vec::new());
    }
    let of = |file: &str, columns: &[&str]| json(&[&["channel-switching", file][..], columns].concat());
    assert_eq!(of(&from, &["--channel", "channel"]), of(ECOM, &columns));
    let header = fs::read_to_string(path("e.csv")).unwrap();
    assert_eq!(
        header.lines().next(),
        Some("journey,touchpoint,time,channel,platform,user_cohort,user_id,user_lifecycle")
    );
}

#[test]
fn the_states_of_parts_answer_as_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (a, b, whole) = (path("a.state"), path("b.state"), path("whole.state"));
    let first = r#"{"attributes": {"platform": ["mobile"]}}"#;
    let rest = r#"{"attributes": {"platform": ["desktop", "tablet"]}}"#;
    let columns = ["--journey", "session_id", "--attributes", "platform"];
    for (select, state) in [(first, &a), (rest, &b)] {
        let (code, _, err) = said(&[&["partial", ECOM, "-o", state, "--select", select][..], &columns].concat());
        assert_eq!(code, 0, "{err}");
    }
    let merged = json(&["merge", &b, &a, "--report", "transitions", "-o", &whole]);
    let both = r#"{"attributes": {"platform": ["mobile", "desktop", "tablet"]}}"#;
    let counted = json(&[&["transitions", ECOM, "--select", both][..], &columns].concat());
    let counts = |report: &Value| -> Vec<(String, String, u64)> {
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        let rows = report["rows"].as_array().unwrap().iter();
        let mut counts: Vec<_> =
            rows.map(|row| (text(row, "source"), text(row, "target"), row["count"].as_u64().unwrap())).collect();
        counts.sort();
        counts
    };
    assert_eq!(counts(&merged), counts(&counted));
    assert_eq!(
        json(&["merge", &whole, "--report", "transitions", "--options", r#"{"limit": 2}"#])["rows"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
#[cfg(unix)]
fn who_stops_reading_is_not_told_of_an_error() {
    use std::io::Read;

    let mut child = Command::new(env!("CARGO_BIN_EXE_journey"))
        .current_dir(root())
        .args(["variants", ECOM, "--json", "--limit", "5000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut byte = [0];
    child.stdout.take().unwrap().read_exact(&mut byte).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8(output.stderr).unwrap().lines().all(|line| line.starts_with("journey: columns guessed")));
}

#[test]
fn names_of_the_data_move_no_cursor() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    fs::write(&path, "journey,touchpoint,time\na,\u{1b}[2Jx,2024-05-01\n").unwrap();
    let (_, out, _) = said(&["summary", path.to_str().unwrap()]);
    assert!(!out.contains('\u{1b}') && out.contains("\\u{1b}[2Jx"), "{out}");
}

#[test]
#[cfg(unix)]
fn the_lines_of_the_guide_and_the_readme_run_and_print_what_they_show() {
    for page in ["docs/guide/command-line.md", "README.md"] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["tests", "docs"] {
            std::os::unix::fs::symlink(root().join(name).canonicalize().unwrap(), folder.path().join(name)).unwrap();
        }
        let program = Path::new(env!("CARGO_BIN_EXE_journey")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
        let text = fs::read_to_string(root().join(page)).unwrap();
        let mut printed = String::new();
        let mut ran = 0;
        for block in text.split("```").skip(1).step_by(2) {
            if let Some(lines) = block.strip_prefix("sh\n").filter(|lines| lines.starts_with("journey ")) {
                let mut shell = Command::new("sh");
                let output =
                    shell.args(["-e", "-c", lines]).current_dir(folder.path()).env("PATH", &path).output().unwrap();
                let [out, err] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
                assert!(output.status.success(), "{page}: {lines}{err}");
                printed = format!("{printed}{out}{err}");
                ran += 1;
            } else if let Some(shown) = block.strip_prefix("text\n").filter(|_| page.starts_with("docs")) {
                assert!(printed.contains(shown.trim_end()), "{page}: {shown}");
            }
        }
        assert!(ran > 0, "{page} has no lines");
    }
}
