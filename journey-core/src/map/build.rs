//! The builder of maps, and every rule a map keeps.

use std::collections::HashMap;

use chrono::NaiveDate;
use petgraph::graph::DiGraph;

use super::{Channel, Evidence, JourneyMap, MapData, MapKind, Stage, Touchpoint, Transition};
use crate::error::{Error, Problem, Result, nearest, shorten};
use crate::score::SCORES;

/// Gathers the parts of a map; [`build`](Self::build) checks them.
#[derive(Clone, Debug)]
#[must_use]
pub struct JourneyMapBuilder {
    data: MapData,
}

impl JourneyMapBuilder {
    pub(super) fn new(name: impl Into<String>) -> Self {
        Self { data: MapData { name: name.into(), ..MapData::default() } }
    }

    /// Says what the map shows, and for whom.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.data.description = Some(text.into());
        self
    }

    /// Sets what the map shows: today, tomorrow or a day.
    pub fn kind(mut self, kind: MapKind) -> Self {
        self.data.kind = kind;
        self
    }

    /// Adds a stage after those there are.
    pub fn stage(mut self, stage: Stage) -> Self {
        self.data.stages.push(stage);
        self
    }

    /// Adds a channel.
    pub fn channel(mut self, channel: Channel) -> Self {
        self.data.channels.push(channel);
        self
    }

    /// Adds a touchpoint.
    pub fn touchpoint(mut self, touchpoint: Touchpoint) -> Self {
        self.data.touchpoints.push(touchpoint);
        self
    }

    /// Adds a transition.
    pub fn transition(mut self, transition: Transition) -> Self {
        self.data.transitions.push(transition);
        self
    }

    /// Names a touchpoint where journeys may begin.
    pub fn entry(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.entries.push(touchpoint.into());
        self
    }

    /// Names a touchpoint where journeys may end.
    pub fn exit(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.exits.push(touchpoint.into());
        self
    }

    /// Names a touchpoint that is the goal of the journey.
    pub fn conversion(mut self, touchpoint: impl Into<String>) -> Self {
        self.data.outcome.conversions.push(touchpoint.into());
        self
    }

    /// Checks all parts and makes the map.
    ///
    /// # Errors
    /// As [`JourneyMap::from_data`].
    pub fn build(self) -> Result<JourneyMap> {
        JourneyMap::from_data(self.data)
    }
}

impl JourneyMap {
    /// Makes a map from its data.
    ///
    /// # Errors
    /// If an id or name is empty or an id is used twice; if a stage, channel or touchpoint is named that does not
    /// exist; if a transition is there twice; if a score is not a number from -2 to 2, a share not one from 0 to 1, a time
    /// negative or not finite; if the expected shares that leave a touchpoint add up to more than 1; if a date is not
    /// `YYYY-MM-DD`. The error's location names the field, such as `touchpoints[2].stage`.
    pub fn from_data(mut data: MapData) -> Result<Self> {
        check_text("name", &data.name, "name of the map")?;
        check_date("updated", data.updated.as_deref())?;
        let stages = check_ids("stages", "stage", data.stages.iter().map(|s| (&s.id, &s.name)))?;
        let channels = check_ids("channels", "channel", data.channels.iter().map(|c| (&c.id, &c.name)))?;
        let touchpoints = check_ids("touchpoints", "touchpoint", data.touchpoints.iter().map(|t| (&t.id, &t.name)))?;
        for (i, touchpoint) in data.touchpoints.iter().enumerate() {
            check_touchpoint(&format!("touchpoints[{i}]"), touchpoint, &stages, &channels)?;
        }
        check_transitions(&data.transitions, &touchpoints)?;
        for (part, ids) in [
            ("entries", &data.outcome.entries),
            ("exits", &data.outcome.exits),
            ("conversions", &data.outcome.conversions),
        ] {
            for (i, id) in ids.iter().enumerate() {
                check_known(&format!("outcome.{part}[{i}]"), id, &touchpoints)?;
            }
        }

        let stage_order: HashMap<String, usize> = stages.into_iter().map(|(id, i)| (id.to_owned(), i)).collect();
        let mut touchpoints = std::mem::take(&mut data.touchpoints);
        touchpoints.sort_by_key(|t| stage_order.get(&t.stage).copied());
        let mut graph = DiGraph::with_capacity(touchpoints.len(), data.transitions.len());
        let nodes: HashMap<_, _> = touchpoints.into_iter().map(|t| (t.id.clone(), graph.add_node(t))).collect();
        for transition in std::mem::take(&mut data.transitions) {
            if let (Some(from), Some(to)) = (nodes.get(&transition.from), nodes.get(&transition.to)) {
                graph.add_edge(*from, *to, transition);
            }
        }
        Ok(Self { frame: data, graph, nodes })
    }
}

