//! What [`funnel`](super::funnel) and [`explain_funnels`](super::explain_funnels) share: steps, policies, attempts.
//!
//! An **attempt** begins at an event that meets the first step. From then on it takes, event by event, what it may: the
//! next step, or an optional one before it. A step is thus filled by the first event that may fill it. The attempt ends
//! when it has taken the last step, when the window or the gap is over, when an exclusion strikes it, or, in a strict
//! order, at the first event that it does not take. The policy says which attempts of a customer count.

mod any_order;
mod best_entry;
mod moments;
mod options;
mod plan;
mod policy;
mod steps;

pub use options::{
    FunnelCounting, FunnelEntry, FunnelExclusion, FunnelExclusionScope, FunnelOpenEntry, FunnelOptions, FunnelOrder,
    FunnelPolicy, FunnelPreset, FunnelReuse, FunnelTies,
};
pub use policy::FunnelDimension;
pub use steps::FunnelStep;

pub(super) use plan::Counted;
pub(crate) use plan::{Plan, Scratch};
pub(crate) use policy::Policy;
