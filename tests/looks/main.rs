//! Draws what the tests in a browser look at, into `target/looks`: every picture of the shop, of labels that attack, of labels
//! without end and of nothing, on a large screen and on a phone, and pages.
//!
//! `looks.json` beside them says what each file is and which labels it has to show; `tests/looks.test.mjs` reads it. A page is
//! added by one line in `pages`.

use std::error::Error;
use std::fs;
use std::path::Path;

use journey_core::{Language, MapReports, RenderMapOptions, Theme, render_map, render_page};
use journey_tests::drawings::{HOSTILE, Look, Reports, crowded, day_in_the_life, empty, future, hostile, shop, ugly};
use journey_tests::folder;
use serde_json::{Value, json};

const WIDTHS: [u64; 2] = [1400, 400];

type Ask = fn() -> journey_core::Result<Reports>;

/// Maps with their logs, by name.
const SETS: [(&str, Ask); 5] =
    [("shop", shop), ("hostile", || Ok(hostile()?.0)), ("ugly", ugly), ("crowded", crowded), ("empty", empty)];

fn main() -> Result<(), Box<dyn Error>> {
    let target = folder().join("../target/looks");
    fs::create_dir_all(&target)?;
    let (attacks, labels) = hostile()?;
    let mut files = Vec::new();
    for (set, reports) in SETS {
        let reports = reports()?;
        for width in WIDTHS {
            for lang in [Language::En, Language::It].into_iter().take(if set == "shop" { 2 } else { 1 }) {
                let look = Look { width, theme: Theme::Auto, lang };
                for (name, svg) in reports.pictures(look)? {
                    let shown: &[String] = if set == "hostile" { shown(name, &labels) } else { &[] };
                    let file = format!("{set}-{name}-{width}-{}.svg", lang.tag());
                    fs::write(target.join(&file), svg)?;
                    files.push(json!({ "file": file, "width": width, "hostile": set == "hostile", "labels": shown }));
                }
            }
        }
    }
    let (after, changes) = future()?;
    let day = day_in_the_life()?;
    for width in WIDTHS {
        for (name, map, reports) in [("diff", &after, &changes), ("day", &day, &MapReports::default())] {
            let file = format!("{name}-map-{width}-en.svg");
            let options = RenderMapOptions { width, ..Default::default() };
            fs::write(target.join(&file), render_map(map, reports, &options)?)?;
            files.push(json!({ "file": file, "width": width, "hostile": false, "labels": [] }));
        }
    }
    let pages = pages(&target, &attacks, &labels)?;
    fs::write(target.join("looks.json"), serde_json::to_string_pretty(&json!({ "pictures": files, "pages": pages }))?)?;
    Ok(())
}

/// The labels that a picture has to show: steps and groups, or every touchpoint that is not left out for its width.
fn shown<'a>(picture: &str, labels: &'a [String]) -> &'a [String] {
    match picture {
        "map" | "flow" | "flow-without-map" => labels,
        "funnel" => labels.get(..3).unwrap_or_default(),
        "times-by-touchpoint" => labels.get(..0).unwrap_or_default(),
        _ => &[],
    }
}

/// Pages, each with the labels it has to show.
fn pages(target: &Path, attacks: &Reports, labels: &[String]) -> Result<Vec<Value>, Box<dyn Error>> {
    let notes: Vec<String> = HOSTILE.map(str::to_owned).to_vec();
    let shop = shop()?;
    let pages = [
        ("hostile-page.html", render_page(&attacks.map, &attacks.on_the_map, &notes), labels),
        ("shop-page.html", render_page(&shop.map, &shop.on_the_map, &[]), &[]),
    ];
    let mut files = Vec::new();
    for (file, page, labels) in pages {
        fs::write(target.join(file), page)?;
        files.push(json!({ "file": file, "hostile": !labels.is_empty(), "labels": labels }));
    }
    Ok(files)
}
