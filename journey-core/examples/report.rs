//! The main job: reads the e-commerce log and the team's map of that shop, says where customers lose time, feel bad and
//! leave the map, and writes the map as a page with the figures as JSON beside it.
//!
//! Run it with `cargo run --release --example report`.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use journey_core::{
    BottleneckOptions, Bottlenecks, EmotionDips, EmotionOptions, JourneyMap, MapReports, PathCoverage,
    PathCoverageOptions, ReadOptions, ScoreScale, Share, Summary, SummaryOptions, bottlenecks, emotion_curve,
    emotion_dips, path_coverage, read_csv_path, render_page, summary,
};
use serde::Serialize;

#[derive(Serialize)]
struct Report<'a> {
    notes: &'a [String],
    #[serde(flatten)]
    reports: &'a MapReports,
}

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let map = JourneyMap::from_json(&fs::read_to_string(root.join("docs/examples/ecom-current-state.journey.json"))?)?;
    let columns = ReadOptions {
        journey: Some("user_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        ..ReadOptions::default()
    };
    let log = read_csv_path(root.join("tests/data/ecom/ecom.csv.gz"), &columns)?;
    // The ratings are a log of their own: who rated which touchpoint when.
    let stars = ReadOptions { score: Some("stars".into()), score_scale: ScoreScale::Stars, ..columns };
    let feedback = read_csv_path(root.join("tests/data/ecom-synthetic-feedback/feedback.csv"), &stars)?;
    let notes = ["The measured scores are synthetic: ratings drawn from a seed, given by nobody.".to_owned()];

    let steps = ["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"];
    let steps = steps.map(str::to_owned).to_vec();
    let holds = summary(&log, &SummaryOptions::default())?;
    let stuck = bottlenecks(&log, &BottleneckOptions { steps, ..BottleneckOptions::default() })?;
    let curve = emotion_curve(&map, &feedback, &EmotionOptions::default())?;
    let dips = emotion_dips(&map, &feedback, &EmotionOptions::default())?;
    let cover = path_coverage(&map, &log, &PathCoverageOptions::default())?;

    let mut out = Vec::new();
    writeln!(out, "{}\n", map.name())?;
    print_summary(&mut out, &holds)?;
    print_bottlenecks(&mut out, &stuck)?;
    print_dips(&mut out, &dips, &notes)?;
    print_coverage(&mut out, &cover)?;

    let reports = MapReports {
        summary: Some(holds),
        emotion_curve: Some(curve),
        emotion_dips: Some(dips),
        bottlenecks: Some(stuck),
        path_coverage: Some(cover),
        ..MapReports::default()
    };
    let report = Report { notes: &notes, reports: &reports };
    let folder = root.join("target/report");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("report.html"), render_page(&map, &reports, &notes))?;
    fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report)? + "\n")?;
    writeln!(out, "Written: {} and report.json beside it", Path::new("target/report/report.html").display())?;
    match io::stdout().write_all(&out) {
        // Whoever reads has seen enough, as `head` does.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => Ok(result?),
    }
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
    writeln!(
        out,
        "  {} of {} transitions make 80 % of the delay; the largest:",
        flagged(stuck),
        stuck.transitions.len()
    )?;
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

fn flagged(stuck: &Bottlenecks) -> usize {
    stuck.transitions.iter().filter(|row| row.bottleneck).count()
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
