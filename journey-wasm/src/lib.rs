//! The JavaScript package of journey: converts, calls the core, converts.

#![expect(unreachable_pub, reason = "what wasm-bindgen exports has to be public")]

mod analysis;
mod charts;
mod convert;
mod handles;
mod render;
mod state;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("../types.d.ts");
