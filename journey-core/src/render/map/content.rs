//! What stands in the lanes of a touchpoint, in words.

use super::cells::{Cell, Item};
use super::columns::{Column, StageColumns};
use super::facts::{Facts, Strength, evidence_of};
use super::options::MapLane;
use crate::map::{
    ChangeKind, Channel, ChannelKind, Evidence, EvidenceKind, JourneyMap, MapChange, MapKind, Opportunity,
    OpportunityKind, PainPoint, PainSeverity, Touchpoint,
};
use crate::render::escape::isolated;
use crate::render::icon::Icon;
use crate::render::text::Font;
use crate::render::words::{Language, Word};

/// The most items a cell shows; how many more there are stands below.
const ITEMS: usize = 4;
/// The most lines a text of a cell has.
const LINES: usize = 5;

/// Writes the cells of a map.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    pub(super) map: &'a JourneyMap,
    pub(super) stages: &'a [StageColumns<'a>],
    pub(super) lang: Language,
    /// The width of a cell.
    pub(super) width: f64,
}

impl<'a> Content<'a> {
    pub(super) fn channel(&self, touchpoint: &Touchpoint) -> Option<&'a Channel> {
        touchpoint.channel.as_ref().and_then(|id| self.map.channels().iter().find(|channel| channel.id == *id))
    }

    /// Whether the company has no part in a touchpoint: in a day of a customer, where there is no channel.
    pub(super) fn is_outside(&self, touchpoint: &Touchpoint) -> bool {
        self.map.kind() == MapKind::DayInTheLife && touchpoint.channel.is_none()
    }

    /// The card of a touchpoint: channel, name, what marks it out, and what it rests on.
    pub(super) fn card(&self, column: &Column<'_>) -> Cell {
        let mut cell = Cell::default();
        let mut item = Item::new(self.width);
        let Some(touchpoint) = &column.touchpoint else {
            item.text(self.lang.say(Word::NoTouchpoint), Font::Small, "soft", 2);
            cell.push(item);
            return cell;
        };
        if let Some(channel) = self.channel(touchpoint) {
            item.marked(Some((channel_icon(channel), 1)), &channel.name, Font::Small, "soft", 1);
        } else if self.is_outside(touchpoint) {
            item.text(self.lang.say(Word::Outside), Font::Small, "soft", 1);
        }
        item.text(&touchpoint.name, Font::Heading, if column.removed { "soft gone" } else { "ink" }, 4);
        for (icon, class, text) in self.signs(column) {
            item.marked(Some((icon, 1)), &text, Font::Small, class, 3);
        }
        item.text(&self.evidence(&evidence_of(touchpoint)), Font::Small, "soft", 2);
        cell.push(item);
        cell
    }

    /// What marks a touchpoint out, each with its sign and colour.
    pub(super) fn signs(&self, column: &Column<'_>) -> Vec<(Icon, &'static str, String)> {
        let (lang, facts) = (self.lang, &column.facts);
        let mut signs = Vec::new();
        for change in &facts.changes {
            signs.extend(self.change(change));
        }
        let fields = changed_fields(lang, facts);
        if !fields.is_empty() {
            signs.push((Icon::Changed, "measured", lang.fill(Word::Changed, &[("fields", &fields)])));
        }
        if column.touchpoint.as_ref().is_some_and(|touchpoint| touchpoint.moment_of_truth) {
            signs.push((Icon::Star, "truth", lang.say(Word::MomentOfTruth).to_owned()));
        }
        if let Some((time, waited)) = facts.delay {
            let word = if waited { Word::WaitBottleneck } else { Word::Bottleneck };
            signs.push((Icon::Hourglass, "warn", lang.fill(word, &[("time", &lang.duration(time.median_seconds))])));
        }
        let figures = |word, n, of, share| {
            lang.fill(word, &[("n", &lang.whole(n)), ("of", &lang.whole(of)), ("share", &lang.percent(share))])
        };
        if let Some(loss) = facts.loss {
            let lost = loss.conversion.share.map(|share| 1.0 - share);
            signs.push((Icon::Exit, "bad", figures(Word::Lost, loss.lost, loss.conversion.of, lost)));
        }
        if let Some((share, dropped)) = facts.drop_off {
            let word = if dropped { Word::DropOff } else { Word::Ends };
            signs.push((Icon::Exit, "bad", figures(word, share.n, share.of, share.share)));
        }
        // Where the company is not, no event is missing.
        let outside = column.touchpoint.as_ref().is_some_and(|touchpoint| self.is_outside(touchpoint));
        if facts.not_visited && !outside {
            signs.push((Icon::NotVisited, "soft", lang.say(Word::NotVisited).to_owned()));
        }
        signs
    }

    /// A change of a stage or touchpoint, unless it is shown elsewhere or named with others.
    pub(super) fn change(&self, change: &MapChange) -> Option<(Icon, &'static str, String)> {
        let lang = self.lang;
        let text = |json: &Option<String>| json.as_ref().and_then(|json| serde_json::from_str::<String>(json).ok());
        match change.kind {
            ChangeKind::Added => Some((Icon::Added, "good", lang.say(Word::Added).to_owned())),
            ChangeKind::Removed => Some((Icon::Removed, "bad", lang.say(Word::Removed).to_owned())),
            ChangeKind::Moved => {
                let from = text(&change.before).filter(|_| change.field.as_deref() == Some("stage"));
                let said = from.map_or_else(
                    || lang.say(Word::Moved).to_owned(),
                    |id| {
                        let stage = self.stages.iter().find(|stage| stage.stage.id == id);
                        let name = stage.map_or(id.as_str(), |stage| stage.stage.name.as_str());
                        lang.fill(Word::MovedFrom, &[("stage", &isolated(name))])
                    },
                );
                Some((Icon::Moved, "truth", said))
            }
            ChangeKind::Renamed => {
                let name = text(&change.before)?;
                Some((Icon::Changed, "measured", lang.fill(Word::Renamed, &[("name", &isolated(&name))])))
            }
            _ => None,
        }
    }

    /// What a touchpoint rests on.
    fn evidence(&self, evidence: &[Evidence]) -> String {
        let mut kinds: Vec<&str> = Vec::new();
        for word in evidence.iter().map(|evidence| self.lang.say(evidence_word(evidence.kind))) {
            if !kinds.contains(&word) {
                kinds.push(word);
            }
        }
        if kinds.is_empty() {
            kinds.push(self.lang.say(Word::Assumption));
        }
        let n = evidence.iter().filter_map(|evidence| evidence.n).reduce(u64::saturating_add);
        let n = n.map(|n| self.lang.fill(Word::N, &[("n", &self.lang.whole(n))]));
        kinds.into_iter().map(str::to_owned).chain(n).collect::<Vec<_>>().join(" · ")
    }

    /// The cell of a lane.
    pub(super) fn lane(&self, lane: MapLane, touchpoint: &Touchpoint) -> Cell {
        let strength = Strength::of(&touchpoint.evidence);
        let texts = match lane {
            MapLane::Emotions => return Cell::default(),
            MapLane::Actions => self.texts(touchpoint.action.as_slice(), strength, "ink"),
            MapLane::Thoughts => self.texts(&touchpoint.thoughts, strength, "ink said"),
            MapLane::Expectations => self.texts(&touchpoint.expectations, strength, "ink"),
            MapLane::PainPoints => touchpoint.pain_points.iter().map(|point| self.pain_point(point)).collect(),
            MapLane::Opportunities => touchpoint.opportunities.iter().map(|chance| self.opportunity(chance)).collect(),
            MapLane::Owners => {
                let mut item = Item::new(self.width);
                item.text(touchpoint.owner.as_deref().unwrap_or_default(), Font::Body, "ink", 2);
                vec![item]
            }
        };
        let more = texts.len().saturating_sub(ITEMS);
        let mut cell = Cell::default();
        texts.into_iter().take(ITEMS).for_each(|item| cell.push(item));
        if more > 0 {
            let mut item = Item::new(self.width);
            item.text(&self.lang.fill(Word::More, &[("n", &more.to_string())]), Font::Small, "soft", 1);
            cell.push(item);
        }
        cell
    }

    fn texts(&self, texts: &[String], strength: Strength, class: &str) -> Vec<Item> {
        let item = |text: &String| {
            let mut item = Item::with_bar(self.width, strength, "soft");
            item.text(text, Font::Body, class, LINES);
            item
        };
        texts.iter().map(item).collect()
    }

    fn pain_point(&self, point: &PainPoint) -> Item {
        let mut item = Item::with_bar(self.width, Strength::of(&point.evidence), "bad");
        item.text(&point.text, Font::Body, "ink", LINES);
        let severity = match point.severity {
            Some(PainSeverity::Minor) => Some((1, Word::Minor)),
            Some(PainSeverity::Major) => Some((2, Word::Major)),
            Some(PainSeverity::Critical) => Some((3, Word::Critical)),
            None => None,
        };
        if let Some((n, word)) = severity {
            item.marked(Some((Icon::Pain, n)), self.lang.say(word), Font::Small, "bad", 1);
        }
        item.text(&self.evidence(&point.evidence), Font::Small, "soft", 2);
        item
    }

    fn opportunity(&self, chance: &Opportunity) -> Item {
        let (icon, word) = match chance.kind {
            OpportunityKind::Fix => (Icon::Fix, Word::Fix),
            OpportunityKind::Upsell => (Icon::Upsell, Word::Upsell),
            OpportunityKind::CrossSell => (Icon::CrossSell, Word::CrossSell),
        };
        let number = |number: f64| self.lang.decimal(number, usize::from(number.fract() != 0.0));
        let effort = chance.effort.map(|effort| self.lang.fill(Word::Effort, &[("effort", &number(effort))]));
        let value = chance.value.map(|value| self.lang.fill(Word::Worth, &[("value", &number(value))]));
        let about = std::iter::once(self.lang.say(word).to_owned()).chain(effort).chain(value);
        let mut item = Item::new(self.width);
        item.text(&chance.text, Font::Body, "ink", LINES);
        item.marked(Some((icon, 1)), &about.collect::<Vec<_>>().join(" · "), Font::Small, "good", 2);
        item
    }

    /// The scores of a touchpoint as figures, to stand below the curve.
    pub(super) fn figures(&self, column: &Column<'_>) -> Cell {
        let (lang, facts) = (self.lang, &column.facts);
        let mut item = Item::new(self.width);
        if let Some((score, step)) = facts.measured {
            let n = lang.fill(Word::N, &[("n", &lang.whole(step.n))]);
            item.marked(Some((Icon::Measured, 1)), &format!("{} · {n}", lang.score(score)), Font::Small, "measured", 1);
            if let Some((low, high)) = step.low.zip(step.high) {
                item.text(&lang.interval(&lang.score(low), &lang.score(high)), Font::Small, "soft", 1);
            }
        }
        let expected = column.touchpoint.as_ref().and_then(|touchpoint| touchpoint.expected_score);
        if let Some(expected) = expected {
            let was = facts.score_before().map(|before| format!("{} → ", lang.score(before)));
            let text = was.unwrap_or_default() + &lang.score(expected);
            item.marked(Some((Icon::Expected, 1)), &text, Font::Small, "soft", 1);
        }
        if let Some((dip, _)) = facts.dip {
            item.marked(Some((Icon::Dip, 1)), &self.dip(dip.prominence, dip.significant), Font::Small, "bad", 2);
        }
        let mut cell = Cell::default();
        cell.push(item);
        cell
    }

    fn dip(&self, size: f64, significant: Option<bool>) -> String {
        let word = match significant {
            Some(true) => Word::DipSignificant,
            Some(false) => Word::DipNotSignificant,
            None => Word::Dip,
        };
        self.lang.fill(word, &[("size", &self.lang.decimal(size, 1))])
    }

    /// Everything that is drawn of a touchpoint, as a sentence to be read aloud.
    pub(super) fn aloud(&self, column: &Column<'_>, touchpoint: &Touchpoint) -> String {
        let (lang, facts) = (self.lang, &column.facts);
        let stage = self.stages.get(column.stage).map(|stage| isolated(&stage.stage.name).into_owned());
        let channel = self.channel(touchpoint).map(|channel| isolated(&channel.name).into_owned());
        let mut parts = vec![isolated(&touchpoint.name).into_owned()];
        parts.extend(stage.into_iter().chain(channel));
        parts.extend(expected(lang, touchpoint, facts));
        parts.extend(measured(lang, facts));
        parts.extend(facts.dip.map(|(dip, _)| self.dip(dip.prominence, dip.significant)));
        parts.extend(self.signs(column).into_iter().map(|(_, _, text)| text));
        parts.push(self.evidence(&evidence_of(touchpoint)));
        parts.join("; ")
    }
}