/// Ids with their positions.
type Ids<'a> = HashMap<&'a str, usize>;

fn check_text(field: &str, text: &str, what: &'static str) -> Result<()> {
    if text.is_empty() { Err(Problem::EmptyText(what).at_field(field)) } else { Ok(()) }
}

fn check_ids<'a>(
    list: &str,
    what: &'static str,
    items: impl Iterator<Item = (&'a String, &'a String)>,
) -> Result<Ids<'a>> {
    let mut ids = Ids::new();
    for (i, (id, name)) in items.enumerate() {
        check_text(&format!("{list}[{i}].id"), id, "id")?;
        check_text(&format!("{list}[{i}].name"), name, "name")?;
        if ids.insert(id, i).is_some() {
            return Err(Problem::RepeatedId { what, id: shorten(id) }.at_field(format!("{list}[{i}].id")));
        }
    }
    Ok(ids)
}

fn nearest_id(id: &str, ids: &Ids) -> Option<String> {
    let mut known: Vec<_> = ids.keys().copied().collect();
    known.sort_unstable();
    nearest(id, known)
}

fn check_touchpoint(place: &str, touchpoint: &Touchpoint, stages: &Ids, channels: &Ids) -> Result<()> {
    let id = &touchpoint.stage;
    if !stages.contains_key(id.as_str()) {
        let problem = Problem::UnknownStage { id: shorten(id), nearest: nearest_id(id, stages) };
        return Err(problem.at_field(format!("{place}.stage")));
    }
    if let Some(id) = touchpoint.channel.as_ref().filter(|id| !channels.contains_key(id.as_str())) {
        let problem = Problem::UnknownChannel { id: shorten(id), nearest: nearest_id(id, channels) };
        return Err(problem.at_field(format!("{place}.channel")));
    }
    let score = touchpoint.expected_score;
    check_number(&format!("{place}.expected_score"), score, |x| SCORES.contains(&x), "a score from -2 to 2")?;
    for (i, Evidence { date, .. }) in touchpoint.evidence.iter().enumerate() {
        check_date(&format!("{place}.evidence[{i}].date"), date.as_deref())?;
    }
    Ok(())
}

fn check_transitions(transitions: &[Transition], touchpoints: &Ids) -> Result<()> {
    let mut seen = HashMap::new();
    let mut shares: HashMap<&str, f64> = HashMap::new();
    for (i, transition) in transitions.iter().enumerate() {
        let place = format!("transitions[{i}]");
        let Transition { from, to, expected_share, expected_seconds, observed } = transition;
        check_known(&format!("{place}.from"), from, touchpoints)?;
        check_known(&format!("{place}.to"), to, touchpoints)?;
        if seen.insert((from, to), i).is_some() {
            let problem = Problem::RepeatedTransition { from: shorten(from), to: shorten(to) };
            return Err(problem.at_field(place));
        }
        let share_place = format!("{place}.expected_share");
        check_number(&share_place, *expected_share, |x| (0.0..=1.0).contains(&x), "a share from 0 to 1")?;
        let seconds = |x: f64| x.is_finite() && x >= 0.0;
        let expected = "a finite number of seconds, 0 or more";
        check_number(&format!("{place}.expected_seconds"), *expected_seconds, seconds, expected)?;
        if let Some(times) = observed {
            check_number(&format!("{place}.observed.mean_seconds"), Some(times.mean_seconds), seconds, expected)?;
            check_number(&format!("{place}.observed.median_seconds"), Some(times.median_seconds), seconds, expected)?;
        }
        let sum = shares.entry(from).or_default();
        *sum += expected_share.unwrap_or(0.0);
        if *sum > 1.0 + 1e-9 {
            return Err(Problem::Shares { from: shorten(from), sum: *sum }.at_field(share_place));
        }
    }
    Ok(())
}

fn check_known(field: &str, id: &str, touchpoints: &Ids) -> Result<()> {
    if touchpoints.contains_key(id) {
        return Ok(());
    }
    let nearest = nearest_id(id, touchpoints);
    let problem = Problem::UnknownTouchpoint { place: "the map", id: shorten(id), nearest };
    Err(problem.at_field(field))
}

