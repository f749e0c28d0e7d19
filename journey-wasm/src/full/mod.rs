//! What only the full module has.

mod analysis;
mod charts;
mod convert;
mod handles;
mod parts;
mod state;
