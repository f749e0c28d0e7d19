//! The parts of the page: for each its pictures, and the tables behind them.

use super::table::Table;
use super::{Names, named, tables};
use crate::analysis::{EmotionSource, Summary};
use crate::error::Result;
use crate::map::JourneyMap;
use crate::render::theme::Theme;
use crate::render::words::{Language, Word};
use crate::render::{
    MapLane, MapReports, RenderComparisonOptions, RenderFlowOptions, RenderFunnelOptions, RenderMapOptions,
    RenderStepFlowOptions, RenderStepMatrixOptions, RenderTimesOptions, render_comparison, render_flow, render_funnel,
    render_map, render_step_flow, render_step_matrix, render_times,
};
use crate::report::{JourneyReport, ReportSection};

/// How wide pictures are on a large screen, and on a phone.
const WIDTHS: [u64; 2] = [960, 360];
/// A map is as wide as the page.
const MAP_WIDTHS: [u64; 2] = [1280, 360];

/// A part of the page.
pub(super) struct Section {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) pieces: Vec<Piece>,
}

/// A piece of a part: a sentence, a picture with the tables behind it, or tables.
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) picture: Option<Picture>,
    pub(super) tables: Vec<Table>,
}

/// The same picture at two widths, as SVG.
pub(super) struct Picture {
    pub(super) wide: String,
    pub(super) narrow: String,
}

fn said(text: impl Into<String>) -> Piece {
    Piece { text: text.into(), picture: None, tables: Vec::new() }
}

fn shown(tables: impl IntoIterator<Item = Table>) -> Piece {
    Piece { text: String::new(), picture: None, tables: tables.into_iter().collect() }
}

fn drawn(picture: Picture, tables: impl IntoIterator<Item = Table>) -> Piece {
    Piece { text: String::new(), picture: Some(picture), tables: tables.into_iter().collect() }
}

/// The id of a part, which is its name in JSON.
pub(super) const fn id(section: ReportSection) -> &'static str {
    match section {
        ReportSection::Log => "log",
        ReportSection::Map => "map",
        ReportSection::Bottlenecks => "bottlenecks",
        ReportSection::Dips => "dips",
        ReportSection::DropOffs => "drop_offs",
        ReportSection::Changes => "changes",
        ReportSection::Rework => "rework",
        ReportSection::Deviations => "deviations",
        ReportSection::Segments => "segments",
        ReportSection::Channels => "channels",
        ReportSection::Variants => "variants",
    }
}

/// What a part is called.
pub(super) fn heading(section: ReportSection, names: &Names<'_>) -> &'static str {
    let word = match section {
        ReportSection::Log => Word::SectionLog,
        ReportSection::Map if names.map.is_some() => Word::SectionMap,
        ReportSection::Map => Word::SectionFlow,
        ReportSection::Bottlenecks => Word::SectionBottlenecks,
        ReportSection::Dips => Word::SectionDips,
        ReportSection::DropOffs => Word::SectionDropOffs,
        ReportSection::Changes => Word::SectionChanges,
        ReportSection::Rework => Word::SectionRework,
        ReportSection::Deviations => Word::SectionDeviations,
        ReportSection::Segments => Word::SectionSegments,
        ReportSection::Channels => Word::SectionChannels,
        ReportSection::Variants => Word::SectionVariants,
    };
    names.lang.say(word)
}

/// All parts that hold something, in their order.
pub(super) fn sections(report: &JourneyReport, names: &Names<'_>, theme: Theme) -> Result<Vec<Section>> {
    let asked = Asked { report, names, lang: names.lang, theme };
    let parts = [
        (ReportSection::Log, asked.log()),
        (ReportSection::Map, asked.map()?),
        (ReportSection::Bottlenecks, asked.bottlenecks()?),
        (ReportSection::Dips, asked.dips()?),
        (ReportSection::DropOffs, asked.drop_offs()?),
        (ReportSection::Changes, asked.changes()),
        (ReportSection::Rework, asked.rework()),
        (ReportSection::Deviations, asked.deviations()),
        (ReportSection::Segments, asked.segments()?),
        (ReportSection::Channels, asked.channels()),
        (ReportSection::Variants, asked.variants()?),
    ];
    let filled = parts.into_iter().filter(|(_, pieces)| !pieces.is_empty());
    let section = |(section, pieces)| Section { id: id(section), title: heading(section, names), pieces };
    Ok(filled.map(section).collect())
}

/// What the parts are made of.
struct Asked<'a> {
    report: &'a JourneyReport,
    names: &'a Names<'a>,
    lang: Language,
    theme: Theme,
}

