//! What holds for every page: it is well formed, its labels are text, it asks for nothing, and it says what it leaves out.

use std::time::Instant;

use super::*;
use crate::{Event, EventLog, JourneyMap, ReportOptions, Stage, Timestamp, Touchpoint, report};

const HOSTILE: [&str; 6] = [
    "</title><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "]]>&amp;<!--",
    "{{ page }}{% include %}",
    "دفع الفاتورة",
    "\u{202e}evil\u{0}",
];

fn log(journeys: &[&[&str]]) -> EventLog {
    let mut log = EventLog::builder().attribute("</style> group");
    for (number, journey) in journeys.iter().enumerate() {
        let group = HOSTILE[number % HOSTILE.len()];
        for (minute, touchpoint) in (0..).zip(*journey) {
            let time = Timestamp::from_micros(minute * 60_000_000).unwrap();
            let id = number.to_string();
            let event = Event::new(&id, touchpoint, time).on_channel(HOSTILE[number % 2]);
            log = log.event_with(event, [Some(group)]);
        }
    }
    log.build().unwrap()
}

fn map(ids: &[&str], scores: bool) -> JourneyMap {
    let mut map = JourneyMap::builder(HOSTILE[0]).stage(Stage::new("only", HOSTILE[1]));
    for id in ids {
        let expected_score = scores.then_some(-1.0);
        map = map.touchpoint(Touchpoint { expected_score, ..Touchpoint::new(*id, *id, "only") });
    }
    map.build().unwrap()
}

fn pages(log: &EventLog, map: Option<&JourneyMap>, conversion: &[&str]) -> Vec<String> {
    let conversion = conversion.iter().map(|id| (*id).to_owned()).collect();
    let found = report(map, log, &ReportOptions { conversion, min_n: 2, ..Default::default() }).unwrap();
    let themes = [(Language::En, Theme::Auto), (Language::It, Theme::Dark)];
    let page = |(lang, theme)| {
        let options = RenderReportOptions { lang, theme, notes: vec![HOSTILE[0].into()], title: None };
        let page = render_report(&found, map, &options).unwrap();
        assert_holds(&page, lang);
        page
    };
    themes.into_iter().map(page).collect()
}

fn assert_holds(page: &str, lang: Language) {
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains(&format!("<html lang=\"{}\">", lang.tag())));
    for forbidden in ["<script", "<img", "<iframe", "NaN", "\u{0}"] {
        assert!(!page.contains(forbidden), "{forbidden}");
    }
    assert!(
        !page.contains("http://")
            || page.matches("http://").count() == page.matches("http://www.w3.org/2000/svg").count()
    );
    // Elements are closed in the order in which they were opened.
    let mut open: Vec<&str> = Vec::new();
    for piece in page.split('<').skip(2) {
        let (tag, text) = piece.split_once('>').expect("a tag is closed");
        let name = tag.trim_start_matches('/').split([' ', '/', '\n']).next().unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "{tag}");
        } else if !tag.ends_with('/') && name != "meta" {
            open.push(name);
        }
        assert!(name == "style" || !text.contains('>'), "{tag}: {text}");
    }
    assert!(open.is_empty(), "{open:?}");
    // Each link leads to a part of the page, each id is there once.
    for link in page.split("href=\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert_eq!(page.matches(&format!(" id=\"{link}\"")).count(), 1, "{link}");
    }
    assert_eq!(page.matches("<h1").count(), 1);
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
}

#[test]
fn labels_of_strangers_are_text_and_nothing_else() {
    let log = log(&[&HOSTILE, &HOSTILE[1..], &HOSTILE[..3], &[HOSTILE[4], HOSTILE[0], HOSTILE[4]]]);
    for map in [None, Some(map(&HOSTILE[..5], true))] {
        for page in pages(&log, map.as_ref(), &[HOSTILE[4]]) {
            assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && page.contains("دفع الفاتورة"));
        }
    }
}

