//! A diff, applied to a map.

use std::collections::{BTreeMap, BTreeSet};
use std::mem::take;

use super::items::{Item, Key, data, items};
use super::{ChangeKind, MapChange, MapDiff, MapPart};
use crate::error::{Problem, Result, nearest, shorten};
use crate::map::JourneyMap;
use crate::sorting::{SortRows, inserted};

impl MapDiff {
    /// The map with the changes made: applied to the map before, it gives the map after.
    ///
    /// What a field held before is not compared, so a diff can be applied to another version of the map, too. A part that is
    /// added and there already is replaced.
    ///
    /// # Errors
    /// If the diff changes or removes a part that the map does not have, or the result breaks a rule of maps.
    pub fn apply(&self, map: &JourneyMap) -> Result<JourneyMap> {
        let mut parts = items(&map.to_data());
        for (part, items) in &mut parts {
            let changes: Vec<&MapChange> = self.changes.iter().filter(|change| change.part == *part).collect();
            if !changes.is_empty() {
                *items = apply(*part, take(items), &changes)?;
            }
        }
        JourneyMap::from_data(data(&parts)?)
    }
}

fn apply(part: MapPart, old: Vec<Item>, changes: &[&MapChange]) -> Result<Vec<Item>> {
    let mut order: Vec<Key> = old.iter().map(|item| item.key.clone()).collect();
    let mut items: BTreeMap<Key, Item> = inserted(old.into_iter().map(|item| (item.key.clone(), item)));
    for change in changes {
        let key = key(change);
        match (change.kind, &change.field) {
            (ChangeKind::Added, _) => {
                items.insert(key.clone(), Item::new(key, change.after.clone().unwrap_or_default())?);
            }
            (ChangeKind::Removed, _) => {
                items.remove(&key).ok_or_else(|| unknown(part, &key, &order))?;
            }
            (_, field) => {
                let item = items.get_mut(&key).ok_or_else(|| unknown(part, &key, &order))?;
                match (field.as_deref(), &change.after) {
                    (Some("order") | None, _) => {}
                    (Some(field), Some(after)) => {
                        item.set(field, after)?;
                    }
                    (Some(field), None) => {
                        item.fields.remove(field);
                    }
                }
            }
        }
    }
    // Those that were added or moved leave their places, and take the new ones from the first to the last.
    let mut placed: Vec<(u64, Key)> = Vec::new();
    for change in changes {
        placed.extend(change.place.map(|place| (place, key(change))));
    }
    let leaving: BTreeSet<&Key> = inserted(placed.iter().map(|(_, key)| key));
    order.retain(|key| items.contains_key(key) && !leaving.contains(key));
    placed.sort_rows_by(Ord::cmp);
    placed.dedup_by(|a, b| a.1 == b.1);
    let mut groups: BTreeMap<String, Vec<Item>> = BTreeMap::new();
    for key in order {
        if let Some(item) = items.remove(&key) {
            groups.entry(item.group().to_owned()).or_default().push(item);
        }
    }
    for (place, key) in placed {
        if let Some(item) = items.remove(&key) {
            let group = groups.entry(item.group().to_owned()).or_default();
            let place = usize::try_from(place.saturating_sub(1)).unwrap_or(usize::MAX).min(group.len());
            group.insert(place, item);
        }
    }
    Ok(groups.into_values().flatten().collect())
}

fn key(change: &MapChange) -> Key {
    Key { id: change.id.clone(), target: change.target.clone() }
}

fn unknown(part: MapPart, key: &Key, known: &[Key]) -> crate::error::Error {
    let name = |key: &Key| match (&key.id, &key.target) {
        (Some(id), Some(target)) => format!("{id} -> {target}"),
        (Some(id), None) => id.clone(),
        _ => String::new(),
    };
    let names: Vec<String> = known.iter().map(name).collect();
    let nearest = nearest(&name(key), names.iter().map(String::as_str));
    Problem::UnknownPart { what: part.word(), id: shorten(&name(key)), nearest }.into()
}
