import { readFileSync } from "node:fs";
import { __wbg_reset_state, initSync } from "./journey.js";
import { revive } from "./guard.js";

initSync({ module: readFileSync(new URL("./journey_bg.wasm", import.meta.url)) });

export * from "./api.js";

/** In Node the module is ready as soon as it is imported. After a panic, `init` starts it again. */
export async function init() {
  revive(__wbg_reset_state);
}
