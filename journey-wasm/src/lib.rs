//! The JavaScript package of journey: converts, calls the core, converts.

#![expect(unreachable_pub, reason = "what wasm-bindgen exports has to be public")]

mod analysis;
mod charts;
mod convert;
mod handles;
mod parts;
mod render;
mod state;

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

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");
