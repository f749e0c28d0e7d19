//! A log in the touchpoints of a map, by the rules of [`matching`](super::matching).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::matching::Classes;
use crate::error::Result;
use crate::log::EventLog;
use crate::map::JourneyMap;
use crate::names::{Interner, NONE, recode};

/// What becomes of events that no touchpoint of a map takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UnmappedEvents {
    /// They stay, under their own names; one that is the id of a touchpoint gets ` (unmapped)` after it.
    #[default]
    Keep,
    /// They are left out, and so are journeys of which nothing else is left.
    Drop,
}

/// Options for [`EventLog::with_map`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct WithMapOptions {
    /// What becomes of events that no touchpoint takes.
    pub unmapped: UnmappedEvents,
    /// The name of a new attribute that holds the id of the stage of each event on the map; none if not given.
    pub stage: Option<String>,
    /// The name of a new attribute that holds what each event was called before; none if not given.
    pub name: Option<String>,
}

impl Default for WithMapOptions {
    fn default() -> Self {
        Self { unmapped: UnmappedEvents::Keep, stage: Some("stage".into()), name: None }
    }
}

impl EventLog {
    /// The same log in the touchpoints of a map: each event has the id of the first touchpoint with a rule that it meets.
    ///
    /// Touchpoints are tried in the order of their stages, the rules of each in their order; one without rules takes the
    /// events whose name is its id. The stages become an attribute, for questions that look at one and for path patterns
    /// such as `stage:checkout`. [`match_events`](crate::match_events) says what was mapped and what was not.
    ///
    /// ```
    /// use journey_core::{Event, EventLog, JourneyMap, MatchPattern, MatchRule, Stage, Touchpoint, WithMapOptions};
    ///
    /// let paying = MatchRule { touchpoint: Some("/pay/".into()), pattern: MatchPattern::Prefix, ..Default::default() };
    /// let pay = Touchpoint { matches: vec![paying], ..Touchpoint::new("pay", "Pay", "buy") };
    /// let map = JourneyMap::builder("Shop").stage(Stage::new("buy", "Buy")).touchpoint(pay).build()?;
    /// let log = EventLog::builder()
    ///     .event(Event::new("ann", "/home", "2024-03-13T10:00:00Z".parse()?))
    ///     .event(Event::new("ann", "/pay/card", "2024-03-13T10:05:00Z".parse()?))
    ///     .build()?;
    /// let log = log.with_map(&map, &WithMapOptions::default())?;
    /// let ann = log.journey(0).unwrap();
    /// assert_eq!(ann.events().map(|event| event.touchpoint).collect::<Vec<_>>(), ["/home", "pay"]);
    /// assert_eq!(ann.attribute("stage").unwrap().collect::<Vec<_>>(), [None, Some("buy")]);
    /// # Ok::<(), journey_core::Error>(())
    /// ```
    ///
    /// # Errors
    /// If a new attribute has no name, or one that the log has already.
    ///
    /// # Complexity
    /// O(events + distinct events × rules), where events are distinct by name, channel and the attributes that rules name.
    pub fn with_map(&self, map: &JourneyMap, options: &WithMapOptions) -> Result<Self> {
        mapped(self, map, &Classes::new(map, self), options)
    }
}

/// The log in the touchpoints of a map, where it is known which event is which.
pub(super) fn mapped(
    log: &EventLog,
    map: &JourneyMap,
    classes: &Classes<'_>,
    options: &WithMapOptions,
) -> Result<EventLog> {
    let own = own_names(map, log);
    let (mut names, mut stages) = (Interner::default(), Interner::default());
    let (mut name_codes, mut stage_codes, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for class in classes.all() {
        let touchpoint = classes.taken_by(class).and_then(|place| classes.touchpoints().get(place));
        let (name, stage) = match (touchpoint, options.unmapped) {
            (Some((_, touchpoint)), _) => (Some(&touchpoint.id), Some(&touchpoint.stage)),
            (None, UnmappedEvents::Keep) => (own.get(class.name as usize), None),
            (None, UnmappedEvents::Drop) => (None, None),
        };
        kept.push(name.is_some());
        name_codes.push(name.map_or(Ok(NONE), |name| names.intern(name, "touchpoints"))?);
        stage_codes.push(stage.map_or(Ok(NONE), |stage| stages.intern(stage, "attribute values"))?);
    }
    let mut mapped = log.with_touchpoints(names, column(classes, &name_codes));
    if let Some(attribute) = &options.stage {
        let (stages, sorted) = stages.into_sorted();
        recode(&mut stage_codes, &sorted);
        mapped = mapped.with_attribute(attribute, "stage", stages, column(classes, &stage_codes))?;
    }
    if let Some(attribute) = &options.name {
        let before = log.touchpoint_column().to_vec();
        mapped = mapped.with_attribute(attribute, "name", log.touchpoints().clone(), before)?;
    }
    let stays = |row: usize| {
        let class = classes.rows().get(row).and_then(|class| kept.get(*class as usize));
        class.copied().unwrap_or_default()
    };
    Ok(if options.unmapped == UnmappedEvents::Drop { mapped.keep(stays) } else { mapped })
}

/// For each row what its class has.
fn column(classes: &Classes<'_>, of_class: &[u32]) -> Vec<u32> {
    let mut column = classes.rows().to_vec();
    recode(&mut column, of_class);
    column
}

/// What events are called that no touchpoint takes, by the codes of their names: what they were, unless that is the id of
/// a touchpoint; they shall not pass for it, nor for other events of the log.
fn own_names(map: &JourneyMap, log: &EventLog) -> Vec<String> {
    let mut given = BTreeSet::new();
    let mut own = Vec::with_capacity(log.touchpoints().len());
    for name in log.touchpoints().iter() {
        let mut other = name.to_owned();
        if map.node(name).is_some() {
            while map.node(&other).is_some() || log.touchpoints().code(&other).is_some() || given.contains(&other) {
                other.push_str(" (unmapped)");
            }
            given.insert(other.clone());
        }
        own.push(other);
    }
    own
}
