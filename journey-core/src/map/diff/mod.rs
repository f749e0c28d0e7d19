//! What is different between two maps, or two versions of one.
//!
//! Parts are told apart by their ids, transitions by their ends. A part whose id is new is added, one whose id is gone removed;
//! of the others every field is compared. A list is reordered by the fewest parts that have to be moved (all but a longest
//! common subsequence; where there are several, the one whose parts come first in the new order). Touchpoints are in order
//! within their stages, so moving a stage moves no touchpoint.

mod apply;
mod items;
mod order;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use self::items::{Item, Key, items};
use super::{JourneyMap, PainPoint};
use crate::reader::from_text;
use crate::sorting::inserted;

/// What happened to a part of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ChangeKind {
    /// The part is new.
    Added,
    /// The part is gone.
    Removed,
    /// The part has another place in its list, or a touchpoint another stage.
    Moved,
    /// The part has another name.
    Renamed,
    /// The touchpoint has another expected score.
    Rescored,
    /// Something else stands behind the part, or behind its pain points.
    ReEvidenced,
    /// Another field of the part is different.
    Changed,
}

/// A sort of part of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MapPart {
    /// The map itself: its name, kind, version and the like.
    Map,
    /// A persona.
    Persona,
    /// A segment.
    Segment,
    /// A stage.
    Stage,
    /// A channel.
    Channel,
    /// A touchpoint.
    Touchpoint,
    /// A transition.
    Transition,
    /// Entries, exits and conversions.
    Outcome,
    /// A figure by which success is measured.
    Kpi,
}

/// One difference between two maps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a report of known fields")]
#[non_exhaustive]
pub struct MapChange {
    /// What happened.
    pub kind: ChangeKind,
    /// To which sort of part.
    pub part: MapPart,
    /// The id of the part; of a transition that of the touchpoint it leaves; `None` for the map and its outcome.
    pub id: Option<String>,
    /// Of a transition, the id of the touchpoint it reaches.
    pub target: Option<String>,
    /// What is different: the name of a field, or `order`; `None` where the whole part was added or removed.
    pub field: Option<String>,
    /// What was there before, as JSON; `None` if nothing was.
    pub before: Option<String>,
    /// What is there now, as JSON; `None` if nothing is.
    pub after: Option<String>,
    /// Where a part that was added or moved now stands in its list, from 1; for touchpoints, in the list of their stage.
    pub place: Option<u64>,
    /// The change in words.
    pub text: String,
}

/// What is different between two maps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a report of known fields")]
#[non_exhaustive]
pub struct MapDiff {
    /// The name of the map before, with its version if it has one.
    pub before: String,
    /// The name of the map after, with its version if it has one.
    pub after: String,
    /// Whether the map after names the one before as its baseline; `None` if it names none.
    pub is_baseline: Option<bool>,
    /// The changes: by sort of part, in each what was removed and then the rest in the order of the map after.
    pub changes: Vec<MapChange>,
}

/// Says what is different between two maps, or two versions of one.
///
/// ```
/// use journey_core::{ChangeKind, JourneyMap, Stage, Touchpoint, diff};
///
/// let shop = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy"));
/// let before = shop.clone().touchpoint(Touchpoint::new("pay", "Pay", "buy")).build()?;
/// let better = Touchpoint { expected_score: Some(1.0), ..Touchpoint::new("pay", "Pay", "buy") };
/// let after = shop.touchpoint(better).build()?;
///
/// let changes = diff(&before, &after);
/// assert_eq!(changes.changes[0].kind, ChangeKind::Rescored);
/// assert_eq!(changes.to_string(), "Shop -> Shop\nrescored touchpoint `pay`: nothing -> 1.0\n");
/// assert_eq!(changes.apply(&before)?, after);
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Complexity
/// O(n log n) in the parts and fields of both maps.
#[must_use]
pub fn diff(before: &JourneyMap, after: &JourneyMap) -> MapDiff {
    let (old, new) = (items(&before.to_data()), items(&after.to_data()));
    // Both have every sort of part, in the same order.
    let changes = old.iter().zip(&new).flat_map(|((part, old), (_, new))| compare(*part, old, new)).collect();
    let title = |map: &JourneyMap| match map.version() {
        Some(version) => format!("{} {version}", map.name()),
        None => map.name().to_owned(),
    };
    let named = |map: &JourneyMap| (map.name().to_owned(), map.version().map(str::to_owned));
    MapDiff {
        before: title(before),
        after: title(after),
        is_baseline: after.baseline().map(|base| (base.name.clone(), base.version.clone()) == named(before)),
        changes,
    }
}

