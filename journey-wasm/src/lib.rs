//! The JavaScript package of journey: converts, calls the core, converts.
//!
//! It is compiled twice: in full, and without the feature `full` for `journey-wasm/small`, which is less than a third as large.

#![expect(unreachable_pub, reason = "what wasm-bindgen exports has to be public")]

mod analysis;
mod columns;
mod convert;
#[cfg(feature = "full")]
mod full;
mod handles;
mod render;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "./guard.js")]
extern "C" {
    /// Keeps what a panic says, for the error that the call of it throws.
    fn panicked(text: &str);
}

#[wasm_bindgen(start, private)]
fn start() {
    std::panic::set_hook(Box::new(|panic| panicked(&panic.to_string())));
}

#[cfg(feature = "full")]
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");