#[test]
fn an_empty_log_a_log_without_times_and_a_map_without_scores_have_pages() {
    let empty = EventLog::builder().build().unwrap();
    assert!(pages(&empty, None, &[])[0].contains("None of 0 things looked at"));
    assert!(pages(&empty, Some(&map(&["a"], false)), &[])[0].contains("No touchpoint is named as a conversion"));
    let untimed =
        EventLog::builder().event(Event::untimed("ann", "a")).event(Event::untimed("ann", "b")).build().unwrap();
    let page = &pages(&untimed, None, &["b"])[0];
    assert!(page.contains("Events without a time") && !page.contains("id=\"bottlenecks\""));
    let log = log(&[&["a", "b"], &["a"]]);
    assert!(!pages(&log, Some(&map(&["a", "b"], false)), &["b"])[0].contains("id=\"dips\""), "no scores, no curve");
    assert!(pages(&log, Some(&map(&["a", "b"], true)), &["b"])[0].contains("Nobody gave a score"));
}

#[test]
fn touchpoints_of_the_map_are_called_by_their_names_everywhere() {
    let touchpoint = |id: &str, name: &str| Touchpoint::new(id, name, "only");
    let map = JourneyMap::builder("Shop").stage(Stage::new("only", "Only"));
    let map =
        map.touchpoint(touchpoint("id_17", "Basket")).touchpoint(touchpoint("id_18", "Order placed")).build().unwrap();
    let log = log(&[
        &["id_17", "id_17", "id_18", "else"],
        &["id_17", "else"],
        &["id_17", "id_18"],
        &["id_18"],
        &["id_17"],
        &["id_17"],
    ]);
    for page in pages(&log, Some(&map), &["id_18"]) {
        let texts = page.replace("data-touchpoint=\"id_17\"", "").replace("data-touchpoint=\"id_18\"", "");
        assert!(["Basket", "Order placed", "else"].iter().all(|name| texts.contains(name)));
        assert!(!texts.contains("id_1"));
        assert!(["picture-times", "picture-step-flow", "picture-step-matrix"].iter().all(|id| texts.contains(id)));
    }
}

#[test]
fn findings_are_told_in_both_languages() {
    let loops = (0..100).map(|number| match number {
        0..4 => ["cart", "ship", "cart", "pay"].as_slice(),
        4..40 => &["cart", "ship", "cart"],
        40..88 => &["cart", "pay"],
        _ => &["cart", "ship"],
    });
    let [english, italian] = pages(&log(&loops.collect::<Vec<&[&str]>>()), None, &["pay"]).try_into().unwrap();
    assert!(english.contains("Of those who come back to cart before they convert, 10.0\u{a0}% convert in the end; of those who do not come back 80.0\u{a0}% do."));
    assert!(italian.contains(
        "Di chi torna a cart prima di convertire, alla fine converte il 10,0\u{a0}%; di chi non torna il 80,0\u{a0}%."
    ));
}

#[test]
fn times_are_said_as_people_say_them() {
    use super::finding::{since, until};
    assert_eq!(
        (since(Some("2024-05-20T00:00:00Z")), until(Some("2024-06-03T00:00:00Z"))),
        ("2024-05-20".into(), "2024-06-02".into())
    );
    assert_eq!(
        (since(Some("2024-05-20T06:00:00Z")), until(Some("2024-05-20T06:30:15Z"))),
        ("2024-05-20 06:00".into(), "2024-05-20 06:30:15".into())
    );
}

#[test]
fn a_log_of_4000_touchpoints_and_20000_paths_has_a_small_page_at_once() {
    let mut log = EventLog::builder();
    for journey in 0..20_000_usize {
        let id = journey.to_string();
        for place in 0..3 {
            let number = (journey * 7 + place * (1_301 + journey / 4_000 * 17)) % 4_000;
            let touchpoint = format!("touchpoint number {number}");
            log = log.event(Event::new(
                &id,
                &touchpoint,
                Timestamp::from_micros(i64::try_from(place).unwrap() * 1_000_000).unwrap(),
            ));
        }
    }
    let found = report(None, &log.build().unwrap(), &ReportOptions::default()).unwrap();
    assert_eq!((found.summary.touchpoints.len(), found.variants.variants), (4_000, 20_000));
    let begun = Instant::now();
    let page = render_report(&found, None, &RenderReportOptions::default()).unwrap();
    assert!(page.len() < 2_000_000, "{} bytes", page.len());
    assert!(page.contains("3,950 more rows are not shown.") && page.contains("19,975 more rows are not shown."));
    // A second, for a build without optimisation on a busy machine ten.
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}