/// The changes of one sort of part.
fn compare(part: MapPart, old: &[Item], new: &[Item]) -> Vec<MapChange> {
    let old_keys: BTreeMap<&Key, &Item> = inserted(old.iter().map(|item| (&item.key, item)));
    let new_keys: BTreeSet<&Key> = inserted(new.iter().map(|item| &item.key));
    let mut changes: Vec<MapChange> = old
        .iter()
        .filter(|item| !new_keys.contains(&item.key))
        .map(|item| change(ChangeKind::Removed, part, &item.key).of_whole(Some(item.whole()), None, None))
        .collect();
    let places = Places::of(new);
    let old_places = Places::of(old);
    let moved = order::moved(old, new);
    for item in new {
        let place = places.place(item);
        let Some(before) = old_keys.get(&item.key) else {
            changes.push(change(ChangeKind::Added, part, &item.key).of_whole(None, Some(item.whole()), place));
            continue;
        };
        if moved.contains(&item.key) {
            let (from, to) = (old_places.place(before), place);
            let texts = [from, to].map(|place| place.map(|place| place.to_string()));
            changes.push(change(ChangeKind::Moved, part, &item.key).of_field("order", texts, place));
        }
        let fields: BTreeSet<&str> = inserted(before.fields.keys().chain(item.fields.keys()).map(String::as_str));
        for field in fields {
            let texts = [before.fields.get(field), item.fields.get(field)];
            if texts[0] != texts[1] {
                let kind = kind_of(part, field, texts);
                let place = place.filter(|_| kind == ChangeKind::Moved);
                changes.push(change(kind, part, &item.key).of_field(
                    field,
                    texts.map(Option::<&String>::cloned),
                    place,
                ));
            }
        }
    }
    for change in &mut changes {
        change.text = words::sentence(change);
    }
    changes
}

/// What a difference in a field is called.
fn kind_of(part: MapPart, field: &str, [before, after]: [Option<&String>; 2]) -> ChangeKind {
    // With the evidence taken away the pain points are the same.
    let bare = |text: Option<&String>| -> Option<Vec<PainPoint>> {
        let mut points: Vec<PainPoint> = text.map_or(Some(Vec::new()), |text| from_text(text))?;
        for point in &mut points {
            point.evidence.clear();
        }
        Some(points)
    };
    match (part, field) {
        (_, "name") => ChangeKind::Renamed,
        (_, "evidence") => ChangeKind::ReEvidenced,
        (MapPart::Touchpoint, "stage") => ChangeKind::Moved,
        (MapPart::Touchpoint, "expected_score") => ChangeKind::Rescored,
        (MapPart::Touchpoint, "pain_points") if bare(before) == bare(after) => ChangeKind::ReEvidenced,
        _ => ChangeKind::Changed,
    }
}

/// Where items stand in their group, from 1.
struct Places<'a>(BTreeMap<&'a Key, u64>);

impl<'a> Places<'a> {
    fn of(items: &'a [Item]) -> Self {
        let mut next: BTreeMap<&str, u64> = BTreeMap::new();
        let place = |item: &'a Item| {
            let place = next.entry(item.group()).or_default();
            *place += 1;
            (&item.key, *place)
        };
        Self(inserted(items.iter().map(place)))
    }

    fn place(&self, item: &Item) -> Option<u64> {
        self.0.get(&item.key).copied()
    }
}

/// A change that does not yet say what is different.
fn change(kind: ChangeKind, part: MapPart, key: &Key) -> MapChange {
    let Key { id, target } = key.clone();
    MapChange { kind, part, id, target, field: None, before: None, after: None, place: None, text: String::new() }
}

impl MapChange {
    fn of_whole(self, before: Option<String>, after: Option<String>, place: Option<u64>) -> Self {
        Self { before, after, place, ..self }
    }

    fn of_field(self, field: &str, [before, after]: [Option<String>; 2], place: Option<u64>) -> Self {
        Self { field: Some(field.to_owned()), before, after, place, ..self }
    }
}

