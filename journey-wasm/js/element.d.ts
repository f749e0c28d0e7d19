import type { JourneyMap, Language, MapData, MapEmotion, MapLane, MapReports, RenderFlowOptions, RenderMapOptions, RenderStepFlowOptions, StepFlow, Theme, Transitions } from "./index.js";

/** What the events of `<journey-map>` hold. */
export interface JourneyMapEventMap {
  /** A touchpoint was selected, or none any more. */
  "journey-select": CustomEvent<{ touchpoint: string | null; label: string | null }>;
  /** The picture was drawn. */
  "journey-draw": CustomEvent<null>;
  /** The picture could not be drawn. */
  "journey-error": CustomEvent<{ error: Error }>;
}

/** The element `<journey-map>`; importing this entry defines it. */
export class JourneyMapElement extends HTMLElement {
  /** The map: a `JourneyMap`, which stays the caller's, or the data of one. What a log shows by itself is `discover(log)`. */
  map: JourneyMap | MapData | null;
  /** What reports say of the map, as `renderMap` takes it. */
  reports: MapReports | null;
  /** The report of `transitions`, drawn as a flow; a map gives it its stages. */
  flow: Transitions | null;
  /** The report of `stepFlow`, drawn as a step Sankey. */
  stepFlow: StepFlow | null;
  /** A function that draws in the place of the element, such as in a worker: it is called whenever the width, the language or the theme changes. */
  draw: ((options: { width: number; lang: Language; theme: Theme }) => string | Promise<string>) | null;
  /** Further options of the function that draws it: `renderMap`, `renderFlow` or `renderStepFlow`. */
  options: RenderMapOptions | RenderFlowOptions | RenderStepFlowOptions | null;
  /** Attribute `theme`. */
  theme: Theme;
  /** Attribute `lanes`, their names with spaces between; `null` is all that hold something. */
  lanes: readonly MapLane[] | null;
  /** Attribute `emotion`: which emotions a map shows. */
  emotion: MapEmotion;
  /** Attribute `selected`: the id of the touchpoint that is selected; the picture scrolls to it. */
  selected: string | null;
  /** Attribute `controls`: whether there are buttons to zoom, choose lanes, and save. */
  controls: boolean;
  /** How large the picture is, from 0.25 to 4; 1 as drawn. */
  zoom: number;
  /** Resolves once what was set is drawn. */
  readonly drawn: Promise<void>;
  /** The picture as SVG text, with the colours that the page gives it. */
  toSVG(): string;
  /** The picture as PNG, so many times as large as drawn; if that is not given, 2, or less where the picture is too large for it. */
  toPNG(options?: { scale?: number }): Promise<Blob>;

  /** Listens to the events of the element, or to those that every element has. */
  addEventListener<K extends keyof JourneyMapEventMap>(type: K, listener: (this: JourneyMapElement, event: JourneyMapEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: JourneyMapElement, event: HTMLElementEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;

  /** Listens no longer. */
  removeEventListener<K extends keyof JourneyMapEventMap>(type: K, listener: (this: JourneyMapElement, event: JourneyMapEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener<K extends keyof HTMLElementEventMap>(type: K, listener: (this: JourneyMapElement, event: HTMLElementEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
}

/** The languages of the element's words. */
export type { Language };

declare global {
  interface HTMLElementTagNameMap {
    "journey-map": JourneyMapElement;
  }
}
