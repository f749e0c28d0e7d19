// What draws in the page itself: the element, and the module for it. Apart from all else, so that the page is there before.
import { init } from "journey-wasm";
import "journey-wasm/element";

export { init };
