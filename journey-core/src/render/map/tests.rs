//! Pictures of maps: geometry, hostile labels, and what is drawn of reports.

use super::*;
use crate::analysis::{DiscoverOptions, EmotionOptions, discover, emotion_curve, emotion_dips};
use crate::log::{Event, EventLog};
use crate::map::{
    Channel, ChannelKind, Evidence, EvidenceKind, JourneyMapBuilder, Opportunity, PainPoint, PainSeverity, Stage,
    Touchpoint, diff,
};

fn shop(touchpoints: &[Touchpoint]) -> JourneyMapBuilder {
    let shop = JourneyMap::builder("Shop").stage(Stage::new("s", "Buy"));
    touchpoints.iter().fold(shop, |shop, touchpoint| shop.touchpoint(touchpoint.clone()))
}

fn scored(id: &str, score: Option<f64>) -> Touchpoint {
    Touchpoint { expected_score: score, ..Touchpoint::new(id, id, "s") }
}

fn drawn(map: &JourneyMap, reports: &MapReports) -> String {
    render_map(map, reports, &RenderMapOptions::default()).unwrap()
}

/// Labels of all sorts that are hard to draw, each of about 300 characters.
fn ugly_texts() -> Vec<String> {
    let much = |text: &str| text.chars().cycle().take(300).collect::<String>();
    vec![
        much("a label that goes on and on without ever coming to an end "),
        much("x"),
        much("W"),
        much("支付订单页面，顾客在这里完成付款，然后等待确认。"),
        much("الدفع الآن وإتمام عملية الشراء عبر الموقع "),
        much("תשלום מאובטח "),
        much("👩‍👩‍👧‍👦🛒💳✈️🇮🇹"),
        much("e\u{301}\u{302}\u{303}"),
        much("\u{202e}evil \u{2069}<b>]]> & \u{0} \"'"),
        "Short".to_owned(),
        "\u{fdfd}".repeat(9),
    ]
}

/// 60 touchpoints in one stage, no scores.
fn ugly() -> JourneyMap {
    let texts = ugly_texts();
    let text = |place: usize| texts[place % texts.len()].clone();
    let stage = Stage { goal: Some(text(0)), expectations: vec![text(4), text(3)], ..Stage::new("s", text(1)) };
    let mut map = JourneyMap::builder(text(0)).stage(stage).channel(Channel {
        id: "c".into(),
        name: text(4),
        kind: ChannelKind::Offline,
    });
    for place in 0..60 {
        let point =
            |more| PainPoint { text: text(place + more), severity: Some(PainSeverity::Critical), ..Default::default() };
        map = map.touchpoint(Touchpoint {
            channel: (place % 2 == 0).then(|| "c".into()),
            owner: Some(text(place + 1)),
            action: Some(text(place + 2)),
            thoughts: vec![text(place + 3), text(place + 4)],
            pain_points: (0..place % 7).map(point).collect(),
            opportunities: vec![Opportunity { text: text(place + 5), effort: Some(1.5), ..Default::default() }],
            moment_of_truth: place % 5 == 0,
            evidence: vec![Evidence { n: Some(123_456), ..Evidence::new(EvidenceKind::FocusGroup) }],
            ..Touchpoint::new(format!("t{place}"), text(place), "s")
        });
    }
    map.build().unwrap()
}

#[test]
fn no_label_overlaps_another_or_leaves_the_picture() {
    for width in [320, 400, 1400] {
        let options = RenderMapOptions { width, ..RenderMapOptions::default() };
        let svg = draw(&ugly(), &MapReports::default(), &options);
        let labels = svg.labels.clone();
        assert!(labels.len() > 1000, "{}", labels.len());
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let most = width as f64;
        for (place, (a, text)) in labels.iter().enumerate() {
            // A single letter may be wider than its box: there is nothing to break.
            assert!(a.x >= 0.0 && a.x + a.width <= most || text.chars().count() == 2, "{text} {a:?}");
            for (b, other) in &labels[place + 1..] {
                let apart =
                    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
                assert!(apart, "{width}: {text} {a:?} over {other} {b:?}");
            }
        }
    }
}

