//! The main job: reads the e-commerce log, its ratings and the team's map of that shop, says what matters most to customers, and
//! writes the report as a page with the figures as JSON beside it.
//!
//! Run it with `cargo run --release --example report`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use journey_core::{
    Bottlenecks, EmotionDips, FeedbackOptions, JourneyMap, JourneyReport, PathCoverage, ReadOptions,
    RenderReportOptions, ReportOptions, ScoreScale, Share, Summary, WithFeedbackOptions, read_csv_path,
    read_feedback_path, render_report, report,
};
use serde::Serialize;

#[derive(Serialize)]
struct Noted<'a> {
    notes: &'a [String],
    #[serde(flatten)]
    report: &'a JourneyReport,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let map = JourneyMap::from_json(&fs::read_to_string(root.join("docs/examples/ecom-current-state.journey.json"))?)?;
    let columns = ReadOptions {
        journey: Some("user_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        attributes: ["platform", "acquisition_channel", "user_cohort", "user_lifecycle"].map(String::from).to_vec(),
        ..ReadOptions::default()
    };
    let log = read_csv_path(root.join("tests/data/ecom/ecom.csv.gz"), &columns)?;
    // Who rated which touchpoint when; each rating joins the visit that it is about.
    let stars = FeedbackOptions {
        customer: "user_id".into(),
        time: "timestamp".into(),
        touchpoint: Some("event".into()),
        score: Some("stars".into()),
        score_scale: ScoreScale::Stars,
        ..FeedbackOptions::default()
    };
    let ratings = read_feedback_path(root.join("tests/data/ecom-synthetic-feedback/feedback.csv"), &stars)?;
    let log = log.with_feedback(&ratings, &WithFeedbackOptions::default())?;
    let notes = vec!["The measured scores are synthetic: ratings drawn from a seed, given by nobody.".to_owned()];

    let steps = ["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"];
    let options = ReportOptions { steps: steps.map(str::to_owned).to_vec(), ..ReportOptions::default() };
    let found = report(&map, &log, &options)?;
    let page =
        render_report(&found, &map, &RenderReportOptions { notes: notes.clone(), ..RenderReportOptions::default() })?;

    let mut out = Vec::new();
    writeln!(out, "{}\n", map.name())?;
    print_findings(&mut out, &found)?;
    print_summary(&mut out, &found.summary)?;
    print_bottlenecks(&mut out, &found.bottlenecks)?;
    if let (Some(dips), Some(cover)) = (&found.emotion_dips, &found.path_coverage) {
        print_dips(&mut out, dips, &notes)?;
        print_coverage(&mut out, cover)?;
    }
    let folder = root.join("target/report");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("report.html"), page)?;
    fs::write(
        folder.join("report.json"),
        serde_json::to_string_pretty(&Noted { notes: &notes, report: &found })? + "\n",
    )?;
    writeln!(out, "Written: {} and report.json beside it", Path::new("target/report/report.html").display())?;
    match io::stdout().write_all(&out) {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
}

fn print_findings(out: &mut impl Write, found: &JourneyReport) -> io::Result<()> {
    writeln!(out, "WHAT MATTERS MOST  (the share of journeys hurt at least; the page says each in a sentence)")?;
    for finding in &found.findings {
        let kind = format!("{:?}", finding.kind);
        let names =
            [&finding.touchpoint, &finding.target, &finding.attribute, &finding.value, &finding.since, &finding.until];
        let about: Vec<&str> = names.into_iter().flatten().map(String::as_str).collect();
        writeln!(out, "  {kind:<13} {:>6}  {}", percent(Some(finding.impact_low)), about.join(" "))?;
    }
    writeln!(out, "  of {} things looked at\n", found.findings_looked_at)
}

fn print_summary(out: &mut impl Write, holds: &Summary) -> io::Result<()> {
    writeln!(out, "WHAT THE LOG HOLDS")?;
    writeln!(
        out,
        "  {} events of {} journeys at {} touchpoints",
        holds.events,
        holds.journeys,
        holds.touchpoints.len()
    )?;
    if let (Some(first), Some(last)) = (&holds.first, &holds.last) {
        writeln!(out, "  from {first} to {last}")?;
    }
    if let Some(time) = &holds.throughput {
        writeln!(
            out,
            "  from first to last event: median {}, p90 {}",
            days(time.median_seconds),
            days(time.p90_seconds)
        )?;
    }
    writeln!(out)
}