/// The expected score in words.
pub(super) fn expected(lang: Language, touchpoint: &Touchpoint, facts: &Facts<'_>) -> Option<String> {
    let score = lang.score(touchpoint.expected_score?);
    Some(match facts.score_before() {
        Some(before) => lang.fill(Word::WasExpected, &[("score", &score), ("before", &lang.score(before))]),
        None => lang.fill(Word::ExpectedScore, &[("score", &score)]),
    })
}

/// The measured score in words.
pub(super) fn measured(lang: Language, facts: &Facts<'_>) -> Option<String> {
    let (score, step) = facts.measured?;
    let (score, n) = (lang.score(score), lang.whole(step.n));
    Some(match step.low.zip(step.high) {
        Some((low, high)) => {
            let interval = lang.interval(&lang.score(low), &lang.score(high));
            lang.fill(Word::MeasuredInterval, &[("score", &score), ("interval", &interval), ("n", &n)])
        }
        None => lang.fill(Word::MeasuredScore, &[("score", &score), ("n", &n)]),
    })
}

/// The names of the fields that are otherwise than before, but for those that have a sign of their own.
fn changed_fields(lang: Language, facts: &Facts<'_>) -> String {
    let other = |change: &&&MapChange| matches!(change.kind, ChangeKind::Changed | ChangeKind::ReEvidenced);
    let fields = facts.changes.iter().filter(other).filter_map(|change| change.field.as_deref());
    fields.map(|field| field_word(field).map_or(field, |word| lang.say(word))).collect::<Vec<_>>().join(", ")
}

