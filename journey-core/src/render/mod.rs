//! Pictures: a map and reports about it, as text. Never a log.

mod chart;
mod comparison;
mod dot;
#[allow(dead_code, reason = "the pictures that are being drawn use it")]
mod escape;
mod flow;
mod funnel;
mod map;
mod mermaid;
mod page;
mod scale;
mod step_flow;
mod step_matrix;
#[allow(dead_code, reason = "the pictures that are being drawn use it")]
mod svg;
#[allow(dead_code, reason = "the pictures that are being drawn use it")]
mod text;
#[allow(dead_code, reason = "the pictures that are being drawn use it")]
mod theme;
mod times;
#[allow(dead_code, reason = "the pictures that are being drawn use it")]
mod words;

pub use comparison::{RenderComparisonOptions, render_comparison};
pub use flow::{FlowColor, RenderFlowOptions, render_flow};
pub use funnel::{RenderFunnelOptions, render_funnel};
pub use map::render_map;
pub use mermaid::{MermaidExport, MermaidLoss};
pub use page::render_page;
pub use step_flow::{RenderStepFlowOptions, render_step_flow};
pub use step_matrix::{RenderStepMatrixOptions, render_step_matrix};
pub use theme::Theme;
pub use times::{RenderTimesOptions, TimeRows, render_times};
pub use words::Language;

use crate::analysis::{Bottlenecks, EmotionCurve, EmotionDips, PathCoverage, Summary};

/// The reports that a picture shows together with a map; those left out are not drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct MapReports<'a> {
    /// What the log holds.
    pub summary: Option<&'a Summary>,
    /// How customers feel along the journey.
    pub curve: Option<&'a EmotionCurve>,
    /// Where they suffer.
    pub dips: Option<&'a EmotionDips>,
    /// Where they lose time, and where they are lost.
    pub bottlenecks: Option<&'a Bottlenecks>,
    /// How much of the map is used, and how much of the log is on the map.
    pub coverage: Option<&'a PathCoverage>,
}
