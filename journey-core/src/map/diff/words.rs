//! Changes in words.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{ChangeKind, MapChange, MapPart};
use crate::error::shorten;

impl MapPart {
    /// What a part of this sort is called.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Persona => "persona",
            Self::Segment => "segment",
            Self::Stage => "stage",
            Self::Channel => "channel",
            Self::Touchpoint => "touchpoint",
            Self::Transition => "transition",
            Self::Outcome => "outcome",
            Self::Kpi => "KPI",
        }
    }
}

/// A change as a sentence, such as ``rescored touchpoint `pay`: -1.0 -> 0.5``.
pub(super) fn sentence(change: &MapChange) -> String {
    let verb = match change.kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        ChangeKind::Moved => "moved",
        ChangeKind::Renamed => "renamed",
        ChangeKind::Rescored => "rescored",
        ChangeKind::ReEvidenced => "re-evidenced",
        ChangeKind::Changed => "changed",
    };
    let word = change.part.word();
    let part = match (&change.id, &change.target) {
        (Some(id), Some(target)) => format!("{word} from `{}` to `{}`", shorten(id), shorten(target)),
        (Some(id), None) => format!("{word} `{}`", shorten(id)),
        _ => format!("the {word}"),
    };
    let Some(field) = &change.field else { return format!("{verb} {part}") };
    let what = match change.kind {
        ChangeKind::Renamed | ChangeKind::Rescored => String::new(),
        ChangeKind::ReEvidenced if field == "evidence" => String::new(),
        _ => format!(", {}", field.replace('_', " ")),
    };
    format!("{verb} {part}{what}: {}", difference(change.before.as_deref(), change.after.as_deref()))
}

/// What was and what is; of lists what came and what went.
fn difference(before: Option<&str>, after: Option<&str>) -> String {
    let lists = [before, after].map(|text| text.map_or(Ok(Vec::new()), serde_json::from_str::<Vec<&RawValue>>));
    if let ([Ok(old), Ok(new)], true) = (&lists, before.is_some() || after.is_some()) {
        let [mut gone, mut come] = [old, new].map(|list| list.iter().map(|item| item.get()).collect::<Vec<_>>());
        come.retain(|item| match gone.iter().position(|other| other == item) {
            Some(place) => {
                gone.remove(place);
                false
            }
            None => true,
        });
        let come = come.into_iter().map(|item| format!("+ {}", shown(item)));
        let all: Vec<String> = come.chain(gone.into_iter().map(|item| format!("- {}", shown(item)))).collect();
        return if all.is_empty() { "in another order".into() } else { all.join(", ") };
    }
    let shown = |text: Option<&str>| text.map_or_else(|| "nothing".to_owned(), shown);
    format!("{} -> {}", shown(before), shown(after))
}

/// A JSON text for people: texts in quotes, objects as their fields.
fn shown(text: &str) -> String {
    if let Ok(fields) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) {
        let fields = fields.iter().map(|(name, value)| format!("{name} {}", shown(value.get())));
        return format!("({})", fields.collect::<Vec<_>>().join(", "));
    }
    match serde_json::from_str::<String>(text) {
        Ok(text) => format!("\"{}\"", shorten(&text)),
        Err(_) => shorten(text),
    }
}
