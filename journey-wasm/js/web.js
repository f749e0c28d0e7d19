import start from "./journey.js";

export * from "./journey.js";
export * from "./picture.js";

let ready;

/** Loads the module; the first call fetches it, later ones wait for the same. */
export function init(source) {
  ready ??= start(source === undefined ? undefined : { module_or_path: source }).catch((error) => {
    ready = undefined; // the next call may have better luck
    throw error;
  });
  return ready.then(() => undefined);
}