impl Asked<'_> {
    fn log(&self) -> Vec<Piece> {
        let mut tables = vec![tables::log(self.report, self.names)];
        tables.extend(tables::left_out(self.report, self.lang));
        vec![shown(tables)]
    }

    /// The map with what was measured, or without one the flow.
    fn map(&self) -> Result<Vec<Piece>> {
        let report = self.report;
        let Some(map) = self.names.map else { return self.flow() };
        let reports = MapReports {
            summary: Some(report.summary.clone()),
            emotion_curve: report.emotion_curve.clone(),
            emotion_dips: report.emotion_dips.clone(),
            bottlenecks: Some(report.bottlenecks.clone()),
            drop_offs: Some(report.drop_offs.clone()),
            path_coverage: report.path_coverage.clone(),
            diff: None,
        };
        let picture = self.map_picture(map, &reports, None, "picture-map")?;
        let mut pieces = vec![drawn(picture, [tables::touchpoints(report, self.names)])];
        pieces.extend(self.flow()?);
        Ok(pieces)
    }

    fn map_picture(
        &self,
        map: &JourneyMap,
        reports: &MapReports,
        lanes: Option<&[MapLane]>,
        id: &str,
    ) -> Result<Picture> {
        picture(id, MAP_WIDTHS, |width| {
            let lanes = lanes.map(<[MapLane]>::to_vec);
            let options = RenderMapOptions { lang: self.lang, theme: self.theme, width, lanes, ..Default::default() };
            render_map(map, reports, &options)
        })
    }

    fn flow(&self) -> Result<Vec<Piece>> {
        let report = &self.report.transitions;
        let picture = picture("picture-flow", WIDTHS, |width| {
            let options = RenderFlowOptions { lang: self.lang, theme: self.theme, width, ..Default::default() };
            render_flow(report, self.names.map, &options)
        })?;
        let mut behind = vec![tables::transitions(report, self.names)];
        if self.names.map.is_none() {
            behind.push(tables::touchpoints(self.report, self.names));
        }
        Ok(vec![drawn(picture, behind)])
    }

    /// Nothing where the log has no times.
    fn bottlenecks(&self) -> Result<Vec<Piece>> {
        let report = &self.report.bottlenecks;
        if report.total_seconds.is_none() || report.transitions.is_empty() {
            return Ok(Vec::new());
        }
        let summary: Option<&Summary> = Some(&self.report.summary);
        let named = named::times(report, self.names);
        let picture = picture("picture-times", WIDTHS, |width| {
            let options = RenderTimesOptions { lang: self.lang, theme: self.theme, width, ..Default::default() };
            render_times(&named, summary, &options)
        })?;
        Ok(vec![drawn(picture, [tables::times(report, self.names)])])
    }

    /// Nothing where nothing has a score.
    fn dips(&self) -> Result<Vec<Piece>> {
        let report = self.report;
        let (Some(map), Some(curve), Some(dips)) = (self.names.map, &report.emotion_curve, &report.emotion_dips) else {
            return Ok(Vec::new());
        };
        if curve.steps.iter().all(|step| step.expected.or(step.measured).is_none()) {
            return Ok(Vec::new());
        }
        let mut pieces = Vec::new();
        if dips.source == EmotionSource::Expected {
            pieces.push(said(self.lang.say(Word::CurveIsExpected)));
        }
        let reports = MapReports {
            emotion_curve: Some(curve.clone()),
            emotion_dips: Some(dips.clone()),
            ..MapReports::default()
        };
        let picture = self.map_picture(map, &reports, Some(&[MapLane::Emotions]), "picture-curve")?;
        pieces.push(drawn(picture, [tables::curve(curve, self.names)]));
        pieces.push(if dips.dips.is_empty() {
            said(self.lang.say(Word::NoDips))
        } else {
            shown([tables::dips(dips, self.names)])
        });
        Ok(pieces)
    }

    fn drop_offs(&self) -> Result<Vec<Piece>> {
        let (report, lang, theme) = (self.report, self.lang, self.theme);
        let mut pieces = Vec::new();
        if let Some(funnel) = &report.funnel {
            let named = named::funnel(funnel, self.names);
            let picture = picture("picture-funnel", WIDTHS, |width| {
                render_funnel(&named, &RenderFunnelOptions { width, lang, theme, ..Default::default() })
            })?;
            pieces.push(drawn(picture, [tables::funnel(funnel, self.names)]));
        }
        pieces.push(shown([tables::losses(&report.drop_offs, self.names)]));
        let named = named::step_flow(&report.step_flow, self.names);
        let picture = picture("picture-step-flow", WIDTHS, |width| {
            render_step_flow(&named, &RenderStepFlowOptions { width, lang, theme, ..Default::default() })
        })?;
        pieces.push(drawn(picture, [tables::step_flow(&report.step_flow, self.names)]));
        Ok(pieces)
    }

    /// Nothing where nobody can be lost, or the log has too little time to compare.
    fn changes(&self) -> Vec<Piece> {
        let (changes, lang) = (&self.report.changes, self.lang);
        let Some(length) = changes.stretch_seconds else { return Vec::new() };
        let values = [("stretches", lang.whole(changes.stretches)), ("length", lang.duration(length))];
        let about = lang.fill(Word::ChangesAbout, &values.each_ref().map(|(name, value)| (*name, value.as_str())));
        let found = if changes.rows.is_empty() {
            said(lang.say(Word::NoChanges))
        } else {
            shown([tables::changes(changes, self.names)])
        };
        vec![said(about), found]
    }

    fn rework(&self) -> Vec<Piece> {
        let (report, names) = (self.report, self.names);
        let mut tables = Vec::new();
        if !report.returns.is_empty() {
            tables.push(tables::returns(&report.returns, report.returns_left_out, names));
        }
        if !report.rework.touchpoints.is_empty() {
            tables.push(tables::rework(&report.rework, names));
        }
        if !report.rework.cycles.is_empty() {
            tables.push(tables::cycles(&report.rework, names));
        }
        if tables.is_empty() { Vec::new() } else { vec![shown(tables)] }
    }

    fn deviations(&self) -> Vec<Piece> {
        let report = self.report;
        let Some(coverage) = &report.path_coverage else { return Vec::new() };
        let mut tables = vec![tables::coverage(coverage, self.lang)];
        tables.extend(report.deviations.as_ref().map(|deviations| tables::deviations(deviations, self.names)));
        tables.extend(tables::unmapped(coverage, self.names));
        let mut pieces = vec![shown(tables)];
        if report.deviations.is_none() {
            pieces.push(said(self.lang.say(Word::MapTooLarge)));
        }
        pieces
    }

    fn segments(&self) -> Result<Vec<Piece>> {
        let (report, lang, theme) = (self.report, self.lang, self.theme);
        let mut pieces = Vec::new();
        if let Some(comparison) = report.comparison.as_ref().filter(|comparison| !comparison.findings.is_empty()) {
            let comparison = named::comparison(comparison, self.names);
            let picture = picture("picture-comparison", WIDTHS, |width| {
                render_comparison(&comparison, &RenderComparisonOptions { width, lang, theme, ..Default::default() })
            })?;
            pieces.push(drawn(picture, [tables::comparison(&comparison, lang)]));
        }
        if !report.segments.is_empty() {
            pieces.push(shown(report.segments.iter().map(|segments| tables::segments(segments, self.names))));
        }
        if !report.attributes_left_out.is_empty() {
            let attributes: Vec<_> = report.attributes_left_out.iter().map(|name| super::isolated(name)).collect();
            pieces.push(said(lang.fill(Word::AttributesLeftOut, &[("names", &attributes.join(", "))])));
        }
        Ok(pieces)
    }

    fn channels(&self) -> Vec<Piece> {
        let Some(switching) = &self.report.channel_switching else { return Vec::new() };
        let mut tables = vec![tables::channels(switching, self.lang)];
        tables.extend(tables::switches(switching, self.lang));
        vec![shown(tables)]
    }

    fn variants(&self) -> Result<Vec<Piece>> {
        let (report, lang, theme) = (self.report, self.lang, self.theme);
        let counts = shown([tables::variant_counts(&report.variants, lang)]);
        if report.variants.rows.is_empty() {
            return Ok(vec![counts]);
        }
        let named = named::step_matrix(&report.step_matrix, self.names);
        let picture = picture("picture-step-matrix", WIDTHS, |width| {
            render_step_matrix(&named, &RenderStepMatrixOptions { width, lang, theme, ..Default::default() })
        })?;
        let behind = drawn(picture, [tables::step_matrix(&report.step_matrix, self.names)]);
        Ok(vec![counts, shown([tables::variants(&report.variants, self.names)]), behind])
    }
}

/// Draws a picture at two widths.
fn picture(id: &str, [wide, narrow]: [u64; 2], draw: impl Fn(u64) -> Result<String>) -> Result<Picture> {
    Ok(Picture {
        wide: scoped(&draw(wide)?, &format!("{id}-wide")),
        narrow: scoped(&draw(narrow)?, &format!("{id}-narrow")),
    })
}

/// A picture whose styles hold in it alone: in a page the style sheets of all pictures would mix.
///
/// The first style element is ours and holds no text of strangers.
fn scoped(svg: &str, id: &str) -> String {
    const BEGIN: &str = "<style>";
    const END: &str = "</style>";
    let parts = svg.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let Some((before, (style, after))) = parts else { return svg.to_owned() };
    let style = style.replace(".journey", &format!("#{id}.journey"));
    let before = before.replacen("<svg ", &format!("<svg id=\"{id}\" "), 1);
    format!("{before}{BEGIN}{style}{END}{after}")
}
