//! The tables of each part: what stands behind the pictures, and what has none.

use super::Names;
use super::finding::{since, until};
use super::table::{Column, SHARE, Table, columns, interval, label, none, p_value, share};
use crate::analysis::{
    Bottlenecks, Changes, ChannelSwitching, ChannelUse, Comparison, DelayMeasure, DeviationKind, Deviations, DropOffs,
    EmotionCurve, EmotionDips, Funnel, Part, PathCoverage, Rework, Segments, StepFlow, StepKind, StepMatrix,
    TouchpointReturn, Transitions, Trend, Variants,
};
use crate::render::comparison;
use crate::render::escape::isolated;
use crate::render::words::{Language, Word};
use crate::report::JourneyReport;
use crate::sorting::SortRows;

/// Transitions behind a flow, and links behind a flow of steps.
const WAYS: usize = 30;

/// What the log holds.
pub(super) fn log(report: &JourneyReport, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let (summary, word) = (&report.summary, |word: Word| lang.say(word).to_owned());
    let mut rows = vec![
        vec![word(Word::RowJourneys), lang.whole(summary.journeys)],
        vec![word(Word::RowEvents), lang.whole(summary.events)],
        vec![word(Word::RowTouchpoints), lang.whole(summary.touchpoints.len() as u64)],
    ];
    if !summary.channels.is_empty() {
        rows.push(vec![word(Word::RowChannels), lang.whole(summary.channels.len() as u64)]);
    }
    for (name, time) in [(Word::RowFirst, &summary.first), (Word::RowLast, &summary.last)] {
        rows.extend(time.as_deref().map(|time| vec![word(name), since(Some(time))]));
    }
    rows.extend(
        summary.throughput.as_ref().map(|time| vec![word(Word::RowThroughput), lang.duration(time.median_seconds)]),
    );
    if let Some(lost) = report.drop_offs.drop_off_rate.as_ref() {
        let goals: Vec<_> = report.conversion.iter().map(|id| names.touchpoint(id)).collect();
        rows.push(vec![word(Word::RowConversion), goals.join(", ")]);
        let ended = lost.of;
        let converted = lang.fill(Word::FactOf, &[("n", &lang.whole(ended - lost.n)), ("of", &lang.whole(ended))]);
        let share = lost.share.map(|share| 1.0 - share);
        rows.push(vec![word(Word::RowConverted), format!("{converted} ({})", lang.percent(share))]);
    }
    let columns = columns(&[Word::ColumnWhat], &[Word::ColumnValue], lang);
    Table::new(lang.say(Word::TableLog), columns, rows, 0, lang)
}

/// What is left out, or to be borne in mind.
pub(super) fn left_out(report: &JourneyReport, lang: Language) -> Option<Table> {
    let summary = &report.summary;
    let mut rows = Vec::new();
    let mut add = |word: Word, n: u64, of: u64| {
        if n > 0 {
            let share = crate::render::chart::ratio(n, of);
            rows.push(vec![lang.say(word).to_owned(), lang.percent(share), lang.whole(n), lang.whole(of)]);
        }
    };
    if let Some(events) = report.path_coverage.as_ref().map(|coverage| &coverage.log.events) {
        add(Word::RowUnmapped, events.of - events.n, events.of);
    }
    match summary.tied_events {
        Some(tied) => add(Word::RowTied, tied, summary.events),
        None => add(Word::RowNoTimes, summary.events, summary.events),
    }
    add(Word::RowSingle, summary.single_event_journeys, summary.journeys);
    add(Word::RowOpen, report.drop_offs.open_journeys, report.drop_offs.journeys);
    if summary.scored_events > 0 {
        add(Word::RowUnscored, summary.events - summary.scored_events, summary.events);
    }
    let words = [Word::ColumnShare, Word::ColumnN, Word::ColumnOf];
    let columns = columns(&[Word::ColumnWhat], &words, lang);
    (!rows.is_empty()).then(|| Table::new(lang.say(Word::TableLeftOut), columns, rows, 0, lang))
}

