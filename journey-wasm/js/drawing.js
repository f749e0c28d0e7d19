// What the element draws with.
export { JourneyMap, init, renderFlow, renderMap, renderStepFlow } from "./web.js";