fn print_bottlenecks(out: &mut impl Write, stuck: &Bottlenecks) -> io::Result<()> {
    writeln!(out, "TIME BOTTLENECKS  (share of all time between events, median and p95 of one wait)")?;
    for row in stuck.touchpoints.iter().take(5) {
        let Some(time) = &row.time else { continue };
        writeln!(
            out,
            "  {:<18} {:>6}  median {:>8}  p95 {:>8}  n {}",
            row.touchpoint,
            percent(row.delay_share),
            days(time.median_seconds),
            days(time.p95_seconds),
            time.n
        )?;
    }
    writeln!(out, "  the largest transitions:")?;
    for row in stuck.transitions.iter().take(3) {
        let way = format!("{} → {}", row.source, row.target);
        writeln!(
            out,
            "  {way:<34} {:>6}  median {:>8}  n {}",
            percent(row.delay_share),
            days(row.time.median_seconds),
            row.time.n
        )?;
    }
    writeln!(out, "\nCONVERSION BOTTLENECKS  (customers who go on to the next step, 95 % interval)")?;
    for row in &stuck.conversions {
        let way = format!("{} → {}", row.source, row.target.as_deref().unwrap_or_default());
        let flag = if row.bottleneck { "  bottleneck" } else { "" };
        writeln!(out, "  {way:<34} {}  lost {}{flag}", share(&row.conversion), row.lost)?;
    }
    writeln!(out)
}

fn print_dips(out: &mut impl Write, dips: &EmotionDips, notes: &[String]) -> io::Result<()> {
    writeln!(out, "EMOTION DIPS  (score from -2 to 2)")?;
    for note in notes {
        writeln!(out, "  {note}")?;
    }
    for dip in &dips.dips {
        let sure = match dip.p_adjusted {
            Some(p) => format!("p {p:.1e}"),
            None => "not tested".into(),
        };
        let interval =
            dip.low.zip(dip.high).map_or_else(String::new, |(low, high)| format!(" ({low:+.2} to {high:+.2})"));
        writeln!(
            out,
            "  {:<18} {:+.2}{interval}  n {}  {:.2} below {}, {sure}",
            dip.touchpoint, dip.score, dip.n, dip.prominence, dip.compared_with
        )?;
    }
    writeln!(out, "  no scores at: {}\n", dips.gaps.join(", "))
}

fn print_coverage(out: &mut impl Write, cover: &PathCoverage) -> io::Result<()> {
    let (map, log) = (&cover.map, &cover.log);
    writeln!(out, "THE MAP AGAINST THE LOG")?;
    writeln!(
        out,
        "  of the map: {} of {} touchpoints visited, {} of {} transitions taken",
        map.touchpoints.n, map.touchpoints.of, map.transitions.n, map.transitions.of
    )?;
    writeln!(out, "  not visited: {}", map.touchpoints_not_visited.join(", "))?;
    writeln!(
        out,
        "  of the log: {} of the events and {} of the transitions are on the map",
        percent(log.events.share),
        percent(log.transitions.share)
    )?;
    writeln!(out, "  journeys that fit the map from end to end: {}", share(&log.journeys))?;
    let unmapped: Vec<_> = log.unmapped.iter().map(|row| format!("{} ({})", row.touchpoint, row.events)).collect();
    writeln!(out, "  not on the map: {}\n", unmapped.join(", "))
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".into(), |share| format!("{:.1} %", share * 100.0))
}

fn share(share: &Share) -> String {
    let interval = share
        .low
        .zip(share.high)
        .map_or_else(String::new, |(low, high)| format!(" ({:.1} to {:.1})", low * 100.0, high * 100.0));
    format!("{:>4} of {:<4} {:>7}{interval}", share.n, share.of, percent(share.share))
}

fn days(seconds: f64) -> String {
    for (unit, size) in [("d", 86_400.0), ("h", 3_600.0), ("min", 60.0)] {
        if seconds >= size {
            return format!("{:.1} {unit}", seconds / size);
        }
    }
    format!("{seconds:.0} s")
}