/// Touchpoints, as many events as they have.
pub(super) fn touchpoints(report: &JourneyReport, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = report
        .summary
        .touchpoints
        .iter()
        .map(|row| vec![names.touchpoint(&row.touchpoint), lang.whole(row.events), lang.whole(row.journeys)]);
    let columns = columns(&[Word::ColumnTouchpoint], &[Word::ColumnEvents, Word::ColumnJourneys], lang);
    Table::new(lang.say(Word::TableTouchpoints), columns, rows, 0, lang)
}

/// Transitions, as often as they are taken.
pub(super) fn transitions(report: &Transitions, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = report.rows.iter().take(WAYS).map(|row| {
        let time = row.time.as_ref().map_or_else(none, |time| lang.duration(time.median_seconds));
        let way = names.way(row.source.as_deref(), row.target.as_deref());
        vec![way, lang.whole(row.journeys), lang.whole(row.count), lang.percent(row.p_out.share), time]
    });
    let words = [Word::ColumnJourneys, Word::ColumnTimes, Word::ColumnShare, Word::ColumnMedian];
    let columns = columns(&[Word::ColumnTransition], &words, lang);
    let more = report.rows_left_out + report.rows.len().saturating_sub(WAYS) as u64;
    Table::new(lang.say(Word::TableTransitions), columns, rows, more, lang)
}

/// Transitions, the largest share of all time first.
pub(super) fn times(report: &Bottlenecks, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let trend = |trend: &Option<Trend>| match trend {
        Some(trend) if trend.flagged && trend.rho > 0.0 => lang.say(Word::Longer).to_owned(),
        Some(trend) if trend.flagged => lang.say(Word::Shorter).to_owned(),
        _ => none(),
    };
    let rows = report.transitions.iter().map(|row| {
        let waiting = row.waiting.as_ref().filter(|_| report.measure == DelayMeasure::Waiting);
        let time = waiting.unwrap_or(&row.time);
        vec![
            names.way(Some(&row.source), Some(&row.target)),
            lang.percent(row.delay_share),
            lang.duration(time.median_seconds),
            lang.duration(time.mean_seconds),
            lang.duration(time.p95_seconds),
            lang.whole(time.n),
            if row.bottleneck { lang.say(Word::Yes).to_owned() } else { none() },
            trend(&row.trend),
        ]
    });
    let words = [
        Word::ColumnShareOfTime,
        Word::ColumnMedian,
        Word::ColumnMean,
        Word::ColumnP95,
        Word::ColumnTimes,
        Word::ColumnBottleneck,
        Word::ColumnTrend,
    ];
    let columns = columns(&[Word::ColumnTransition], &words, lang);
    Table::new(lang.say(Word::TableTimes), columns, rows, report.transitions_left_out, lang)
}

/// The emotion curve, step by step.
pub(super) fn curve(curve: &EmotionCurve, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let score = |score: Option<f64>| score.map_or_else(none, |score| lang.score(score));
    let rows = curve.steps.iter().filter(|step| step.expected.or(step.measured).is_some()).map(|step| {
        let ends = step
            .low
            .zip(step.high)
            .map_or_else(none, |(low, high)| lang.interval(&lang.decimal(low, 2), &lang.decimal(high, 2)));
        let name = names.touchpoint(&step.touchpoint);
        vec![name, score(step.expected), score(step.measured), ends, lang.whole(step.n)]
    });
    let words = [Word::ColumnExpected, Word::ColumnScore, Word::ColumnInterval, Word::ColumnScores];
    let columns = columns(&[Word::ColumnTouchpoint], &words, lang);
    Table::new(lang.say(Word::TableCurve), columns, rows, 0, lang)
}

