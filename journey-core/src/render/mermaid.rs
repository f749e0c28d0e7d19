//! Maps as Mermaid `journey` diagrams.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::map::{Ids, JourneyMap, MapData};

/// A map as a Mermaid diagram, with what the diagram cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MermaidExport {
    /// The text of the diagram.
    pub text: String,
    /// What was left out, or is written otherwise than it is on the map; in the order of the map.
    pub lost: Vec<MermaidLoss>,
}

/// Something that a Mermaid diagram cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MermaidLoss {
    /// The path in the map's data, such as `touchpoints[2].channel`.
    pub place: String,
    /// What happens to it.
    pub message: String,
}

impl JourneyMap {
    /// The map as a Mermaid `journey` diagram: its stages as sections, touchpoints as tasks with their expected score on
    /// 1 to 5, personas as actors.
    ///
    /// Characters with a meaning in Mermaid are written as entities (`#58;`), so that any text can be a label. A diagram
    /// holds much less than a map; what it leaves out is listed.
    ///
    /// ```
    /// use journey_core::{JourneyMap, Stage, Touchpoint};
    ///
    /// let pay = Touchpoint { expected_score: Some(-1.0), ..Touchpoint::new("pay", "Pay: by card", "buy") };
    /// let map = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy")).touchpoint(pay).build()?;
    /// let export = map.to_mermaid();
    /// assert_eq!(export.text, "journey\n    title Shop\n    section Buy\n        Pay#58; by card: 2\n");
    /// assert_eq!(JourneyMap::from_mermaid(&export.text)?.touchpoints().next().unwrap().name, "Pay: by card");
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> MermaidExport {
        let mut text = format!("journey\n    title {}\n", escaped(self.name()));
        if let Some(description) = self.description() {
            let _ = writeln!(text, "    accDescr: {}", escaped(description));
        }
        let actor = |id: &String| {
            let persona = self.personas().iter().find(|persona| persona.id == *id);
            persona.map(|persona| escaped(&persona.name))
        };
        for stage in self.stages() {
            let _ = writeln!(text, "    section {}", escaped(&stage.name));
            for touchpoint in self.touchpoints().filter(|touchpoint| touchpoint.stage == stage.id) {
                let score = touchpoint.expected_score.unwrap_or(0.0) + 3.0;
                let _ = write!(text, "        {}: {score}", escaped(&touchpoint.name));
                let actors: Vec<String> = touchpoint.personas.iter().filter_map(actor).collect();
                if !actors.is_empty() {
                    let _ = write!(text, ": {}", actors.join(", "));
                }
                text.push('\n');
            }
        }
        MermaidExport { text, lost: losses(self) }
    }
}

