//! Every picture there is, of one map and one log: what the gallery shows and what the tests in a browser look at.

mod shop;
mod strange;

use journey_core::{
    BottleneckOptions, Bottlenecks, CompareOptions, Comparison, DropOffOptions, EmotionOptions, EventLog, Funnel,
    FunnelOptions, JourneyMap, Language, MapReports, PathCoverageOptions, RenderComparisonOptions, RenderFlowOptions,
    RenderFunnelOptions, RenderMapOptions, RenderStepFlowOptions, RenderStepMatrixOptions, RenderTimesOptions, Result,
    StepFlow, StepFlowOptions, StepMatrix, StepMatrixOptions, Summary, SummaryOptions, Theme, TimeRows, Transitions,
    TransitionsOptions, bottlenecks, compare_groups, drop_offs, emotion_curve, emotion_dips, funnel, path_coverage,
    render_comparison, render_flow, render_funnel, render_map, render_step_flow, render_step_matrix, render_times,
    step_flow, step_matrix, summary, transitions,
};

pub use self::shop::{day_in_the_life, future, shop};
pub use self::strange::{HOSTILE, crowd, crowded, empty, hostile, ugly};

/// What is asked of a log for its pictures.
#[derive(Clone, Copy, Debug)]
pub struct Questions<'a> {
    /// The steps to the goal.
    pub steps: &'a [&'a str],
    /// What journeys are told apart by.
    pub attribute: &'a str,
    /// The two values of it that are compared.
    pub values: [&'a str; 2],
}

/// A map, and all reports that have a picture.
#[derive(Clone, Debug)]
pub struct Reports {
    /// The map.
    pub map: JourneyMap,
    /// What is drawn on it.
    pub on_the_map: MapReports,
    /// What follows what.
    pub transitions: Transitions,
    /// Where journeys go from step to step.
    pub step_flow: StepFlow,
    /// Where journeys are at each step.
    pub step_matrix: StepMatrix,
    /// Where two groups differ at each step.
    pub step_differences: StepMatrix,
    /// How far they get, by group.
    pub funnel: Funnel,
    /// Where time is lost.
    pub bottlenecks: Bottlenecks,
    /// What the log holds.
    pub summary: Summary,
    /// In what two groups differ.
    pub comparison: Comparison,
}

/// How pictures are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Pixels from left to right.
    pub width: u64,
    /// Light or dark.
    pub theme: Theme,
    /// The language of their words.
    pub lang: Language,
}

impl Reports {
    /// Asks everything that has a picture. Scores come from a log of their own if there is one.
    ///
    /// # Errors
    /// If a question cannot be asked of the log.
    pub fn new(map: JourneyMap, log: &EventLog, scores: Option<&EventLog>, asked: &Questions<'_>) -> Result<Self> {
        let steps = || asked.steps.iter().copied().map(str::to_owned);
        let [a, b] = asked.values;
        let scores = scores.unwrap_or(log);
        let stuck = bottlenecks(log, &BottleneckOptions { steps: steps().collect(), ..Default::default() })?;
        let holds = summary(log, &SummaryOptions::default())?;
        let on_the_map = MapReports {
            summary: Some(holds.clone()),
            emotion_curve: Some(emotion_curve(&map, scores, &EmotionOptions::default())?),
            emotion_dips: Some(emotion_dips(&map, scores, &EmotionOptions::default())?),
            bottlenecks: Some(stuck.clone()),
            drop_offs: Some(drop_offs(log, &DropOffOptions::default())?),
            path_coverage: Some(path_coverage(&map, log, &PathCoverageOptions::default())?),
            diff: None,
        };
        let differences = StepMatrixOptions {
            steps: 12,
            attribute: Some(asked.attribute.into()),
            value_a: Some(a.into()),
            value_b: Some(b.into()),
            ..Default::default()
        };
        let by_group = FunnelOptions { breakdown: Some(asked.attribute.into()), ..Default::default() };
        Ok(Self {
            map,
            on_the_map,
            transitions: transitions(log, &TransitionsOptions::default())?,
            step_flow: step_flow(log, &StepFlowOptions::default())?,
            step_matrix: step_matrix(log, &StepMatrixOptions { steps: 12, ..Default::default() })?,
            step_differences: step_matrix(log, &differences)?,
            funnel: funnel(log, asked.steps, &by_group)?,
            bottlenecks: stuck,
            summary: holds,
            comparison: compare_groups(
                log,
                asked.attribute,
                a,
                b,
                &CompareOptions {
                    conversion: steps().skip(asked.steps.len().saturating_sub(1)).collect(),
                    steps: steps().collect(),
                    ..Default::default()
                },
            )?,
        })
    }

    /// All pictures, each with its name.
    ///
    /// # Errors
    /// If the width is out of range.
    pub fn pictures(&self, look: Look) -> Result<Vec<(&'static str, String)>> {
        let Look { width, theme, lang } = look;
        let flow = RenderFlowOptions { width, theme, lang, ..Default::default() };
        let matrix = RenderStepMatrixOptions { width, theme, lang, ..Default::default() };
        let times = RenderTimesOptions { width, theme, lang, ..Default::default() };
        let by_touchpoint = RenderTimesOptions { rows: TimeRows::Touchpoints, ..times.clone() };
        let on_the_map = RenderMapOptions { width, theme, lang, ..Default::default() };
        Ok(vec![
            ("map", render_map(&self.map, &self.on_the_map, &on_the_map)?),
            ("flow", render_flow(&self.transitions, Some(&self.map), &flow)?),
            ("flow-without-map", render_flow(&self.transitions, None, &flow)?),
            (
                "step-flow",
                render_step_flow(&self.step_flow, &RenderStepFlowOptions { width, theme, lang, ..Default::default() })?,
            ),
            ("step-matrix", render_step_matrix(&self.step_matrix, &matrix)?),
            ("step-differences", render_step_matrix(&self.step_differences, &matrix)?),
            ("funnel", render_funnel(&self.funnel, &RenderFunnelOptions { width, theme, lang, ..Default::default() })?),
            ("times", render_times(&self.bottlenecks, Some(&self.summary), &times)?),
            ("times-by-touchpoint", render_times(&self.bottlenecks, None, &by_touchpoint)?),
            (
                "comparison",
                render_comparison(
                    &self.comparison,
                    &RenderComparisonOptions { width, theme, lang, ..Default::default() },
                )?,
            ),
        ])
    }
}
