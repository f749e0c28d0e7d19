import start, { __wbg_reset_state } from "./journey.js";
import { revive } from "./guard.js";

export * from "./api.js";

let ready;

/** Loads the module; the first call fetches it, later ones wait for the same. After a panic, it starts the module again. */
export function init(source) {
  ready ??= start(source === undefined ? undefined : { module_or_path: source }).catch((error) => {
    ready = undefined; // the next call may have better luck
    throw error;
  });
  return ready.then(() => revive(__wbg_reset_state));
}
