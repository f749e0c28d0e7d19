import type { HTMLAttributes, ReactElement, Ref } from "react";
import type { JourneyMapElement, JourneyMapEventMap } from "./element.js";

type Properties = Partial<Pick<JourneyMapElement, "map" | "reports" | "flow" | "stepFlow" | "draw" | "options" | "theme" | "lanes" | "emotion" | "selected" | "controls" | "zoom">>;

/** What `<JourneyMapView>` takes: the properties of `<journey-map>`, and its events as functions. */
export interface JourneyMapViewProperties extends Properties, Omit<HTMLAttributes<JourneyMapElement>, "onSelect" | "onError" | keyof Properties> {
  ref?: Ref<JourneyMapElement>;
  /** A touchpoint was selected, or none any more. */
  onSelect?: (event: JourneyMapEventMap["journey-select"]) => void;
  /** The picture was drawn. */
  onDraw?: (event: JourneyMapEventMap["journey-draw"]) => void;
  /** The picture could not be drawn. */
  onError?: (event: JourneyMapEventMap["journey-error"]) => void;
}

/** `<journey-map>` as a component of React 19. */
export function JourneyMapView(properties: JourneyMapViewProperties): ReactElement;

// Without this line, every type of this file would be a name of the entry.
export {};
