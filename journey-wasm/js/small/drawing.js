// What the element draws with.
import { failed } from "./columns.js";

export { JourneyMap, init, renderFlow, renderMap } from "./web.js";

export function renderStepFlow() {
  throw failed("invalid_option", "the small module does not draw it; import `journey-wasm/element`", "stepFlow");
}
