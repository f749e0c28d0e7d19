// `<journey-map>` for React 19, which sets properties of custom elements and listens to their events by itself.
import { createElement } from "react";
import "./element.js";

/** The names of events of the element, by the properties of the component. */
const EVENTS = { onSelect: "onjourney-select", onDraw: "onjourney-draw", onError: "onjourney-error" };

export function JourneyMapView(properties) {
  const named = Object.entries(properties).map(([name, value]) => [EVENTS[name] ?? name, value]);
  return createElement("journey-map", Object.fromEntries(named));
}
