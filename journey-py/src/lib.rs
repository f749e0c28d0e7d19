//! The Python package of journey: converts, calls the core, converts.

mod analysis;
mod convert;
mod handles;

use pyo3::prelude::*;

/// The compiled part of the package `journey`.
#[pymodule(gil_used = false)]
mod _journey {
    #[pymodule_export]
    use super::analysis::{
        bottlenecks, discover, emotion_curve, emotion_dips, explain_funnels, funnel, path_coverage, summary,
        transitions, variants,
    };
    #[pymodule_export]
    use super::handles::{EventLog, JourneyMap};
}
