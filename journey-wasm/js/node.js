import { readFileSync } from "node:fs";
import { initSync } from "./journey.js";

initSync({ module: readFileSync(new URL("./journey_bg.wasm", import.meta.url)) });

export * from "./journey.js";
export * from "./picture.js";

/** In Node the module is ready as soon as it is imported; `init` is there so that the same lines run in a browser. */
export async function init() {}