fn check_number(field: &str, value: Option<f64>, ok: impl Fn(f64) -> bool, expected: &'static str) -> Result<()> {
    match value {
        Some(value) if !ok(value) => Err(Problem::MapValue { value: value.to_string(), expected }.at_field(field)),
        _ => Ok(()),
    }
}

fn check_date(field: &str, date: Option<&str>) -> Result<()> {
    let bad = |text: &str| -> Error {
        let value = format!("`{}`", shorten(text));
        Problem::MapValue { value, expected: "a date such as `2026-03-31`" }.at_field(field)
    };
    match date {
        Some(text) if text.len() != 10 || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_err() => Err(bad(text)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ErrorKind, EvidenceKind};

    fn builder() -> JourneyMapBuilder {
        JourneyMap::builder("Shop")
            .stage(Stage::new("buy", "Buy"))
            .touchpoint(Touchpoint::new("cart", "Cart", "buy"))
            .touchpoint(Touchpoint::new("pay", "Pay", "buy"))
    }

    /// Kind and field of the error that building gives.
    fn refused(builder: JourneyMapBuilder) -> (ErrorKind, String) {
        let error = builder.build().unwrap_err();
        (error.kind(), error.location().field.clone().unwrap())
    }

    fn touchpoint(change: impl Fn(&mut Touchpoint)) -> JourneyMapBuilder {
        let mut touchpoint = Touchpoint::new("ship", "Ship", "buy");
        change(&mut touchpoint);
        builder().touchpoint(touchpoint)
    }

    #[test]
    fn every_broken_rule_is_refused_with_its_place() {
        use ErrorKind::{InvalidMap, UnknownStage, UnknownTouchpoint};
        let transition = |from: &str, to: &str, share| {
            builder().transition(Transition { expected_share: share, ..Transition::new(from, to) })
        };
        let slow = Transition { expected_seconds: Some(f64::INFINITY), ..Transition::new("cart", "pay") };
        let undated = Evidence { date: Some("31.3.2026".into()), ..Evidence::new(EvidenceKind::Survey) };
        let shares = Transition { expected_share: Some(0.6), ..Transition::new("cart", "cart") };
        let cases = [
            (JourneyMap::builder(""), InvalidMap, "name"),
            (builder().stage(Stage::new("buy", "Buy again")), InvalidMap, "stages[1].id"),
            (builder().stage(Stage::new("use", "")), InvalidMap, "stages[1].name"),
            (touchpoint(|t| t.id = "cart".into()), InvalidMap, "touchpoints[2].id"),
            (touchpoint(|t| t.name = String::new()), InvalidMap, "touchpoints[2].name"),
            (touchpoint(|t| t.stage = "by".into()), UnknownStage, "touchpoints[2].stage"),
            (touchpoint(|t| t.channel = Some("web".into())), InvalidMap, "touchpoints[2].channel"),
            (touchpoint(|t| t.expected_score = Some(7.0)), InvalidMap, "touchpoints[2].expected_score"),
            (touchpoint(|t| t.expected_score = Some(f64::NAN)), InvalidMap, "touchpoints[2].expected_score"),
            (touchpoint(|t| t.evidence = vec![undated.clone()]), InvalidMap, "touchpoints[2].evidence[0].date"),
            (transition("cart", "pey", None), UnknownTouchpoint, "transitions[0].to"),
            (transition("crat", "pay", None), UnknownTouchpoint, "transitions[0].from"),
            (transition("cart", "pay", Some(1.5)), InvalidMap, "transitions[0].expected_share"),
            (transition("cart", "pay", Some(0.5)).transition(shares), InvalidMap, "transitions[1].expected_share"),
            (builder().transition(slow), InvalidMap, "transitions[0].expected_seconds"),
            (transition("cart", "pay", None).transition(Transition::new("cart", "pay")), InvalidMap, "transitions[1]"),
            (builder().entry("start"), UnknownTouchpoint, "outcome.entries[0]"),
            (builder().exit("end"), UnknownTouchpoint, "outcome.exits[0]"),
            (builder().conversion("by"), UnknownTouchpoint, "outcome.conversions[0]"),
        ];
        for (builder, kind, field) in cases {
            assert_eq!(refused(builder), (kind, field.to_owned()));
        }
    }

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest() {
        let error = builder().transition(Transition::new("cart", "pey")).build().unwrap_err();
        assert!(error.to_string().ends_with("did you mean `pay`?"), "{error}");
    }
}