/// A text in which nothing has a meaning in Mermaid: not its characters, not the blanks around it, not its first word.
fn escaped(text: &str) -> String {
    const KEYWORDS: [&str; 5] = ["title", "section", "acctitle", "accdescr", "journey"];
    let lower = text.to_lowercase();
    let keyword = KEYWORDS.iter().any(|keyword| lower.starts_with(keyword));
    let (first, last) = (0, text.chars().count().saturating_sub(1));
    let mut out = String::with_capacity(text.len());
    for (place, c) in text.chars().enumerate() {
        let at_border = place == first || place == last;
        if "#;:,%<>&".contains(c)
            || c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}')
            || (at_border && c.is_whitespace())
            || (keyword && place == first)
        {
            let _ = write!(out, "#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Everything on the map that its diagram does not hold.
fn losses(map: &JourneyMap) -> Vec<MermaidLoss> {
    let data = map.to_data();
    let mut lost = Vec::new();
    let mut note = |place: String, message: &str| lost.push(MermaidLoss { place, message: message.to_owned() });
    for field in fields(
        &MapData {
            personas: Vec::new(),
            stages: Vec::new(),
            touchpoints: Vec::new(),
            transitions: Vec::new(),
            ..data.clone()
        },
        &["name", "description"],
    ) {
        note(field, LEFT_OUT);
    }
    let mut personas = Ids::default();
    let used =
        |id: &str| data.touchpoints.iter().any(|touchpoint| touchpoint.personas.iter().any(|persona| persona == id));
    for (i, persona) in data.personas.iter().enumerate() {
        let named_before = data.personas.iter().take(i).any(|other| other.name == persona.name);
        if !used(&persona.id) {
            note(format!("personas[{i}]"), "left out, since no touchpoint names it");
            continue;
        }
        for field in fields(persona, &["id", "name"]) {
            note(format!("personas[{i}].{field}"), LEFT_OUT);
        }
        if named_before {
            note(format!("personas[{i}].name"), "another persona has the same name; the diagram shows one actor");
        }
    }
    // Ids are made from names in the order in which a reader meets them.
    let mut seen: Vec<&str> = Vec::new();
    for id in data.touchpoints.iter().flat_map(|touchpoint| &touchpoint.personas) {
        if seen.contains(&id.as_str()) {
            continue;
        }
        seen.push(id);
        let persona = data.personas.iter().enumerate().find(|(_, persona)| persona.id == *id);
        if let Some((i, _)) = persona.filter(|(_, persona)| personas.unused(&persona.name) != *id) {
            note(format!("personas[{i}].id"), OTHER_ID);
        }
    }
    let mut stages = Ids::default();
    for (i, stage) in data.stages.iter().enumerate() {
        for field in fields(stage, &["id", "name"]) {
            note(format!("stages[{i}].{field}"), LEFT_OUT);
        }
        if stages.unused(&stage.name) != stage.id {
            note(format!("stages[{i}].id"), OTHER_ID);
        }
    }
    let mut touchpoints = Ids::default();
    for (i, touchpoint) in data.touchpoints.iter().enumerate() {
        for field in fields(touchpoint, &["id", "name", "stage", "personas", "expected_score"]) {
            note(format!("touchpoints[{i}].{field}"), LEFT_OUT);
        }
        if touchpoint.expected_score.is_none() {
            note(
                format!("touchpoints[{i}].expected_score"),
                "there is none, but a task needs one; written as 3, neutral",
            );
        }
        if touchpoints.unused(&touchpoint.name) != touchpoint.id {
            note(format!("touchpoints[{i}].id"), OTHER_ID);
        }
    }
    let next = |from: &str, to: &str| {
        data.touchpoints.windows(2).any(|pair| matches!(pair, [a, b] if a.id == from && b.id == to))
    };
    for (i, transition) in data.transitions.iter().enumerate() {
        if !next(&transition.from, &transition.to) {
            note(format!("transitions[{i}]"), "left out: a diagram only has the order of its tasks");
            continue;
        }
        for field in fields(transition, &["from", "to"]) {
            note(format!("transitions[{i}].{field}"), LEFT_OUT);
        }
    }
    for (i, pair) in data.touchpoints.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        if !data.transitions.iter().any(|transition| transition.from == a.id && transition.to == b.id) {
            note(
                format!("touchpoints[{}]", i + 1),
                "it follows the one before it in the diagram, which no transition says",
            );
        }
    }
    lost
}

const LEFT_OUT: &str = "left out";
const OTHER_ID: &str = "read back, it is made from the name";

/// The names of the fields of a thing that have a value, but for those held.
fn fields(thing: &impl Serialize, held: &[&str]) -> Vec<String> {
    // By its text, as everything that is written: what writes values would be compiled for every part of a map a second time.
    let text = serde_json::to_string(thing).unwrap_or_default();
    let value: Value = serde_json::from_str(&text).unwrap_or_default();
    let empty = |value: &Value| match value {
        Value::Null => true,
        Value::Array(list) => list.is_empty(),
        Value::Object(object) => object.values().all(|value| matches!(value, Value::Array(list) if list.is_empty())),
        Value::String(text) => text == "current_state",
        _ => false,
    };
    let object = value.as_object().into_iter().flatten();
    object
        .filter(|(name, value)| !held.contains(&name.as_str()) && !empty(value))
        .map(|(name, _)| name.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Channel, Persona, Stage, Touchpoint, Transition};

    #[test]
    fn what_a_diagram_holds_comes_back_the_same() {
        let text = "journey\n    title My day\n    accDescr: From #10; to\n    section Go\n        Make tea: 5: Me, Cat\n        \
                    Make tea: 1.5\n    section Go\n        #116;itle: 3: Cat\n";
        let map = JourneyMap::from_mermaid(text).unwrap();
        let export = map.to_mermaid();
        assert_eq!((export.text.as_str(), export.lost.as_slice()), (text, [].as_slice()));
    }

    #[test]
    fn labels_of_any_sort_stay_themselves() {
        for label in [
            "a: b; c, d #e %%f",
            "title",
            "section 8",
            " x ",
            "#58;",
            "#quot;",
            "<br>",
            "a\nb\u{2028}",
            "```",
            "}",
            "👍🏽 عربي",
            "%%{init: {}}%%",
        ] {
            let touchpoint = Touchpoint {
                expected_score: Some(0.0),
                personas: vec!["p".into()],
                ..Touchpoint::new("t", label, "s")
            };
            let data = MapData {
                name: label.into(),
                description: Some(label.into()),
                personas: vec![Persona::new("p", label)],
                stages: vec![Stage::new("s", label)],
                touchpoints: vec![touchpoint],
                ..MapData::default()
            };
            let text = JourneyMap::from_data(data).unwrap().to_mermaid().text;
            let back = JourneyMap::from_mermaid(&text).unwrap().to_data();
            let names = [
                &back.name,
                back.description.as_ref().unwrap(),
                &back.personas[0].name,
                &back.stages[0].name,
                &back.touchpoints[0].name,
            ];
            assert_eq!(names, [label; 5], "{text}");
        }
    }

    #[test]
    fn what_a_diagram_cannot_hold_is_listed() {
        let pay = Touchpoint { channel: Some("web".into()), ..Touchpoint::new("pay", "Pay", "buy") };
        let map = JourneyMap::builder("Shop")
            .stage(Stage { goal: Some("To own it".into()), ..Stage::new("purchase", "Buy") })
            .stage(Stage::new("buy", "Buy"))
            .channel(Channel { id: "web".into(), name: "Web".into(), ..Channel::default() })
            .touchpoint(pay)
            .touchpoint(Touchpoint { expected_score: Some(1.0), ..Touchpoint::new("use", "Use", "buy") })
            .transition(Transition::new("use", "pay"))
            .exit("use")
            .build()
            .unwrap();
        let lost: Vec<String> = map.to_mermaid().lost.into_iter().map(|loss| loss.place).collect();
        let expected = [
            "channels",
            "outcome",
            "stages[0].goal",
            "stages[0].id",
            "stages[1].id",
            "touchpoints[0].channel",
            "touchpoints[0].expected_score",
            "transitions[0]",
            "touchpoints[1]",
        ];
        assert_eq!(lost, expected);
    }
}
