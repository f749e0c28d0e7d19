//! The web shop of the examples: its maps, and what its log says.

use std::fs;
use std::path::PathBuf;

use journey_core::{JourneyMap, MapReports, ReadOptions, Result, ScoreScale, SelectOptions, diff, read_csv_path};

use super::{Questions, Reports};
use crate::folder;

/// What is asked of the shop's log.
const ASKED: Questions<'_> = Questions {
    steps: &["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"],
    attribute: "platform",
    values: ["desktop", "mobile"],
};

/// The shop as it is, with its log, and ratings that nobody gave.
///
/// The two groups, customers with a computer and with a phone, are compared while the checkout had its bug.
///
/// # Errors
/// If a file of the examples cannot be read.
pub fn shop() -> Result<Reports> {
    let columns = ReadOptions {
        journey: Some("session_id".into()),
        touchpoint: Some("event".into()),
        time: Some("timestamp".into()),
        attributes: vec!["platform".into()],
        ..Default::default()
    };
    let log = read_csv_path(folder().join("data/ecom/ecom.csv.gz"), &columns)?;
    let ratings = ReadOptions {
        journey: Some("user_id".into()),
        attributes: vec![],
        score: Some("stars".into()),
        score_scale: ScoreScale::Stars,
        ..columns
    };
    let ratings = read_csv_path(folder().join("data/ecom-synthetic-feedback/feedback.csv"), &ratings)?;
    let bug =
        SelectOptions { since: Some("2024-04-09".into()), until: Some("2024-05-10".into()), ..Default::default() };
    let map = example("ecom-current-state.journey.json")?;
    let during = Reports::new(map.clone(), &log.select(&bug)?, None, &ASKED)?;
    Ok(Reports { comparison: during.comparison, ..Reports::new(map, &log, Some(&ratings), &ASKED)? })
}

/// The shop as the team wants it, with what is different from the one of today.
///
/// # Errors
/// If a map of the examples cannot be read.
pub fn future() -> Result<(JourneyMap, MapReports)> {
    let [before, after] = [example("ecom-current-state.journey.json")?, example("ecom-future-state.journey.yaml")?];
    let changes = diff(&before, &after);
    Ok((after, MapReports { diff: Some(changes), ..Default::default() }))
}

/// A day of one of its customers.
///
/// # Errors
/// If the map cannot be read.
pub fn day_in_the_life() -> Result<JourneyMap> {
    example("ecom-day-in-the-life.journey.yaml")
}

fn example(name: &str) -> Result<JourneyMap> {
    let path: PathBuf = folder().join("../docs/examples").join(name);
    // A file that is not there is a map that is not there, with its name in the error.
    let text = fs::read_to_string(&path).unwrap_or_default();
    if text.starts_with('{') { JourneyMap::from_json(&text) } else { JourneyMap::from_yaml(&text) }
}
