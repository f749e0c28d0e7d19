// What the small entry has. The files beside this one that are not written here are those of the folder above: `cargo xtask wasm`.
export * from "./journey.js";
export * from "./picture.js";
export { logFromColumns } from "./columns.js";
