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
    // Charts.
    Start { en: "Start", it: "Inizio" }
    End { en: "End", it: "Fine" }
    OneJourney { en: "{n} journey", it: "{n} percorso" }
    Journeys { en: "{n} journeys", it: "{n} percorsi" }
    OneVisit { en: "{n} visit", it: "{n} visita" }
    Visits { en: "{n} visits", it: "{n} visite" }
    OneTime { en: "{n} time", it: "{n} volta" }
    Times { en: "{n} times", it: "{n} volte" }
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
    JourneysUnit { en: "journeys", it: "percorsi" }
    AttemptsUnit { en: "attempts", it: "tentativi" }
    FunnelTitle { en: "How far customers get", it: "Fin dove arrivano i clienti" }
    FunnelAbout { en: "Of {journeys}, {entered} {unit} enter; {conversion} of those at the first step reach the last.", it: "Di {journeys}, entrano {entered} {unit}; {conversion} di quelli al primo passo arriva all'ultimo." }
    FunnelNote { en: "Percentages at bars are of those at the first step; lines across the ends of bars are their intervals.", it: "Le percentuali accanto alle barre sono di chi fa il primo passo; le linee alla fine delle barre sono i loro intervalli." }
    FunnelExcluded { en: "{journeys} left out by an exclusion.", it: "{journeys} esclusi da una condizione." }
    FunnelOpen { en: "{journeys} may still go on.", it: "{journeys} possono ancora continuare." }
    FunnelGroupsNote { en: "Dots with their intervals; a full dot differs significantly from the other groups together; the dashed line is all groups.", it: "Punti con i loro intervalli; un punto pieno differisce in modo significativo dagli altri gruppi insieme; la linea tratteggiata è l'insieme dei gruppi." }
    GoOn { en: "{share} of {of} go on", it: "{share} di {of} prosegue" }
    AfterMedian { en: "after {median} (median)", it: "dopo {median} (mediana)" }
    Optional { en: "optional", it: "facoltativo" }
    OfTheFirstStep { en: "{share} of the first step", it: "{share} del primo passo" }
    LostHere { en: "{n} get no further", it: "{n} non vanno oltre" }
    OpenHere { en: "{n} may still go on", it: "{n} possono ancora continuare" }
    ConversionBy { en: "Conversion from the first step to the last, by {attribute}", it: "Conversione dal primo passo all'ultimo, per {attribute}" }
    NoValue { en: "no value", it: "senza valore" }
    Differs { en: "differs", it: "differisce" }
    OfN { en: "of {of}", it: "su {of}" }
    OneMoreGroup { en: "{n} more group is not drawn.", it: "{n} altro gruppo non è disegnato." }
    MoreGroups { en: "{n} more groups are not drawn.", it: "{n} altri gruppi non sono disegnati." }
    StepFlowTitle { en: "How journeys flow from step to step", it: "Come scorrono i percorsi, passo dopo passo" }
    StepFlowAbout { en: "{journeys}. Boxes and bands are as high as many journeys are there or go that way.", it: "{journeys}. Riquadri e fasce sono alti quanti percorsi vi si trovano o vi passano." }
    StepFlowNote { en: "Percentages are of all journeys in the picture. Journeys that have ended stay at the bottom.", it: "Le percentuali sono di tutti i percorsi della figura. I percorsi finiti restano in fondo." }
    Step { en: "Step {step}", it: "Passo {step}" }
    StepHead { en: "step", it: "passo" }
    Ended { en: "ended", it: "finiti" }
    Open { en: "may go on", it: "possono continuare" }
    NotStarted { en: "not begun", it: "non iniziati" }
    OneOther { en: "{n} other", it: "{n} altro" }
    Others { en: "{n} others", it: "{n} altri" }
    OneMoreStep { en: "{n} more step is not drawn.", it: "{n} altro passo non è disegnato." }
    MoreSteps { en: "{n} more steps are not drawn.", it: "{n} altri passi non sono disegnati." }
    MostAtEachStep { en: "Where most journeys are:", it: "Dove si trova la maggior parte dei percorsi:" }
    StepMatrixTitle { en: "Where journeys are at each step", it: "Dove sono i percorsi a ogni passo" }
    StepMatrixAbout { en: "Share of {journeys} that are at a touchpoint at a step, in percent.", it: "Quota di {journeys} che a un passo si trovano in un punto di contatto, in percento." }
    StepMatrixDifferenceTitle { en: "Where two groups differ at each step", it: "Dove due gruppi differiscono a ogni passo" }
    StepMatrixDifferenceAbout { en: "Share in {a} less share in {b}, in percentage points.", it: "Quota in {a} meno quota in {b}, in punti percentuali." }
    MoreInA { en: "more in the first", it: "di più nel primo" }
    MoreInB { en: "more in the second", it: "di più nel secondo" }
    Significant { en: "significant, corrected for all cells", it: "significativo, corretto per tutte le celle" }
    InPoints { en: "figures in percentage points", it: "cifre in punti percentuali" }
    InPercent { en: "figures in percent of all journeys in the picture; empty: none", it: "cifre in percento di tutti i percorsi della figura; vuoto: nessuno" }
    LargestCells { en: "The largest figures:", it: "Le cifre più grandi:" }
    Throughput { en: "Throughput time", it: "Tempo di attraversamento" }
    Processing { en: "Of this, something goes on", it: "Di cui: qualcosa è in corso" }
    Idle { en: "Of this, nothing goes on", it: "Di cui: nulla è in corso" }
    TimesTitle { en: "How long it takes", it: "Quanto tempo ci vuole" }
    TimesAboutWaiting { en: "Time waited until the touchpoint begins; the largest delays first.", it: "Attesa fino all'inizio del punto di contatto; prima i ritardi maggiori." }
    TimesAboutTransitions { en: "Time from one touchpoint to the next; the largest delays first.", it: "Tempo da un punto di contatto al successivo; prima i ritardi maggiori." }
    TimesAboutTouchpoints { en: "Time until the next event; the largest delays first.", it: "Tempo fino all'evento successivo; prima i ritardi maggiori." }
    LogarithmicAxis { en: "The axis is logarithmic: equal distances are equal ratios.", it: "L'asse è logaritmico: a distanze uguali corrispondono rapporti uguali." }
    LogarithmicAxisWithZero { en: "The axis is logarithmic: equal distances are equal ratios; times of 0 stand at its lower end.", it: "L'asse è logaritmico: a distanze uguali corrispondono rapporti uguali; i tempi di 0 stanno all'estremo inferiore." }
    OneMoreRow { en: "{n} more row is not drawn.", it: "{n} altra riga non è disegnata." }
    MoreRows { en: "{n} more rows are not drawn.", it: "{n} altre righe non sono disegnate." }
    MedianShort { en: "median {time}", it: "mediana {time}" }
    P90Short { en: "p90 {time}", it: "p90 {time}" }
    P95Short { en: "p95 {time}", it: "p95 {time}" }
    LongestShort { en: "max {time}", it: "max {time}" }
    HalfKey { en: "the shorter half", it: "la metà più breve" }
    MedianKey { en: "median", it: "mediana" }
    MostKey { en: "on to the 90th percentile", it: "fino al 90° percentile" }
    P95Key { en: "95th percentile", it: "95° percentile" }
    RangeKey { en: "on to the longest", it: "fino al più lungo" }
    MeanKey { en: "mean with its interval", it: "media con il suo intervallo" }
    BottleneckKey { en: "▲ bottleneck", it: "▲ collo di bottiglia" }
    TimesSaid { en: "n = {n}; shortest {min}, median {median}, p90 {p90}, p95 {p95}, longest {max}; mean {mean}", it: "n = {n}; minimo {min}, mediana {median}, p90 {p90}, p95 {p95}, massimo {max}; media {mean}" }
    ComparisonTitle { en: "{b} compared with {a}", it: "{b} a confronto con {a}" }
    ComparisonAbout { en: "{a}: {sizea}; {b}: {sizeb}. To the right of 0 the figure of {b} is higher. {significant} of {tests} tests found a significant difference.", it: "{a}: {sizea}; {b}: {sizeb}. A destra dello 0 la cifra di {b} è più alta. {significant} test su {tests} trovano una differenza significativa." }
    ComparisonNote { en: "Lines are intervals of the difference. Verdicts are corrected for all tests: of those called significant, {rate} % are expected to be false.", it: "Le linee sono intervalli della differenza. I verdetti sono corretti per tutti i test: di quelli significativi, ci si aspetta che il {rate} % sia falso." }
    DifferenceOfShares { en: "Shares of journeys: difference in percentage points", it: "Quote di percorsi: differenza in punti percentuali" }
    DifferenceOfTimes { en: "Times: shift, relative to the median of the first group", it: "Tempi: spostamento, rispetto alla mediana del primo gruppo" }
    DifferenceOfEvents { en: "Events per journey: shift", it: "Eventi per percorso: spostamento" }
    DifferenceOfScores { en: "Scores: difference of means", it: "Punteggi: differenza delle medie" }
    Conversion { en: "Conversion", it: "Conversione" }
    Reaches { en: "get as far as {touchpoint}", it: "arrivano fino a {touchpoint}" }
    StepConversion { en: "conversion {way}", it: "conversione {way}" }
    VisitsIt { en: "visit {touchpoint}", it: "visitano {touchpoint}" }
    TimeOfWay { en: "time {way}", it: "tempo {way}" }
    EventsPerJourney { en: "Events per journey", it: "Eventi per percorso" }
    ScoreOfJourneys { en: "Score of journeys", it: "Punteggio dei percorsi" }
    ScoreAt { en: "score at {touchpoint}", it: "punteggio a {touchpoint}" }
    MixOfPaths { en: "Mix of paths", it: "Composizione dei percorsi" }
    MixSaid { en: "Mix of paths: {distance} apart, where 0 is the same and 1 nothing in common; {verdict}.", it: "Composizione dei percorsi: distanza {distance}, dove 0 è uguale e 1 nulla in comune; {verdict}." }
    NoTest { en: "not tested", it: "senza test" }
    IsSignificant { en: "significant, p\u{a0}{p}", it: "significativo, p\u{a0}{p}" }
    MayBeChance { en: "may be chance, p\u{a0}{p}", it: "può essere caso, p\u{a0}{p}" }
    SignificantKey { en: "significant", it: "significativo" }
    ChanceKey { en: "may be chance, or not tested", it: "può essere caso, o senza test" }
    Points { en: "points", it: "punti" }
    OneMoreFinding { en: "{n} more finding is not drawn.", it: "{n} altro risultato non è disegnato." }
    MoreFindings { en: "{n} more findings are not drawn.", it: "{n} altri risultati non sono disegnati." }
    SharedJourneys { en: "{journeys} with the same id in {a} and {b}: the two are not independent, and the tests take them as if they were.", it: "{journeys} con lo stesso id in {a} e {b}: i due gruppi non sono indipendenti, ma i test li trattano come se lo fossero." }
    FewJourneys { en: "{group} has only {journeys}: differences that are not large can not be seen.", it: "{group} ha solo {journeys}: le differenze non grandi non si possono vedere." }
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
    KeyWasExpected { en: "score expected before", it: "punteggio atteso prima" }
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