/// Dips of the curve.
pub(super) fn dips(dips: &EmotionDips, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = dips.dips.iter().map(|dip| {
        let ends = dip
            .low
            .zip(dip.high)
            .map_or_else(none, |(low, high)| lang.interval(&lang.decimal(low, 2), &lang.decimal(high, 2)));
        vec![
            names.touchpoint(&dip.touchpoint),
            lang.score(dip.score),
            ends,
            lang.whole(dip.n),
            lang.decimal(dip.prominence, 2),
            p_value(dip.p_adjusted, lang),
        ]
    });
    let words = [Word::ColumnScore, Word::ColumnInterval, Word::ColumnScores, Word::ColumnProminence, Word::ColumnP];
    let columns = columns(&[Word::ColumnTouchpoint], &words, lang);
    Table::new(lang.say(Word::TableDips), columns, rows, 0, lang)
}

/// The steps of a funnel.
pub(super) fn funnel(funnel: &Funnel, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = funnel.steps.iter().map(|step| {
        let (of_before, ends) = step.conversion.as_ref().map_or_else(
            || (none(), none()),
            |conversion| (lang.percent(conversion.share), interval(conversion, lang)),
        );
        vec![names.touchpoint(&step.name), lang.whole(step.reached), of_before, ends, lang.whole(step.lost)]
    });
    let words = [Word::ColumnReached, Word::ColumnGoOn, Word::ColumnInterval, Word::ColumnLost];
    let columns = columns(&[Word::ColumnStep], &words, lang);
    Table::new(lang.say(Word::TableFunnel), columns, rows, 0, lang)
}

/// Where journeys end; where a conversion is named, before it.
pub(super) fn losses(report: &DropOffs, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let lost = report.drop_off_rate.is_some();
    let rows = report.touchpoints.iter().map(|row| {
        let rate = if lost { &row.drop_off_rate } else { &row.exit_rate };
        [vec![names.touchpoint(&row.touchpoint)], share(rate, lang)].concat()
    });
    let first = if lost { Word::ColumnDropOff } else { Word::ColumnExit };
    let words = [first, Word::ColumnInterval, Word::ColumnN, Word::ColumnOf];
    let columns = columns(&[Word::ColumnTouchpoint], &words, lang);
    let caption = if lost { Word::TableLosses } else { Word::TableEnds };
    Table::new(lang.say(caption), columns, rows, report.touchpoints_left_out, lang)
}

/// Where journeys go from each step.
pub(super) fn step_flow(flow: &StepFlow, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let node = |place: u64| usize::try_from(place).ok().and_then(|place| flow.nodes.get(place));
    let called = |kind: StepKind, touchpoint: Option<&str>, touchpoints: u64| {
        touchpoint.map_or_else(|| kind_of_step(kind, touchpoints, lang), |id| names.touchpoint(id))
    };
    let mut links: Vec<_> = flow.links.iter().collect();
    links.sort_rows_by_key(|link| std::cmp::Reverse(link.journeys));
    let rows = links.iter().take(WAYS).filter_map(|link| {
        let (from, to) = (node(link.source_node)?, node(link.target_node)?);
        let step = lang.fill(Word::Step, &[("step", &lang.decimal(crate::render::step_flow::signed(from.step), 0))]);
        let from = called(from.kind, from.touchpoint.as_deref(), from.touchpoints);
        let to = called(to.kind, to.touchpoint.as_deref(), to.touchpoints);
        Some(vec![step, from, to, lang.whole(link.journeys), lang.percent(link.share.share)])
    });
    let labels = [Word::ColumnStep, Word::ColumnTouchpoint, Word::ColumnNext];
    let columns = columns(&labels, &[Word::ColumnJourneys, Word::ColumnShare], lang);
    let more = links.len().saturating_sub(WAYS) as u64;
    Table::new(lang.say(Word::TableStepFlow), columns, rows, more, lang)
}

fn kind_of_step(kind: StepKind, touchpoints: u64, lang: Language) -> String {
    match kind {
        StepKind::NotStarted => lang.say(Word::NotStarted).to_owned(),
        StepKind::Open => lang.say(Word::Open).to_owned(),
        StepKind::Ended => lang.say(Word::Ended).to_owned(),
        _ => lang.count(touchpoints, Word::OneOther, Word::Others),
    }
}