#[test]
fn hostile_labels_are_text_and_nothing_else() {
    let hostile = "</title><script>alert(1)</script><a href='javascript:x' onload=\"y\">]]>&\u{0}\u{1b}\u{202e}";
    let touchpoint = Touchpoint {
        action: Some(hostile.into()),
        owner: Some(hostile.into()),
        ..Touchpoint::new(hostile, hostile, "s")
    };
    let map = JourneyMap::builder(hostile).stage(Stage::new("s", hostile)).touchpoint(touchpoint).build().unwrap();
    let svg = drawn(&map, &MapReports::default());
    for forbidden in ["<script", "<a ", "onload=\"", "='javascript", "]]>", "\u{0}", "\u{1b}"] {
        assert!(!svg.contains(forbidden), "{forbidden}");
    }
    let title = "<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;";
    assert!(svg.contains(title) && svg.contains("data-touchpoint=\"&lt;/title&gt;"), "{svg}");
    assert_eq!(
        svg.matches('<').count(),
        svg.matches('>').count() - svg.matches("-->").count(),
        "every sign belongs to a tag"
    );
}

#[test]
fn the_curve_is_interrupted_at_a_gap() {
    let scores = [Some(1.0), Some(0.0), None, Some(1.0), Some(2.0)];
    let touchpoints: Vec<_> =
        scores.iter().zip(["a", "b", "c", "d", "e"]).map(|(score, id)| scored(id, *score)).collect();
    let svg = drawn(&shop(&touchpoints).build().unwrap(), &MapReports::default());
    assert_eq!(svg.matches("<polyline class=\"line-expected\"").count(), 2);
}

#[test]
fn a_dip_is_drawn_with_its_size() {
    let map = shop(&[scored("a", Some(1.0)), scored("b", Some(-1.0)), scored("c", Some(1.0))]).build().unwrap();
    let options = EmotionOptions::default();
    let reports = MapReports {
        emotion_curve: Some(emotion_curve(&map, None, &options).unwrap()),
        emotion_dips: Some(emotion_dips(&map, None, &options).unwrap()),
        ..MapReports::default()
    };
    let svg = drawn(&map, &reports);
    assert!(svg.contains("dip of 2.0") && svg.contains("b; Buy; expected −1.0; dip of 2.0; assumption"), "{svg}");
}

#[test]
fn expected_and_measured_emotions_are_shown_together_or_by_themselves() {
    let map = shop(&[scored("a", Some(1.0)), scored("b", Some(2.0))]).build().unwrap();
    let before = shop(&[scored("a", Some(1.0)), scored("b", Some(0.0))]).build().unwrap();
    let time = crate::time::Timestamp::from_micros(0).unwrap();
    let rated = |journey, touchpoint, score| crate::log::Event {
        score: Some(score),
        ..crate::log::Event::new(journey, touchpoint, time)
    };
    let log = crate::log::EventLog::builder().event(rated("x", "a", -1.0)).event(rated("x", "b", -2.0));
    let log = log.build().unwrap();
    let reports = MapReports {
        emotion_curve: Some(emotion_curve(&map, Some(&log), &EmotionOptions::default()).unwrap()),
        diff: Some(diff(&before, &map)),
        ..MapReports::default()
    };
    // What only the expected score brings: its line, its figures, what it was before, and the key to both.
    let expected = ["\"line-expected\"", "expected +2.0, was 0.0", ">0.0 → +2.0<", ">score expected before<"];
    let measured = ["\"line-measured\"", "measured −2.0, n 1", ">−2.0 · ", ">measured score, with its interval<"];
    for (emotion, shows) in
        [(MapEmotion::Both, (true, true)), (MapEmotion::Expected, (true, false)), (MapEmotion::Measured, (false, true))]
    {
        let options = RenderMapOptions { emotion, ..RenderMapOptions::default() };
        let svg = render_map(&map, &reports, &options).unwrap();
        let there = |signs: [&str; 4]| signs.map(|sign| svg.contains(sign));
        assert_eq!((there(expected), there(measured)), ([shows.0; 4], [shows.1; 4]), "{emotion:?} in {svg}");
    }
}

#[test]
fn an_assumption_does_not_look_like_something_counted() {
    let counted = Touchpoint { evidence: vec![Evidence::new(EvidenceKind::Analytics)], ..scored("a", None) };
    let svg = drawn(&shop(&[counted, scored("b", None)]).build().unwrap(), &MapReports::default());
    assert_eq!((svg.matches("\"card counted\"").count(), svg.matches("\"card assumed\"").count()), (1, 1));
}

#[test]
fn what_a_log_showed_is_counted_and_drawn_as_customers_reach_it() {
    let log = EventLog::builder().event(Event::untimed("ann", "visit")).event(Event::untimed("ann", "pay")).build();
    let map = discover(&log.unwrap(), &DiscoverOptions::default()).unwrap();
    let svg = drawn(&map, &MapReports::default());
    assert_eq!((svg.matches("\"card counted\"").count(), svg.matches("\"card assumed\"").count()), (2, 0));
    assert!(svg.find("aria-label=\"visit") < svg.find("aria-label=\"pay") && svg.contains("analytics · n"), "{svg}");
}

