//! What customers did as a graph in columns: touchpoints, and the transitions between them.

mod arrange;
mod columns;
mod draw;
mod drawing;
mod graph;
mod grid;
mod route;
mod stages;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

use self::drawing::Drawing;
use super::chart::{self, check, check_limit, check_width};
use super::theme::Theme;
use super::words::Language;
use crate::analysis::Transitions;
use crate::error::Result;
use crate::map::JourneyMap;

/// Options for [`render_flow`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderFlowOptions {
    /// What stands above the picture; if not given, what it shows.
    pub title: Option<String>,
    /// What the colour of a transition says.
    pub color_by: FlowColor,
    /// The most touchpoints drawn, those that most journeys visit; from 1 to 200.
    pub limit: u64,
    /// The most transitions drawn, those that most journeys take; from 1 to 400.
    pub transitions: u64,
    /// The width of the picture in pixels, from 280 to 4000. Where columns do not fit, touchpoints stand in one.
    pub width: u64,
    /// The language of the words around labels.
    pub lang: Language,
    /// Light, dark, or as the reader's system is set.
    pub theme: Theme,
}

impl Default for RenderFlowOptions {
    fn default() -> Self {
        Self {
            title: None,
            color_by: FlowColor::default(),
            limit: 24,
            transitions: 48,
            width: chart::WIDTH,
            lang: Language::default(),
            theme: Theme::default(),
        }
    }
}

/// What the colour of a transition says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FlowColor {
    /// How long it takes: the median.
    #[default]
    Time,
    /// How likely it is: the share of all ways out of its source, `p_out`.
    Share,
    /// Nothing.
    None,
}

/// Draws what customers did as a graph: touchpoints, and the transitions between them as wide as many journeys take them.
///
/// With a map, its stages are columns, in their order, and touchpoints have the map's names; what is not on the map stands
/// in the stage it has most to do with and is marked. Without one, touchpoints stand in columns by how many of the most
/// taken transitions lie between them and the start. What leads back is dashed. A picture that is too narrow for columns has
/// one, with transitions as arcs beside it. What the limits leave out is said below the picture.
///
/// ```
/// use journey_core::{Event, EventLog, RenderFlowOptions, TransitionsOptions, render_flow, transitions};
///
/// let log = EventLog::builder()
///     .event(Event::new("ann", "visit", "2024-03-13T10:00:00Z".parse()?))
///     .event(Event::new("ann", "pay", "2024-03-13T10:05:00Z".parse()?))
///     .build()?;
/// let report = transitions(&log, &TransitionsOptions::default())?;
/// let svg = render_flow(&report, None, &RenderFlowOptions::default())?;
/// assert!(svg.starts_with("<svg") && svg.contains("visit"));
/// # Ok::<(), journey_core::Error>(())
/// ```
///
/// # Errors
/// If an option lies outside its range.
///
/// # Complexity
/// O(rows log rows) to choose what is drawn; what is drawn is limited.
pub fn render_flow(report: &Transitions, map: Option<&JourneyMap>, options: &RenderFlowOptions) -> Result<String> {
    check_width(options.width)?;
    check_limit("limit", options.limit)?;
    let few = (1..=400).contains(&options.transitions);
    check("transitions", options.transitions, few, "a whole number from 1 to 400")?;
    Ok(draw::draw(&Drawing::new(report, map, options), report, options))
}
