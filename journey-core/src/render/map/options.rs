//! What a picture of a map shows, and how.

use serde::{Deserialize, Serialize};

use crate::analysis::{Bottlenecks, DropOffs, EmotionCurve, EmotionDips, PathCoverage, Summary};
use crate::error::{Problem, Result};
use crate::map::MapDiff;
use crate::render::theme::Theme;
use crate::render::words::{Language, Word};

/// The reports that are shown together with a map; those left out are not drawn.
///
/// Rows are found by the ids of touchpoints. What a report says of touchpoints that the map does not have is not drawn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct MapReports {
    /// What the log holds.
    pub summary: Option<Summary>,
    /// How customers feel along the journey.
    pub emotion_curve: Option<EmotionCurve>,
    /// Where they suffer.
    pub emotion_dips: Option<EmotionDips>,
    /// Where they lose time, and where they are lost.
    pub bottlenecks: Option<Bottlenecks>,
    /// Where journeys end.
    pub drop_offs: Option<DropOffs>,
    /// How much of the map is used, and how much of the log is on the map.
    pub path_coverage: Option<PathCoverage>,
    /// What is different from the map before, of which this map is the one after.
    pub diff: Option<MapDiff>,
}

/// A lane of the picture of a map: what is said of every touchpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MapLane {
    /// The emotion curve, above the touchpoints.
    Emotions,
    /// What customers do.
    Actions,
    /// What goes through their minds.
    Thoughts,
    /// What they take for granted.
    Expectations,
    /// What annoys them or stands in the way.
    PainPoints,
    /// What could be done.
    Opportunities,
    /// Which department answers for it.
    Owners,
}

impl MapLane {
    /// Every lane there is, in the order in which they are drawn.
    pub const ALL: [Self; 7] = [
        Self::Emotions,
        Self::Actions,
        Self::Thoughts,
        Self::Expectations,
        Self::PainPoints,
        Self::Opportunities,
        Self::Owners,
    ];

    pub(super) const fn word(self) -> Word {
        match self {
            Self::Emotions => Word::LaneEmotions,
            Self::Actions => Word::LaneActions,
            Self::Thoughts => Word::LaneThoughts,
            Self::Expectations => Word::LaneExpectations,
            Self::PainPoints => Word::LanePainPoints,
            Self::Opportunities => Word::LaneOpportunities,
            Self::Owners => Word::LaneOwners,
        }
    }
}

/// Which emotions the picture of a map shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MapEmotion {
    /// What the team expects against what customers answered.
    #[default]
    Both,
    /// What the team expects.
    Expected,
    /// What customers answered.
    Measured,
}

/// Options for [`render_map`](crate::render_map).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields, expecting = "an object of known fields")]
pub struct RenderMapOptions {
    /// What stands above the map; if not given, its name.
    pub title: Option<String>,
    /// The language of the words around the map's own.
    pub lang: Language,
    /// Whether the picture is light or dark.
    pub theme: Theme,
    /// The most pixels the picture is wide, from 320 to 20000; touchpoints that do not fit side by side stand below.
    pub width: u64,
    /// The most touchpoints drawn, from 1 to 20000: with a summary those that most journeys visit, else the first ones.
    pub limit: u64,
    /// The lanes to draw besides the touchpoints; if not given, all that hold something.
    pub lanes: Option<Vec<MapLane>>,
    /// Which emotions are drawn and said: the expected, the measured, or both.
    pub emotion: MapEmotion,
}

impl Default for RenderMapOptions {
    fn default() -> Self {
        Self {
            title: None,
            lang: Language::En,
            theme: Theme::Auto,
            width: 1400,
            limit: 500,
            lanes: None,
            emotion: MapEmotion::Both,
        }
    }
}

impl RenderMapOptions {
    pub(super) fn check(&self) -> Result<()> {
        for (name, value, least) in [("width", self.width, 320), ("limit", self.limit, 1)] {
            if !(least..=20_000).contains(&value) {
                let expected = format!("a whole number from {least} to 20000");
                return Err(Problem::OptionRange { value: value.to_string(), expected }.at_field(name));
            }
        }
        Ok(())
    }

    /// Whether a lane may be drawn.
    pub(super) fn shows(&self, lane: MapLane) -> bool {
        self.lanes.as_ref().is_none_or(|lanes| lanes.contains(&lane))
    }
}