#[test]
fn a_diff_shows_what_is_new_gone_moved_and_otherwise() {
    let before = shop(&[scored("a", Some(0.0)), scored("gone", None), scored("b", None)]).build().unwrap();
    let renamed = Touchpoint { name: "Anew".into(), ..scored("a", Some(1.0)) };
    let owned = Touchpoint { owner: Some("Sales".into()), ..scored("b", None) };
    let after = shop(&[owned, renamed, scored("new", None)]).build().unwrap();
    let reports = MapReports { diff: Some(diff(&before, &after)), ..MapReports::default() };
    let svg = drawn(&after, &reports);
    for sign in
        [">added<", ">removed<", ">moved<", ">was: a<", ">changed: owner<", ">0.0 → +1.0<", "data-touchpoint=\"gone\""]
    {
        assert!(svg.contains(sign), "{sign} in {svg}");
    }
}

#[test]
fn lanes_can_be_left_out_and_empty_ones_are() {
    let map = shop(&[Touchpoint { action: Some("Pays".into()), ..scored("a", Some(1.0)) }]).build().unwrap();
    let all = drawn(&map, &MapReports::default());
    assert!(all.contains(">Actions<") && all.contains(">Emotions<") && !all.contains(">Thoughts<"));
    let options = RenderMapOptions { lanes: Some(vec![]), lang: Language::It, ..RenderMapOptions::default() };
    let bare = render_map(&map, &MapReports::default(), &options).unwrap();
    assert!(!bare.contains("Pays") && !bare.contains("polyline") && bare.contains(">Punti di contatto<"));
}

#[test]
fn a_width_out_of_range_is_refused() {
    let options = RenderMapOptions { width: 100, ..RenderMapOptions::default() };
    let error = render_map(&shop(&[]).build().unwrap(), &MapReports::default(), &options).unwrap_err();
    assert_eq!(error.to_string(), "`width`: 100 is outside the range; expected a whole number from 320 to 20000");
}

#[test]
fn maps_of_nothing_are_drawn_too() {
    assert!(drawn(&JourneyMap::builder("Empty").build().unwrap(), &MapReports::default()).contains("no stages yet"));
    assert!(drawn(&shop(&[]).build().unwrap(), &MapReports::default()).contains(">no touchpoint<"));
}

#[test]
fn a_map_of_two_thousand_touchpoints_is_drawn_whole_if_that_is_asked_for() {
    let touchpoints: Vec<_> = (0..2000).map(|place| scored(&format!("t{place}"), Some(1.0))).collect();
    let map = shop(&touchpoints).build().unwrap();
    let drawn_by = |limit| {
        let options = RenderMapOptions { limit, ..RenderMapOptions::default() };
        let svg = render_map(&map, &MapReports::default(), &options).unwrap();
        (svg.matches("data-touchpoint=").count(), svg.contains("1,500 more touchpoints are not drawn."))
    };
    assert_eq!([drawn_by(500), drawn_by(2000)], [(500, true), (2000, false)]);
}

#[test]
fn touchpoints_that_many_visit_are_drawn_before_others() {
    let map = shop(&["a", "b", "c"].map(|id| scored(id, None))).build().unwrap();
    let time = |second| crate::time::Timestamp::from_micros(second).unwrap();
    let visits = [("x", "c"), ("y", "c"), ("y", "a"), ("z", "b"), ("z", "c"), ("x", "b")];
    let log = visits.iter().zip(0..).fold(crate::log::EventLog::builder(), |log, ((journey, touchpoint), second)| {
        log.event(crate::log::Event::new(journey, touchpoint, time(second)))
    });
    let holds = crate::analysis::summary(&log.build().unwrap(), &crate::analysis::SummaryOptions::default()).unwrap();
    let reports = MapReports { summary: Some(holds), ..MapReports::default() };
    let options = RenderMapOptions { limit: 2, ..RenderMapOptions::default() };
    let svg = render_map(&map, &reports, &options).unwrap();
    let drawn = ["a", "b", "c"].map(|id| svg.contains(&format!("data-touchpoint=\"{id}\"")));
    assert_eq!((drawn, svg.contains("1 more touchpoint is not drawn.")), ([false, true, true], true));
}