/// Times in which fewer converted.
pub(super) fn changes(changes: &Changes, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = changes.rows.iter().map(|row| {
        let place = row.touchpoint.as_deref().map_or_else(none, |id| names.touchpoint(id));
        let distinctive = row.distinctive.as_ref().map_or_else(none, |found| {
            let values = [
                ("touchpoint", names.touchpoint(&found.touchpoint)),
                ("share", lang.percent(found.share.share)),
                ("rest", lang.percent(found.rest.share)),
            ];
            lang.fill(Word::SaidDistinctive, &values.each_ref().map(|(name, value)| (*name, value.as_str())))
        });
        let stretch = vec![since(Some(&row.since)), until(Some(&row.until)), place];
        let rest = vec![lang.percent(row.rest.share), p_value(row.p_adjusted, lang), distinctive];
        [stretch, share(&row.conversion, lang), rest].concat()
    });
    let labels = [Word::ColumnSince, Word::ColumnUntil, Word::ColumnTouchpoint];
    let words = [
        Word::ColumnConversion,
        Word::ColumnInterval,
        Word::ColumnN,
        Word::ColumnOf,
        Word::ColumnOtherwise,
        Word::ColumnP,
    ];
    let mut columns = columns(&labels, &words, lang);
    columns.push(label(Word::ColumnDistinctive, lang));
    Table::new(lang.say(Word::TableChanges), columns, rows, 0, lang)
}

/// Who comes back to a touchpoint before converting.
pub(super) fn returns(rows: &[TouchpointReturn], left_out: u64, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let written = rows.iter().map(|row| {
        let conversion = vec![
            lang.percent(row.conversion.share),
            lang.percent(row.conversion_without.share),
            p_value(row.p_adjusted, lang),
        ];
        [vec![names.touchpoint(&row.touchpoint)], share(&row.journeys, lang), conversion].concat()
    });
    let words = [
        Word::ColumnReturns,
        Word::ColumnInterval,
        Word::ColumnN,
        Word::ColumnOf,
        Word::ColumnConversion,
        Word::ColumnOtherwise,
        Word::ColumnP,
    ];
    let columns = columns(&[Word::ColumnTouchpoint], &words, lang);
    Table::new(lang.say(Word::TableReturns), columns, written, left_out, lang)
}

/// Touchpoints that are visited again.
pub(super) fn rework(rework: &Rework, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = rework.touchpoints.iter().map(|row| {
        let counts = vec![names.touchpoint(&row.touchpoint), lang.whole(row.events), lang.whole(row.rework)];
        [counts, share(&row.journeys, lang)].concat()
    });
    let figures = [&[Word::ColumnEvents, Word::ColumnCount][..], &SHARE].concat();
    let columns = columns(&[Word::ColumnTouchpoint], &figures, lang);
    Table::new(lang.say(Word::TableRework), columns, rows, rework.touchpoints_left_out, lang)
}

/// Circles that customers go in.
pub(super) fn cycles(rework: &Rework, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = rework
        .cycles
        .iter()
        .map(|row| [vec![names.path(&row.touchpoints), lang.whole(row.count)], share(&row.journeys, lang)].concat());
    let columns = columns(&[Word::ColumnCycle], &[&[Word::ColumnCount][..], &SHARE].concat(), lang);
    Table::new(lang.say(Word::TableCycles), columns, rows, rework.cycles_left_out, lang)
}

/// How much of the map is used, and how much of the log is on it.
pub(super) fn coverage(coverage: &PathCoverage, lang: Language) -> Table {
    let (map, log) = (&coverage.map, &coverage.log);
    let part = |word: Word, part: &Part| {
        vec![lang.say(word).to_owned(), lang.percent(part.share), none(), lang.whole(part.n), lang.whole(part.of)]
    };
    let rows = [
        part(Word::RowOnMap, &map.touchpoints),
        part(Word::RowTaken, &map.transitions),
        part(Word::RowEventsOnMap, &log.events),
        part(Word::RowTransitionsOnMap, &log.transitions),
        [vec![lang.say(Word::RowFits).to_owned()], share(&log.journeys, lang)].concat(),
    ];
    let columns = columns(&[Word::ColumnWhat], &SHARE, lang);
    Table::new(lang.say(Word::TableCoverage), columns, rows, 0, lang)
}

