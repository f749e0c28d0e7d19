//! What stands behind the statements on a map.

use serde::{Deserialize, Serialize};

/// Where a statement on the map comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EvidenceKind {
    /// Counted in web, app or process data.
    Analytics,
    /// Read off customer records.
    Crm,
    /// Asked in a survey.
    Survey,
    /// Told in an interview.
    Interview,
    /// Told in a focus group.
    FocusGroup,
    /// Agreed on in a workshop, by staff or customers.
    Workshop,
    /// Written in a public review.
    Review,
    /// Believed by the team, not shown by anything.
    Assumption,
}

/// A source that supports what the map says: a score, an expectation, a pain point, a persona.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "an object of known fields")]
pub struct Evidence {
    /// What sort of source it is.
    pub kind: EvidenceKind,
    /// How many customers or answers stand behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// The day it was collected, `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(extend("format" = "date")))]
    pub date: Option<String>,
    /// Where it can be looked up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl Evidence {
    /// Evidence of this kind, with no more said about it.
    #[must_use]
    pub fn new(kind: EvidenceKind) -> Self {
        Self { kind, n: None, date: None, source: None }
    }
}
