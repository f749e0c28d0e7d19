//! The Python package of journey: converts, calls the core, converts.
#![expect(clippy::doc_markdown, reason = "the docstrings of Python are in its own form")]

#[macro_use]
mod options;

mod analysis;
mod charts;
mod command;
mod convert;
mod handles;
mod render;
mod state;
mod tables;
mod watch;

use pyo3::prelude::*;

/// Large columns come and go with every question; this allocator keeps their pages, and that of the system gives them back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The compiled part of the package `journey`.
#[pymodule(gil_used = false)]
mod _journey {
    #[pymodule_export]
    use super::analysis::emotions::{emotion_curve, emotion_dips, match_feedback, peak_end_score, satisfaction};
    #[pymodule_export]
    use super::analysis::logs::{
        attempts, bottlenecks, channel_switching, compare, compare_groups, discover, drop_offs, explain_funnels,
        funnel, outcome_drivers, removal_effects, rework, segments, step_flow, step_matrix, summary, temporal_profile,
        transition_matrix, transitions, variants,
    };
    #[pymodule_export]
    use super::analysis::maps::{
        align, deviations, diff, fitness, lint, match_events, path_coverage, precision, report,
    };
    #[pymodule_export]
    use super::charts::{
        render_comparison, render_flow, render_funnel, render_step_flow, render_step_matrix, render_times,
    };
    #[pymodule_export]
    use super::command::_command;
    #[pymodule_export]
    use super::handles::{EventLog, Feedback, JourneyMap};
    #[pymodule_export]
    use super::render::{render_map, render_report};
    #[pymodule_export]
    use super::state::{_wanted, Monitor, State, merge, partial};
    #[pymodule_export]
    use super::tables::{_columns, _records, Table};
}