/// Touchpoints that the map does not have.
pub(super) fn unmapped(coverage: &PathCoverage, names: &Names<'_>) -> Option<Table> {
    let (lang, log) = (names.lang, &coverage.log);
    let rows = log
        .unmapped
        .iter()
        .map(|row| vec![names.touchpoint(&row.touchpoint), lang.whole(row.events), lang.whole(row.journeys)]);
    let columns = columns(&[Word::ColumnTouchpoint], &[Word::ColumnEvents, Word::ColumnJourneys], lang);
    let table = Table::new(lang.say(Word::TableUnmapped), columns, rows, log.unmapped_left_out, lang);
    (!log.unmapped.is_empty()).then_some(table)
}

/// The sorts of deviation, in words.
const fn deviation(kind: DeviationKind) -> Word {
    match kind {
        DeviationKind::AdHoc => Word::AdHoc,
        DeviationKind::Missing => Word::Missing,
        DeviationKind::Irregular => Word::Irregular,
        DeviationKind::Failing => Word::Failing,
    }
}

/// Ways in which journeys leave the map.
pub(super) fn deviations(deviations: &Deviations, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = deviations.rows.iter().map(|row| {
        let conversion =
            |share: &Option<crate::analysis::Share>| lang.percent(share.as_ref().and_then(|share| share.share));
        let what = vec![names.touchpoint(&row.touchpoint), lang.say(deviation(row.kind)).to_owned()];
        let conversions =
            vec![conversion(&row.conversion), conversion(&row.conversion_without), p_value(row.p_adjusted, lang)];
        [what, share(&row.journeys, lang), conversions].concat()
    });
    let labels = [Word::ColumnTouchpoint, Word::ColumnDeviation];
    let words = [Word::ColumnConversion, Word::ColumnOtherwise, Word::ColumnP];
    let columns = columns(&labels, &[&SHARE[..], &words].concat(), lang);
    Table::new(lang.say(Word::TableDeviations), columns, rows, deviations.rows_left_out, lang)
}

/// What two groups were compared in.
pub(super) fn comparison(report: &Comparison, lang: Language) -> Table {
    let rows = report.findings.iter().map(|finding| comparison::cells(finding, lang).to_vec());
    let words = [Word::ColumnFirst, Word::ColumnSecond, Word::ColumnDifference, Word::ColumnInterval, Word::ColumnP];
    let columns = columns(&[Word::ColumnWhat], &words, lang);
    let names = [("a", isolated(&report.a.name)), ("b", isolated(&report.b.name))];
    let caption = lang.fill(Word::TableComparison, &names.each_ref().map(|(name, value)| (*name, value.as_ref())));
    Table::new(&caption, columns, rows, report.findings_left_out, lang)
}

/// How the groups of an attribute do.
pub(super) fn segments(segments: &Segments, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = segments.rows.iter().map(|row| {
        let conversion = row.conversion.as_ref();
        let time = row.throughput.as_ref().map_or_else(none, |time| lang.duration(time.median_seconds));
        let distinctive = row.distinctive.as_ref().map_or_else(none, |found| {
            let (own, rest) = (lang.percent(found.share.share), lang.percent(found.rest.share));
            format!("{} ({own} / {rest})", names.touchpoint(&found.touchpoint))
        });
        vec![
            isolated(&row.value).into_owned(),
            lang.whole(row.journeys),
            lang.percent(conversion.and_then(|share| share.share)),
            conversion.map_or_else(none, |share| interval(share, lang)),
            p_value(row.conversion_p_adjusted, lang),
            row.score.map_or_else(none, |score| lang.score(score)),
            time,
            distinctive,
        ]
    });
    let words = [
        Word::ColumnJourneys,
        Word::ColumnConversion,
        Word::ColumnInterval,
        Word::ColumnP,
        Word::ColumnScore,
        Word::ColumnThroughput,
    ];
    let mut columns = columns(&[Word::ColumnGroup], &words, lang);
    columns.push(label(Word::ColumnDistinctive, lang));
    Table::new(&isolated(&segments.attribute), columns, rows, segments.rows_left_out, lang)
}