/// The changes in words, one to a line, after a line that names both maps.
impl fmt::Display for MapDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} -> {}", self.before, self.after)?;
        if self.changes.is_empty() {
            writeln!(f, "no difference")?;
        }
        self.changes.iter().try_for_each(|change| writeln!(f, "{}", change.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evidence, EvidenceKind, JourneyMapBuilder, PainPoint, Persona, Stage, Touchpoint, Transition};

    fn shop(touchpoints: &[&str]) -> JourneyMapBuilder {
        let shop = JourneyMap::builder("Shop").stage(Stage::new("s", "S")).stage(Stage::new("t", "T"));
        touchpoints.iter().fold(shop, |shop, id| shop.touchpoint(Touchpoint::new(*id, *id, "s")))
    }

    type Edit = fn(&mut Touchpoint);

    /// Kind, id and field of the changes.
    fn changes(before: JourneyMapBuilder, after: JourneyMapBuilder) -> Vec<(ChangeKind, String, String)> {
        let (before, after) = (before.build().unwrap(), after.build().unwrap());
        let changes = diff(&before, &after);
        assert_eq!(changes.apply(&before).unwrap(), after);
        let short = |change: MapChange| (change.kind, change.id.unwrap_or_default(), change.field.unwrap_or_default());
        changes.changes.into_iter().map(short).collect()
    }

    fn one(kind: ChangeKind, id: &str, field: &str) -> Vec<(ChangeKind, String, String)> {
        vec![(kind, id.into(), field.into())]
    }

    #[test]
    fn a_map_is_not_different_from_itself() {
        let map = shop(&["a", "b"]).build().unwrap();
        assert!(diff(&map, &map).changes.is_empty());
        assert_eq!(diff(&map, &map).to_string(), "Shop -> Shop\nno difference\n");
    }

    #[test]
    fn parts_are_added_and_removed_where_they_stand() {
        assert_eq!(changes(shop(&["a", "b"]), shop(&["a", "x", "b"])), one(ChangeKind::Added, "x", ""));
        assert_eq!(changes(shop(&["a", "x", "b"]), shop(&["a", "b"])), one(ChangeKind::Removed, "x", ""));
        let ann = shop(&[]).persona(Persona::new("ann", "Ann"));
        assert_eq!(changes(shop(&[]), ann.clone()), one(ChangeKind::Added, "ann", ""));
        assert_eq!(changes(ann, shop(&[])), one(ChangeKind::Removed, "ann", ""));
    }

    #[test]
    fn the_fewest_parts_are_moved() {
        assert_eq!(
            changes(shop(&["a", "b", "c", "d"]), shop(&["b", "c", "d", "a"])),
            one(ChangeKind::Moved, "a", "order")
        );
        assert_eq!(
            changes(shop(&["a", "b"]), shop(&["b", "a"])),
            one(ChangeKind::Moved, "a", "order"),
            "the first stays"
        );
    }

    #[test]
    fn moving_a_stage_moves_no_touchpoint() {
        let turned = JourneyMap::builder("Shop").stage(Stage::new("t", "T")).stage(Stage::new("s", "S"));
        let turned = turned.touchpoint(Touchpoint::new("a", "a", "s")).touchpoint(Touchpoint::new("z", "z", "t"));
        let before = shop(&["a"]).touchpoint(Touchpoint::new("z", "z", "t"));
        assert_eq!(changes(before, turned), one(ChangeKind::Moved, "s", "order"));
    }

    #[test]
    fn a_change_has_the_name_of_what_it_is() {
        let with = |change: fn(&mut Touchpoint)| {
            let mut touchpoint = Touchpoint::new("a", "a", "s");
            touchpoint.pain_points.push(PainPoint { text: "slow".into(), ..PainPoint::default() });
            change(&mut touchpoint);
            shop(&[]).touchpoint(touchpoint)
        };
        let cases: [(Edit, ChangeKind, &str); 7] = [
            (|t| t.name = "A".into(), ChangeKind::Renamed, "name"),
            (|t| t.stage = "t".into(), ChangeKind::Moved, "stage"),
            (|t| t.expected_score = Some(-1.0), ChangeKind::Rescored, "expected_score"),
            (|t| t.evidence.push(Evidence::new(EvidenceKind::Survey)), ChangeKind::ReEvidenced, "evidence"),
            (
                |t| t.pain_points[0].evidence.push(Evidence::new(EvidenceKind::Survey)),
                ChangeKind::ReEvidenced,
                "pain_points",
            ),
            (|t| t.pain_points[0].text = "very slow".into(), ChangeKind::Changed, "pain_points"),
            (|t| t.owner = Some("Sales".into()), ChangeKind::Changed, "owner"),
        ];
        for (edit, kind, field) in cases {
            assert_eq!(changes(with(|_| ()), with(edit)), one(kind, "a", field));
        }
    }

    #[test]
    fn transitions_are_told_apart_by_their_ends() {
        let before = shop(&["a", "b"]).transition(Transition::new("a", "b"));
        let after = shop(&["a", "b"]).transition(Transition::new("b", "a"));
        let (before, after) = (before.build().unwrap(), after.build().unwrap());
        let texts: Vec<String> = diff(&before, &after).changes.into_iter().map(|change| change.text).collect();
        assert_eq!(texts, ["removed transition from `a` to `b`", "added transition from `b` to `a`"]);
    }

    #[test]
    fn a_diff_of_other_maps_is_refused() {
        let [a, b] = [shop(&["a", "b"]), shop(&["b"])].map(|map| map.build().unwrap());
        let error = diff(&a, &b).apply(&b).unwrap_err();
        assert_eq!(error.to_string(), "the map has no touchpoint `a`");
    }
}
