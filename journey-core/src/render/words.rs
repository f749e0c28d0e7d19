//! The words of pictures and reports, in each language, and how figures are written in it. Labels of maps and logs are not
//! translated.
//!
//! A new word is one line of the catalogue, in every language: without one of them it does not compile.

use serde::{Deserialize, Serialize};

/// The language of the words around a map's own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Italian.
    It,
}

impl Language {
    /// Every language there is.
    pub const ALL: [Self; 2] = [Self::En, Self::It];

    /// Its tag in HTML and SVG.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::It => "it",
        }
    }

    /// A word of the catalogue.
    pub(super) const fn say(self, word: Word) -> &'static str {
        word.text(self)
    }

    /// A sentence of the catalogue, with what stands for its names in braces.
    pub(super) fn fill(self, word: Word, values: &[(&str, &str)]) -> String {
        let mut rest = self.say(word);
        let mut filled = String::new();
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            filled.push_str(before);
            filled.push_str(values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value));
            rest = after;
        }
        filled + rest
    }

    /// How many of something: the first word for one, the second for any other number; `{n}` is the number.
    pub(super) fn count(self, n: u64, one: Word, many: Word) -> String {
        self.fill(if n == 1 { one } else { many }, &[("n", &self.whole(n))])
    }

    /// A whole number, its digits in groups of three.
    pub(super) fn whole(self, n: u64) -> String {
        let digits = n.to_string();
        let mut grouped = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                grouped.push(if self == Self::It { '.' } else { ',' });
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A number with so many decimals; a minus is as long as a digit.
    pub(super) fn decimal(self, number: f64, decimals: usize) -> String {
        let text = format!("{number:.decimals$}");
        let zero = text.strip_prefix('-').filter(|digits| digits.chars().all(|c| matches!(c, '0' | '.')));
        let text = zero.map_or_else(|| text.replace('-', "−"), str::to_owned);
        if self == Self::It { text.replace('.', ",") } else { text }
    }

    /// A score, with its sign.
    pub(super) fn score(self, score: f64) -> String {
        let text = self.decimal(score, 1);
        let plus = text.chars().any(|c| matches!(c, '1'..='9')) && !text.starts_with('−');
        if plus { format!("+{text}") } else { text }
    }

    /// A share as percents; a dash if there is none. Lines do not break between a number and its unit.
    pub(super) fn percent(self, share: Option<f64>) -> String {
        share.map_or_else(|| "–".to_owned(), |share| format!("{}\u{a0}%", self.decimal(share * 100.0, 1)))
    }

    /// A time in the unit a reader would say it in.
    pub(super) fn duration(self, seconds: f64) -> String {
        let units = [(86_400.0, self.say(Word::Days)), (3_600.0, self.say(Word::Hours)), (60.0, "min"), (1.0, "s")];
        let unit = units.into_iter().find(|(size, _)| seconds >= *size);
        unit.map_or_else(
            || format!("{}\u{a0}s", self.decimal(seconds, 2)),
            |(size, name)| format!("{}\u{a0}{name}", self.decimal(seconds / size, usize::from(seconds / size < 10.0))),
        )
    }

    /// An interval of two figures that are written already.
    pub(super) fn interval(self, low: &str, high: &str) -> String {
        self.fill(Word::Interval, &[("low", low), ("high", high)])
    }
}

