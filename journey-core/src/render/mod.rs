//! Pictures: a map and reports about it, as text. Never a log.

mod dot;
mod escape;
mod icon;
mod map;
mod mermaid;
mod page;
mod svg;
mod text;
mod theme;
mod words;

pub use map::{MapLane, MapReports, RenderMapOptions, render_map};
pub use mermaid::{MermaidExport, MermaidLoss};
pub use page::render_page;
pub use theme::Theme;
pub use words::Language;