fn field_word(field: &str) -> Option<Word> {
    Some(match field {
        "action" => Word::FieldAction,
        "channel" => Word::FieldChannel,
        "evidence" => Word::FieldEvidence,
        "expectations" => Word::FieldExpectations,
        "matches" => Word::FieldMatches,
        "moment_of_truth" => Word::FieldMomentOfTruth,
        "observed" => Word::FieldObserved,
        "opportunities" => Word::FieldOpportunities,
        "owner" => Word::FieldOwner,
        "pain_points" => Word::FieldPainPoints,
        "personas" => Word::FieldPersonas,
        "thoughts" => Word::FieldThoughts,
        _ => return None,
    })
}

fn channel_icon(channel: &Channel) -> Icon {
    match channel.kind {
        ChannelKind::Online => Icon::Online,
        ChannelKind::Offline => Icon::Offline,
    }
}

fn evidence_word(kind: EvidenceKind) -> Word {
    match kind {
        EvidenceKind::Analytics => Word::Analytics,
        EvidenceKind::Crm => Word::Crm,
        EvidenceKind::Survey => Word::Survey,
        EvidenceKind::Interview => Word::Interview,
        EvidenceKind::FocusGroup => Word::FocusGroup,
        EvidenceKind::Workshop => Word::Workshop,
        EvidenceKind::Review => Word::Review,
        EvidenceKind::Assumption => Word::Assumption,
    }
}