/// Writes the catalogue: one line for each word, with what it is in every language.
macro_rules! catalogue {
    ($($name:ident { en: $en:literal, it: $it:literal })*) => {
        /// A word or sentence of the catalogue; names in braces are filled in.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Word {
            $(#[doc = $en] $name,)*
        }

        impl Word {
            const fn text(self, language: Language) -> &'static str {
                match (self, language) {
                    $((Self::$name, Language::En) => $en, (Self::$name, Language::It) => $it,)*
                }
            }

            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

catalogue! {
    // Units and figures.
    Days { en: "d", it: "g" }
    Hours { en: "h", it: "h" }
    Interval { en: "{low} to {high}", it: "da {low} a {high}" }
    N { en: "n\u{a0}{n}", it: "n\u{a0}{n}" }
    More { en: "and {n} more", it: "e altri {n}" }

    // The head of a map.
    CurrentState { en: "Current state", it: "Stato attuale" }
    FutureState { en: "Future state", it: "Stato futuro" }
    DayInTheLife { en: "Day in the life", it: "Una giornata" }
    OneStage { en: "{n} stage", it: "{n} fase" }
    Stages { en: "{n} stages", it: "{n} fasi" }
    OnePartOfDay { en: "{n} part of the day", it: "{n} parte della giornata" }
    PartsOfDay { en: "{n} parts of the day", it: "{n} parti della giornata" }
    OneTouchpoint { en: "{n} touchpoint", it: "{n} punto di contatto" }
    Touchpoints { en: "{n} touchpoints", it: "{n} punti di contatto" }
    Version { en: "version {version}", it: "versione {version}" }
    ComparedWith { en: "changes since: {map}", it: "modifiche rispetto a: {map}" }
    OneOtherChange { en: "{n} other change, to parts that are not drawn", it: "{n} altra modifica, a parti non disegnate" }
    OtherChanges { en: "{n} other changes, to parts that are not drawn", it: "{n} altre modifiche, a parti non disegnate" }
    JourneyMap { en: "Journey map", it: "Mappa del percorso" }
    Continued { en: "{stage} (continued)", it: "{stage} (segue)" }
    NoTouchpoint { en: "no touchpoint", it: "nessun punto di contatto" }
    EmptyMap { en: "The map has no stages yet.", it: "La mappa non ha ancora fasi." }

    // Lanes.
    LaneEmotions { en: "Emotions", it: "Emozioni" }
    LaneTouchpoints { en: "Touchpoints", it: "Punti di contatto" }
    LaneActions { en: "Actions", it: "Azioni" }
    LaneThoughts { en: "Thoughts", it: "Pensieri" }
    LaneExpectations { en: "Expectations", it: "Aspettative" }
    LanePainPoints { en: "Pain points", it: "Criticità" }
    LaneOpportunities { en: "Opportunities", it: "Opportunità" }
    LaneOwners { en: "Owners", it: "Responsabili" }

    // Scores.
    ExpectedScore { en: "expected {score}", it: "atteso {score}" }
    WasExpected { en: "expected {score}, was {before}", it: "atteso {score}, prima {before}" }
    MeasuredScore { en: "measured {score}, n {n}", it: "misurato {score}, n {n}" }
    MeasuredInterval { en: "measured {score} ({interval}), n {n}", it: "misurato {score} ({interval}), n {n}" }
    Dip { en: "dip of {size}", it: "calo di {size}" }
    DipSignificant { en: "dip of {size}, significant", it: "calo di {size}, significativo" }
    DipNotSignificant { en: "dip of {size}, may be chance", it: "calo di {size}, forse casuale" }

    // What a touchpoint is, and what a log showed there.
    MomentOfTruth { en: "moment of truth", it: "momento della verità" }
    Bottleneck { en: "bottleneck: median {time}", it: "collo di bottiglia: mediana {time}" }
    WaitBottleneck { en: "bottleneck: waits {time} (median)", it: "collo di bottiglia: attesa {time} (mediana)" }
    Lost { en: "lost {n} of {of} ({share})", it: "persi {n} su {of} ({share})" }
    DropOff { en: "drop-off {share}, {n} of {of}", it: "abbandono {share}, {n} su {of}" }
    Ends { en: "journeys end {share}, {n} of {of}", it: "fine percorso {share}, {n} su {of}" }
    NotVisited { en: "no visit in the log", it: "nessuna visita nel registro" }
    Outside { en: "without the company", it: "senza l’azienda" }

    // Evidence.
    Assumption { en: "assumption", it: "ipotesi" }
    Analytics { en: "analytics", it: "dati d’uso" }
    Crm { en: "CRM", it: "CRM" }
    Survey { en: "survey", it: "sondaggio" }
    Interview { en: "interview", it: "intervista" }
    FocusGroup { en: "focus group", it: "focus group" }
    Workshop { en: "workshop", it: "workshop" }
    Review { en: "review", it: "recensione" }

    // Pain points and opportunities.
    Minor { en: "minor", it: "lieve" }
    Major { en: "major", it: "grave" }
    Critical { en: "critical", it: "critica" }
    Fix { en: "fix", it: "correzione" }
    Upsell { en: "upsell", it: "upsell" }
    CrossSell { en: "cross-sell", it: "cross-sell" }
    Effort { en: "effort {effort}", it: "sforzo {effort}" }
    Worth { en: "value {value}", it: "valore {value}" }

    // Changes.
    Added { en: "added", it: "aggiunto" }
    Removed { en: "removed", it: "rimosso" }
    Moved { en: "moved", it: "spostato" }
    MovedFrom { en: "moved from {stage}", it: "spostato da {stage}" }
    Renamed { en: "was: {name}", it: "prima: {name}" }
    Changed { en: "changed: {fields}", it: "modificato: {fields}" }

    // Fields of touchpoints, in a sentence.
    FieldAction { en: "action", it: "azione" }
    FieldChannel { en: "channel", it: "canale" }
    FieldEvidence { en: "evidence", it: "fonti" }
    FieldExpectations { en: "expectations", it: "aspettative" }
    FieldMatches { en: "events meant", it: "eventi corrispondenti" }
    FieldMomentOfTruth { en: "moment of truth", it: "momento della verità" }
    FieldObserved { en: "what a log showed", it: "quanto osservato" }
    FieldOpportunities { en: "opportunities", it: "opportunità" }
    FieldOwner { en: "owner", it: "responsabile" }
    FieldPainPoints { en: "pain points", it: "criticità" }
    FieldPersonas { en: "personas", it: "personas" }
    FieldThoughts { en: "thoughts", it: "pensieri" }

    // The key to the signs.
    KeyExpected { en: "expected score", it: "punteggio atteso" }
    KeyMeasured { en: "measured score, with its interval", it: "punteggio misurato, con intervallo" }
    KeyDip { en: "dip, with its depth", it: "calo, con la sua profondità" }
    KeyOnline { en: "online", it: "online" }
    KeyOffline { en: "offline", it: "offline" }
    KeyCounted { en: "counted or asked of many", it: "contato o chiesto a molti" }
    KeyTold { en: "told by some", it: "raccontato da alcuni" }
    KeyAssumed { en: "assumed", it: "ipotizzato" }
    KeyBottleneck { en: "time bottleneck", it: "collo di bottiglia" }
    KeyLost { en: "customers lost", it: "clienti persi" }
}

#[cfg(test)]
mod tests {
    use super::Language::{En, It};
    use super::*;

    /// The names in braces, in order of their letters.
    fn names(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> = text.split('{').skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn every_word_is_there_in_every_language_with_the_same_names() {
        for word in Word::ALL {
            assert!(Language::ALL.iter().all(|language| !language.say(*word).trim().is_empty()), "{word:?}");
            assert_eq!(names(En.say(*word)), names(It.say(*word)), "{word:?}");
        }
    }

    #[test]
    fn numbers_are_written_as_the_language_writes_them() {
        assert_eq!([0, 999, 1000, 1_234_567].map(|n| En.whole(n)), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            (It.whole(12_345), It.decimal(-0.25, 2), It.percent(Some(0.5136))),
            ("12.345".into(), "−0,25".into(), "51,4\u{a0}%".into())
        );
        assert_eq!(
            (En.percent(None), En.interval("1", "2"), It.interval("1", "2")),
            ("–".into(), "1 to 2".into(), "da 1 a 2".into())
        );
    }

    #[test]
    fn scores_have_a_sign() {
        assert_eq!([-1.25, -0.01, 0.0, 0.04, 2.0].map(|score| En.score(score)), ["−1.2", "0.0", "0.0", "0.0", "+2.0"]);
        assert_eq!(It.score(-1.5), "−1,5");
    }

    #[test]
    fn times_are_said_in_their_unit() {
        let said = [0.5, 59.0, 90.0, 7200.0, 36_000.0, 864_000.0].map(|seconds| En.duration(seconds));
        assert_eq!(
            said.map(|said| said.replace('\u{a0}', " ")),
            ["0.50 s", "59 s", "1.5 min", "2.0 h", "10 h", "10 d"]
        );
        assert_eq!(It.duration(129_600.0), "1,5\u{a0}g");
    }
}
