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

/// A word or sentence of the catalogue, in every language; names in braces are filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Word(&'static [&'static str; Language::ALL.len()]);

impl Word {
    const fn text(self, language: Language) -> &'static str {
        let [en, it] = *self.0;
        match language {
            Language::En => en,
            Language::It => it,
        }
    }
}

/// Writes the catalogue: one line for each word, with what it is in every language.
macro_rules! catalogue {
    ($($name:ident { en: $en:literal, it: $it:literal })*) => {
        // Constants and not an enum: what a module does not say is not in it.
        #[expect(non_upper_case_globals, reason = "they are named as the variants of an enum would be")]
        impl Word {
            $(#[doc = $en] pub(super) const $name: Self = Self(&[$en, $it]);)*

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

    // The report: its parts.
    ReportTitle { en: "Customer journeys", it: "Percorsi dei clienti" }
    SkipToFindings { en: "Skip to the findings", it: "Vai ai risultati" }
    Contents { en: "Contents", it: "Indice" }
    ReportAbout { en: "{journeys} with {events} at {touchpoints}", it: "{journeys} con {events} in {touchpoints}" }
    ReportSpan { en: ", from {first} to {last}", it: ", dal {first} al {last}" }
    OneEvent { en: "{n} event", it: "{n} evento" }
    Events { en: "{n} events", it: "{n} eventi" }
    SectionFindings { en: "What matters most", it: "Che cosa conta di più" }
    SectionLog { en: "What the log holds", it: "Che cosa contiene il registro" }
    SectionMap { en: "The map, with what was measured", it: "La mappa, con quanto misurato" }
    SectionFlow { en: "What customers do", it: "Che cosa fanno i clienti" }
    SectionBottlenecks { en: "Where customers lose time", it: "Dove i clienti perdono tempo" }
    SectionDips { en: "Where customers feel bad", it: "Dove i clienti stanno male" }
    SectionDropOffs { en: "Where customers are lost", it: "Dove si perdono i clienti" }
    SectionChanges { en: "When it was worse", it: "Quando è andata peggio" }
    SectionRework { en: "What customers do again", it: "Che cosa rifanno i clienti" }
    SectionDeviations { en: "Where customers leave the map", it: "Dove i clienti lasciano la mappa" }
    SectionSegments { en: "How groups of customers differ", it: "Come differiscono i gruppi di clienti" }
    SectionChannels { en: "How customers switch channels", it: "Come i clienti cambiano canale" }
    SectionVariants { en: "Which paths customers take", it: "Quali percorsi fanno i clienti" }
    SectionGlossary { en: "What the words mean", it: "Che cosa significano le parole" }
    AsTable { en: "Table: {caption}", it: "Tabella: {caption}" }
    OneRowMore { en: "{n} more row is not shown.", it: "{n} altra riga non è mostrata." }
    RowsMore { en: "{n} more rows are not shown.", it: "{n} altre righe non sono mostrate." }
    SeeSection { en: "More: {section}", it: "Di più: {section}" }

    // The report: its findings.
    FindingsAbout { en: "Of {looked} things looked at, {supported} hurt customers by more than chance explains. They stand in the order of how many journeys they hurt for certain: by the lower end of the interval.", it: "Di {looked} cose esaminate, {supported} danneggiano i clienti più di quanto spieghi il caso. L'ordine è quello dei percorsi danneggiati con certezza: l'estremo inferiore dell'intervallo." }
    FindingsFewer { en: "There are no others that the data support.", it: "Non ce ne sono altri sostenuti dai dati." }
    FindingsNone { en: "None of {looked} things looked at hurts customers by more than chance explains.", it: "Nessuna delle {looked} cose esaminate danneggia i clienti più di quanto spieghi il caso." }
    NoConversionNamed { en: "No touchpoint is named as a conversion, so nobody counts as lost in this report.", it: "Nessun punto di contatto è indicato come conversione: in questo rapporto nessuno risulta perso." }
    GoesWith { en: "A finding goes with what it says; it need not come from it.", it: "Un risultato si accompagna a ciò che dice; non ne è per forza la conseguenza." }
    FoundChange { en: "Worse for a time", it: "Peggio per un periodo" }
    FoundStepLoss { en: "Lost at a step", it: "Persi a un passo" }
    FoundDropOff { en: "Drop-off", it: "Abbandono" }
    FoundRework { en: "Rework", it: "Rilavorazione" }
    FoundDeviation { en: "Deviation from the map", it: "Scostamento dalla mappa" }
    FoundSegment { en: "A group that does worse", it: "Un gruppo che va peggio" }
    FoundChannelSwitch { en: "Channel switch", it: "Cambio di canale" }
    FoundBottleneck { en: "Time bottleneck", it: "Collo di bottiglia" }
    FoundDip { en: "Emotion dip", it: "Calo emotivo" }
    SaidChange { en: "From {since} to {until}, {figure} of those at {touchpoint} converted; at other times {other} did.", it: "Dal {since} al {until} ha convertito il {figure} di chi è passato da {touchpoint}; negli altri periodi il {other}." }
    SaidChangeOverall { en: "From {since} to {until}, {figure} of customers converted; at other times {other} did.", it: "Dal {since} al {until} ha convertito il {figure} dei clienti; negli altri periodi il {other}." }
    SaidDistinctive { en: "In that time {share} were at {touchpoint}, otherwise {rest}.", it: "In quel periodo il {share} è passato da {touchpoint}, altrimenti il {rest}." }
    SaidStepLoss { en: "After {source}, {figure} go on to {target}; at the other steps together {other} go on.", it: "Dopo {source} il {figure} prosegue verso {target}; agli altri passi insieme prosegue il {other}." }
    SaidDropOff { en: "Of the visits to {touchpoint} before a conversion, {figure} are the last of their journey; elsewhere {other} are.", it: "Delle visite a {touchpoint} prima di una conversione, il {figure} è l'ultima del percorso; altrove il {other}." }
    SaidRework { en: "Of those who come back to {touchpoint} before they convert, {figure} convert in the end; of those who do not come back {other} do.", it: "Di chi torna a {touchpoint} prima di convertire, alla fine converte il {figure}; di chi non torna il {other}." }
    SaidAdHoc { en: "Of those who are at {touchpoint}, which is not on the map, {figure} convert; of the others {other} do.", it: "Di chi passa da {touchpoint}, che non è sulla mappa, converte il {figure}; degli altri il {other}." }
    SaidIrregular { en: "Of those who are at {touchpoint} where the map does not expect it, {figure} convert; of the others {other} do.", it: "Di chi passa da {touchpoint} dove la mappa non lo prevede, converte il {figure}; degli altri il {other}." }
    SaidFailing { en: "{figure} of all journeys break off after {touchpoint}, before an exit of the map.", it: "Il {figure} di tutti i percorsi si interrompe dopo {touchpoint}, prima di un'uscita della mappa." }
    SaidSegment { en: "Of the journeys with {attribute} = {value}, {figure} convert; of the others {other} do.", it: "Dei percorsi con {attribute} = {value} converte il {figure}; degli altri il {other}." }
    SaidChannelSwitch { en: "Of those who switch from {source} to {target}, {figure} convert; of those who do not switch {other} do.", it: "Di chi passa da {source} a {target} converte il {figure}; di chi non cambia il {other}." }
    SaidBottleneck { en: "From {source} to {target} it takes {figure} on average; other transitions take {other}.", it: "Da {source} a {target} servono in media {figure}; le altre transizioni richiedono {other}." }
    SaidDip { en: "At {touchpoint} customers feel {figure}, {size} below what lies around it (the scale is from −2 to +2).", it: "A {touchpoint} i clienti stanno a {figure}, {size} sotto ciò che vi sta attorno (la scala va da −2 a +2)." }
    FactInterval { en: "interval {interval}", it: "intervallo {interval}" }
    FactOf { en: "{n} of {of}", it: "{n} su {of}" }
    FactCompared { en: "compared with {of}", it: "a confronto con {of}" }
    FactImpact { en: "Hurts at least {low} of journeys", it: "Danneggia almeno il {low} dei percorsi" }
    FactImpactMore { en: "most likely {impact}, at most {high}; concerns {affected}", it: "più probabilmente il {impact}, al massimo il {high}; riguarda {affected}" }
    Affected { en: "{n} of {of} journeys", it: "{n} percorsi su {of}" }
    AffectedParts { en: "{n} of {of} parts of journeys", it: "{n} parti di percorsi su {of}" }
    EvidenceVeryStrong { en: "very strong evidence (p {p})", it: "evidenza molto forte (p {p})" }
    EvidenceStrong { en: "strong evidence (p {p})", it: "evidenza forte (p {p})" }
    EvidenceModerate { en: "moderate evidence (p {p})", it: "evidenza moderata (p {p})" }
    EvidenceCounted { en: "counted, not compared", it: "contati, non confrontati" }
    LessThan { en: "< {p}", it: "< {p}" }
    Equals { en: "= {p}", it: "= {p}" }

    // The report: what stands in its tables.
    ColumnWhat { en: "What", it: "Che cosa" }
    ColumnValue { en: "Figure", it: "Cifra" }
    ColumnTouchpoint { en: "Touchpoint", it: "Punto di contatto" }
    ColumnTransition { en: "Transition", it: "Transizione" }
    ColumnPath { en: "Path", it: "Percorso" }
    ColumnJourneys { en: "Journeys", it: "Percorsi" }
    ColumnEvents { en: "Events", it: "Eventi" }
    ColumnCount { en: "Count", it: "Numero" }
    ColumnN { en: "n", it: "n" }
    ColumnOf { en: "of", it: "su" }
    ColumnShare { en: "Share", it: "Quota" }
    ColumnInterval { en: "Interval", it: "Intervallo" }
    ColumnTimes { en: "Times", it: "Tempi" }
    ColumnShareOfTime { en: "Share of all time", it: "Quota di tutto il tempo" }
    ColumnMedian { en: "Median", it: "Mediana" }
    ColumnMean { en: "Mean", it: "Media" }
    ColumnP95 { en: "p95", it: "p95" }
    ColumnBottleneck { en: "Bottleneck", it: "Collo di bottiglia" }
    ColumnTrend { en: "Trend", it: "Tendenza" }
    Longer { en: "longer over time", it: "sempre più lungo" }
    Shorter { en: "shorter over time", it: "sempre più corto" }
    Yes { en: "yes", it: "sì" }
    ColumnScore { en: "Score", it: "Punteggio" }
    ColumnExpected { en: "Expected", it: "Atteso" }
    ColumnScores { en: "Scores", it: "Punteggi" }
    ColumnProminence { en: "Below its surroundings", it: "Sotto ciò che sta attorno" }
    ColumnP { en: "Adjusted p", it: "p corretto" }
    ColumnStep { en: "Step", it: "Passo" }
    ColumnNext { en: "Goes to", it: "Va a" }
    ColumnReached { en: "Reached", it: "Raggiunto" }
    ColumnGoOn { en: "Of the step before", it: "Del passo precedente" }
    ColumnLost { en: "Lost", it: "Persi" }
    ColumnDropOff { en: "Drop-off rate", it: "Tasso di abbandono" }
    ColumnExit { en: "Exit rate", it: "Tasso di uscita" }
    ColumnSince { en: "From", it: "Dal" }
    ColumnUntil { en: "To", it: "Al" }
    ColumnConversion { en: "Conversion", it: "Conversione" }
    ColumnOtherwise { en: "Otherwise", it: "Altrimenti" }
    ColumnDistinctive { en: "What stands out", it: "Che cosa spicca" }
    ColumnReturns { en: "Come back", it: "Tornano" }
    ColumnCycle { en: "Circle", it: "Giro" }
    ColumnDeviation { en: "Deviation", it: "Scostamento" }
    ColumnGroup { en: "Group", it: "Gruppo" }
    ColumnThroughput { en: "Throughput time (median)", it: "Tempo di attraversamento (mediana)" }
    ColumnDifference { en: "Difference", it: "Differenza" }
    ColumnFirst { en: "First group", it: "Primo gruppo" }
    ColumnSecond { en: "Second group", it: "Secondo gruppo" }
    ColumnChannel { en: "Channel", it: "Canale" }
    ColumnSwitch { en: "Switch", it: "Cambio" }
    ColumnCumulative { en: "Together", it: "Insieme" }
    TableLog { en: "In figures", it: "In cifre" }
    TableLeftOut { en: "What to bear in mind", it: "Che cosa tenere presente" }
    TableTouchpoints { en: "Touchpoints, most events first", it: "Punti di contatto, prima i più frequenti" }
    TableTransitions { en: "Transitions, most taken first", it: "Transizioni, prima le più frequenti" }
    TableTimes { en: "Transitions, the largest share of time first", it: "Transizioni, prima la quota di tempo maggiore" }
    TableCurve { en: "Scores along the map", it: "Punteggi lungo la mappa" }
    TableDips { en: "Dips, the deepest first", it: "Cali, prima i più profondi" }
    TableFunnel { en: "Steps to the conversion", it: "Passi verso la conversione" }
    TableLosses { en: "Where journeys are lost", it: "Dove si perdono i percorsi" }
    TableEnds { en: "Where journeys end", it: "Dove finiscono i percorsi" }
    TableStepFlow { en: "From step to step", it: "Da un passo all'altro" }
    TableChanges { en: "Times in which fewer converted", it: "Periodi con meno conversioni" }
    TableReturns { en: "Who comes back before converting", it: "Chi torna prima di convertire" }
    TableRework { en: "What is done again", it: "Che cosa si rifà" }
    TableCycles { en: "Circles, most frequent first", it: "Giri, prima i più frequenti" }
    TableCoverage { en: "Coverage of the map", it: "Copertura della mappa" }
    TableDeviations { en: "Deviations, most journeys first", it: "Scostamenti, prima i più frequenti" }
    TableUnmapped { en: "Touchpoints that are not on the map", it: "Punti di contatto che non sono sulla mappa" }
    TableComparison { en: "{b} compared with {a}", it: "{b} a confronto con {a}" }
    TableChannels { en: "Channels", it: "Canali" }
    TableSwitches { en: "Switches, most taken first", it: "Cambi, prima i più frequenti" }
    TableVariants { en: "Paths, most frequent first", it: "Percorsi, prima i più frequenti" }
    TableStepMatrix { en: "Where journeys are at each step, in percent", it: "Dove sono i percorsi a ogni passo, in percento" }
    RowJourneys { en: "Journeys", it: "Percorsi" }
    RowEvents { en: "Events", it: "Eventi" }
    RowTouchpoints { en: "Touchpoints", it: "Punti di contatto" }
    RowChannels { en: "Channels", it: "Canali" }
    RowFirst { en: "First event", it: "Primo evento" }
    RowLast { en: "Last event", it: "Ultimo evento" }
    RowThroughput { en: "Throughput time, median", it: "Tempo di attraversamento, mediana" }
    RowConversion { en: "Conversion is", it: "Conversione" }
    RowConverted { en: "Journeys that converted", it: "Percorsi che hanno convertito" }
    RowUnmapped { en: "Events at touchpoints that are not on the map", it: "Eventi in punti di contatto che non sono sulla mappa" }
    RowTied { en: "Events with the time of the one before: their order is that of the input", it: "Eventi con l'ora del precedente: l'ordine è quello dei dati" }
    RowNoTimes { en: "Events without a time: nothing is said about time", it: "Eventi senza ora: non si dice nulla del tempo" }
    RowSingle { en: "Journeys of a single event", it: "Percorsi di un solo evento" }
    RowOpen { en: "Journeys that may still go on: they do not count as lost", it: "Percorsi che possono continuare: non contano come persi" }
    RowUnscored { en: "Events without a score", it: "Eventi senza punteggio" }
    RowOnMap { en: "Touchpoints of the map that were visited", it: "Punti di contatto della mappa visitati" }
    RowTaken { en: "Transitions of the map that were taken", it: "Transizioni della mappa percorse" }
    RowEventsOnMap { en: "Events at touchpoints of the map", it: "Eventi in punti di contatto della mappa" }
    RowTransitionsOnMap { en: "Transitions taken that are on the map", it: "Transizioni fatte che sono sulla mappa" }
    RowFits { en: "Journeys that follow the map from end to end", it: "Percorsi che seguono la mappa dall'inizio alla fine" }
    RowVariants { en: "Different paths", it: "Percorsi diversi" }
    RowSingletons { en: "Paths that one journey takes", it: "Percorsi fatti una volta sola" }
    RowForCoverage { en: "Paths that {share} of journeys take", it: "Percorsi che fa il {share} dei percorsi" }
    AdHoc { en: "not on the map", it: "non sulla mappa" }
    Missing { en: "left out", it: "tralasciato" }
    Irregular { en: "out of order, or once more", it: "fuori ordine, o di nuovo" }
    Failing { en: "breaks off after", it: "si interrompe dopo" }
    AttributesLeftOut { en: "Attributes with too many values to be groups: {names}.", it: "Attributi con troppi valori per essere gruppi: {names}." }
    CurveIsExpected { en: "Nobody gave a score: the curve is what the team expects, and no dip in it is a finding.", it: "Nessuno ha dato un punteggio: la curva è quella che il team si aspetta, e nessun calo è un risultato." }
    NoDips { en: "The curve has no dip below neutral.", it: "La curva non ha cali sotto il neutro." }
    NoChanges { en: "In no stretch of time did fewer convert than chance explains.", it: "In nessun periodo ha convertito meno di quanto spieghi il caso." }
    ChangesAbout { en: "The time of the log is cut into {stretches} stretches of {length}; each is compared with all others.", it: "Il tempo del registro è diviso in {stretches} tratti di {length}; ciascuno è confrontato con tutti gli altri." }
    MapTooLarge { en: "Map and log are too large to be compared path by path.", it: "Mappa e registro sono troppo grandi per un confronto percorso per percorso." }

    // The report: the glossary.
    TermJourney { en: "Journey, event, touchpoint", it: "Percorso, evento, punto di contatto" }
    MeansJourney { en: "What one customer did, in the order of time. Each thing done is an event at a touchpoint.", it: "Ciò che ha fatto un cliente, in ordine di tempo. Ogni azione è un evento in un punto di contatto." }
    TermConversion { en: "Conversion", it: "Conversione" }
    MeansConversion { en: "A journey converts if it reaches one of the touchpoints that count as the goal.", it: "Un percorso converte se raggiunge uno dei punti di contatto che contano come meta." }
    TermImpact { en: "Hurts at least", it: "Danneggia almeno" }
    MeansImpact { en: "Findings are ranked by the share of all journeys that they hurt. A journey that is lost counts as one: those concerned, times how much less they convert than what they are compared with. A time that is longer than elsewhere counts as its share of all customers' time; a score that is lower than around it as its share of the scale, for each journey that comes there. Ranked is the lower end of the interval: what is sure to be hurt.", it: "I risultati sono ordinati per quota di percorsi danneggiati. Un percorso perso conta uno: quelli interessati, per quanto convertono meno di ciò con cui sono confrontati. Un tempo più lungo che altrove conta come sua quota di tutto il tempo dei clienti; un punteggio più basso di ciò che gli sta attorno come sua quota della scala, per ogni percorso che vi passa. Conta l'estremo inferiore dell'intervallo: ciò che è danneggiato di certo." }
    TermInterval { en: "Interval", it: "Intervallo" }
    MeansInterval { en: "Where the figure may lie, with a confidence of {confidence}: Wilson's for shares, Newcombe's for their differences, Student's t for means.", it: "Dove può stare la cifra, con una confidenza del {confidence}: di Wilson per le quote, di Newcombe per le loro differenze, t di Student per le medie." }
    TermEvidence { en: "Evidence, adjusted p", it: "Evidenza, p corretto" }
    MeansEvidence { en: "How often chance alone makes a difference this large, corrected for how many were looked at (Benjamini and Hochberg). Of those called significant, {rate} are expected to be false. Very strong is at most 0.001, strong at most 0.01.", it: "Quanto spesso il solo caso produce una differenza così grande, corretto per quante se ne sono guardate (Benjamini e Hochberg). Di quelle significative ci si aspetta che il {rate} sia falso. Molto forte è al massimo 0,001, forte al massimo 0,01." }
    TermBottleneck { en: "Time bottleneck", it: "Collo di bottiglia" }
    MeansBottleneck { en: "One of the fewest transitions that together take 80 % of all customers' time; it is a finding if its mean is longer than that of all others.", it: "Una delle poche transizioni che insieme prendono l'80 % del tempo di tutti i clienti; è un risultato se la sua media è più lunga di quella di tutte le altre." }
    TermDropOff { en: "Drop-off rate, exit rate", it: "Tasso di abbandono, tasso di uscita" }
    MeansDropOff { en: "Of the events at a touchpoint, those with which a journey ended: for the drop-off rate only events before a conversion.", it: "Degli eventi in un punto di contatto, quelli con cui un percorso è finito: per il tasso di abbandono solo quelli prima di una conversione." }
    TermRework { en: "Rework", it: "Rilavorazione" }
    MeansRework { en: "A customer comes back to a touchpoint after something else. It is a finding only where most customers do not come back.", it: "Un cliente torna a un punto di contatto dopo altro. È un risultato solo dove la maggior parte non torna." }
    TermChange { en: "Worse for a time", it: "Peggio per un periodo" }
    MeansChange { en: "Stretches of time beside each other in which fewer convert than at all other times. What of a journey lies in one stretch is a part of it, and counts once.", it: "Tratti di tempo vicini in cui converte meno che in tutti gli altri. Ciò che di un percorso sta in un tratto ne è una parte, e conta una volta." }
    TermDeviation { en: "Deviation", it: "Scostamento" }
    MeansDeviation { en: "A step in which a journey differs from the path of the map that is nearest to it: a touchpoint that is not on the map, one that is left out, one that is out of order, or the place where it breaks off.", it: "Un passo in cui un percorso differisce dal cammino più vicino della mappa: un punto di contatto che non c'è, uno tralasciato, uno fuori ordine, o il luogo in cui si interrompe." }
    TermDip { en: "Emotion dip", it: "Calo emotivo" }
    MeansDip { en: "A touchpoint whose mean score is below neutral and at least {least} below the lower of the two peaks around it.", it: "Un punto di contatto con punteggio medio sotto il neutro e almeno {least} sotto il più basso dei due picchi attorno." }
    TermVariant { en: "Path (variant)", it: "Percorso (variante)" }
    MeansVariant { en: "A sequence of touchpoints; journeys with the same sequence take the same path.", it: "Una sequenza di punti di contatto; percorsi con la stessa sequenza sono la stessa variante." }
    TermQuantile { en: "Median, p95", it: "Mediana, p95" }
    MeansQuantile { en: "Half of the times are at most the median, nineteen in twenty at most p95.", it: "Metà dei tempi è al massimo la mediana, diciannove su venti al massimo p95." }
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
