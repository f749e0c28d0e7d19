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

    /// A share as percents; a dash if there is none.
    pub(super) fn percent(self, share: Option<f64>) -> String {
        share.map_or_else(|| "–".to_owned(), |share| format!("{} %", self.decimal(share * 100.0, 1)))
    }

    /// A time in the unit a reader would say it in.
    pub(super) fn duration(self, seconds: f64) -> String {
        let units = [(86_400.0, self.say(Word::Days)), (3_600.0, self.say(Word::Hours)), (60.0, "min"), (1.0, "s")];
        let unit = units.into_iter().find(|(size, _)| seconds >= *size);
        unit.map_or_else(
            || format!("{} s", self.decimal(seconds, 2)),
            |(size, name)| format!("{} {name}", self.decimal(seconds / size, usize::from(seconds / size < 10.0))),
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
    // Charts.
    Start { en: "Start", it: "Inizio" }
    End { en: "End", it: "Fine" }
    OneJourney { en: "{n} journey", it: "{n} percorso" }
    Journeys { en: "{n} journeys", it: "{n} percorsi" }
    OneVisit { en: "{n} visit", it: "{n} visita" }
    Visits { en: "{n} visits", it: "{n} visite" }
    OneTime { en: "{n} time", it: "{n} volta" }
    Times { en: "{n} times", it: "{n} volte" }
    OneTouchpoint { en: "{n} touchpoint", it: "{n} punto di contatto" }
    Touchpoints { en: "{n} touchpoints", it: "{n} punti di contatto" }
    OneTransition { en: "{n} transition", it: "{n} transizione" }
    TransitionsCounted { en: "{n} transitions", it: "{n} transizioni" }
    NothingToShow { en: "There is nothing to show: the report is empty.", it: "Non c'è nulla da mostrare: il rapporto è vuoto." }
    Below { en: "below {high}", it: "meno di {high}" }
    FromOn { en: "{low} and more", it: "{low} e oltre" }
    FlowTitle { en: "What customers do next", it: "Che cosa fanno poi i clienti" }
    FlowTitleEventually { en: "What customers do sooner or later", it: "Che cosa fanno prima o poi i clienti" }
    FlowWidth { en: "The more of them take a transition, the wider its line", it: "Più percorsi fanno una transizione, più larga è la linea" }
    FlowDarkTime { en: "; the longer it takes (median), the stronger its colour.", it: "; più tempo richiede (mediana), più intenso è il colore." }
    FlowDarkShare { en: "; the more likely it is after its source, the stronger its colour.", it: "; più è probabile dopo il punto di partenza, più intenso è il colore." }
    StraightAgain { en: "{journeys} come here twice in a row", it: "{journeys} passano qui due volte di seguito" }
    AgainKey { en: "↻ journeys that come there twice in a row", it: "↻ percorsi che vi passano due volte di seguito" }
    NotOnTheMap { en: "not on the map", it: "non sulla mappa" }
    LeadsBack { en: "leads back", it: "torna indietro" }
    NoTime { en: "no time known", it: "tempo non noto" }
    OfWaysOut { en: "{share} of all transitions from {source}", it: "{share} di tutte le transizioni da {source}" }
    MedianAndP95 { en: "takes {median} (median), 19 in 20 at most {p95}", it: "richiede {median} (mediana), 19 su 20 al massimo {p95}" }
    MostTaken { en: "Taken most often", it: "Le più frequenti" }
    InStages { en: ", in columns by stage", it: ", in colonne per fase" }
    OneMoreTouchpoint { en: "{n} more touchpoint is not drawn.", it: "{n} altro punto di contatto non è disegnato." }
    MoreTouchpoints { en: "{n} more touchpoints are not drawn.", it: "{n} altri punti di contatto non sono disegnati." }
    OneMoreTransition { en: "{n} more transition is not drawn.", it: "{n} altra transizione non è disegnata." }
    MoreTransitions { en: "{n} more transitions are not drawn.", it: "{n} altre transizioni non sono disegnate." }
    ShareDrawn { en: "What is drawn is {share} of all that was taken.", it: "Ciò che è disegnato è il {share} di tutte le transizioni fatte." }
    ReportWasCut { en: "The report itself has a limit, so there may be more touchpoints.", it: "Il rapporto stesso ha un limite: possono esserci altri punti di contatto." }
    // Units and figures.
    Days { en: "d", it: "g" }
    Hours { en: "h", it: "h" }
    Interval { en: "{low} to {high}", it: "da {low} a {high}" }
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
            ("12.345".into(), "−0,25".into(), "51,4 %".into())
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
        assert_eq!(said, ["0.50 s", "59 s", "1.5 min", "2.0 h", "10 h", "10 d"]);
        assert_eq!(It.duration(129_600.0), "1,5 g");
    }
}