/// How much each channel is used.
pub(super) fn channels(switching: &ChannelSwitching, lang: Language) -> Table {
    let channel = |row: &ChannelUse| [vec![isolated(&row.channel).into_owned()], share(&row.events, lang)].concat();
    let rows = switching.channels.iter().map(channel);
    let columns = columns(&[Word::ColumnChannel], &SHARE, lang);
    Table::new(lang.say(Word::TableChannels), columns, rows, switching.channels_left_out, lang)
}

/// Switches between channels, with what goes with them.
pub(super) fn switches(switching: &ChannelSwitching, lang: Language) -> Option<Table> {
    let rows = switching.costs.iter().map(|row| {
        let conversion = row.conversion.as_ref();
        let share = |share: Option<&crate::analysis::Share>| lang.percent(share.and_then(|share| share.share));
        vec![
            format!("{} → {}", isolated(&row.source), isolated(&row.target)),
            lang.whole(row.switched),
            share(conversion.map(|found| &found.switched)),
            share(conversion.map(|found| &found.unswitched)),
            p_value(conversion.and_then(|found| found.p_adjusted), lang),
        ]
    });
    let words = [Word::ColumnCount, Word::ColumnConversion, Word::ColumnOtherwise, Word::ColumnP];
    let columns = columns(&[Word::ColumnSwitch], &words, lang);
    let table = Table::new(lang.say(Word::TableSwitches), columns, rows, switching.costs_left_out, lang);
    (!switching.costs.is_empty()).then_some(table)
}

/// The paths that most journeys take.
pub(super) fn variants(variants: &Variants, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = variants.rows.iter().map(|row| {
        let cumulative = vec![lang.percent(row.cumulative.share)];
        [vec![names.path(&row.touchpoints)], share(&row.coverage, lang), cumulative].concat()
    });
    let columns = columns(&[Word::ColumnPath], &[&SHARE[..], &[Word::ColumnCumulative]].concat(), lang);
    Table::new(lang.say(Word::TableVariants), columns, rows, variants.rows_left_out, lang)
}

/// How many paths there are.
pub(super) fn variant_counts(variants: &Variants, lang: Language) -> Table {
    let share = lang.percent(Some(variants.coverage));
    let rows = [
        vec![lang.say(Word::RowVariants).to_owned(), lang.whole(variants.variants)],
        vec![lang.say(Word::RowSingletons).to_owned(), lang.whole(variants.singletons)],
        vec![lang.fill(Word::RowForCoverage, &[("share", &share)]), lang.whole(variants.variants_for_coverage)],
    ];
    let columns = columns(&[Word::ColumnWhat], &[Word::ColumnValue], lang);
    Table::new(lang.say(Word::ColumnPath), columns, rows, 0, lang)
}

/// Where journeys are at each step.
pub(super) fn step_matrix(matrix: &StepMatrix, names: &Names<'_>) -> Table {
    let lang = names.lang;
    let rows = matrix.rows.iter().map(|row| {
        let left_out = matrix.touchpoints_left_out;
        let name =
            row.touchpoint.as_deref().map_or_else(|| kind_of_step(row.kind, left_out, lang), |id| names.touchpoint(id));
        let shares = row.shares.iter().map(|share| lang.decimal(share * 100.0, 1));
        std::iter::once(name).chain(shares).collect()
    });
    let steps = matrix.steps.iter().map(|step| Column {
        name: lang.fill(Word::Step, &[("step", &lang.decimal(crate::render::step_flow::signed(*step), 0))]),
        figures: true,
    });
    let columns = [label(Word::ColumnTouchpoint, lang)].into_iter().chain(steps).collect();
    Table::new(lang.say(Word::TableStepMatrix), columns, rows, 0, lang)
}
