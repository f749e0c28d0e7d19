//! One report of everything: asks the questions of a log, and of a map if there is one, and says what matters most in the answers.
//!
//! Questions do not call each other; this layer above them calls them all.

mod candidates;
mod data;
mod options;
mod rank;
#[cfg(test)]
mod tests;
mod write;

pub use data::{EvidenceStrength, JourneyReport, ReportFinding, ReportFindingKind, ReportSection, ReportUnit};
pub use options::ReportOptions;
pub use write::report;
