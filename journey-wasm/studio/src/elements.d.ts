// The element of the package, as Preact writes it.
import type { JourneyMapElement } from "journey-wasm/element";
import type { Theme } from "journey-wasm";

declare module "preact" {
  namespace JSX {
    interface IntrinsicElements {
      "journey-map": HTMLAttributes<JourneyMapElement> & { theme?: Theme; controls?: boolean };
    }
  }
}
