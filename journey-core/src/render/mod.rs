//! Pictures: a map and reports about it, as text. Never a log.

mod chart;
mod comparison;
mod dot;
mod escape;
mod flow;
mod funnel;
mod icon;
mod map;
mod mermaid;
mod report;
mod scale;
mod step_flow;
mod step_matrix;
mod svg;
mod text;
mod theme;
mod times;
mod words;

pub use comparison::{RenderComparisonOptions, render_comparison};
pub use flow::{FlowColor, RenderFlowOptions, render_flow};
pub use funnel::{RenderFunnelOptions, render_funnel};
pub use map::{MapEmotion, MapLane, MapReports, RenderMapOptions, render_map};
pub use mermaid::{MermaidExport, MermaidLoss};
pub use report::{RenderReportOptions, render_report};
pub use step_flow::{RenderStepFlowOptions, render_step_flow};
pub use step_matrix::{RenderStepMatrixOptions, render_step_matrix};
pub use theme::Theme;
pub use times::{RenderTimesOptions, TimeRows, render_times};
pub use words::Language;
