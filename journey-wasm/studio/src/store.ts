// What the studio knows: all of it is gone when the page is closed.
import { signal } from "@preact/signals";
import type { MapData, Summary, Theme } from "journey-wasm";
import type { Choice, Kind } from "./columns";
import { ready, type RemoteLog } from "./engine";
import type { Sample } from "./sample";

/** The views, in the order of the navigation. */
export const VIEWS = ["data", "graph", "funnel", "bottlenecks", "emotions", "variants", "compare", "map", "report"] as const;
export type View = (typeof VIEWS)[number];

/** A file that was chosen, and how its columns are to be read. */
export interface Source {
  /** What is read from it: a log, or ratings for the log that is loaded. */
  of: Kind;
  file: File;
  /** Sentences about how it was taken. */
  notes: readonly string[];
  sample: Sample;
  choice: Choice;
}

/** A log that was read. */
export interface Loaded {
  name: string;
  log: RemoteLog;
  /** The log without ratings from another file; the same if it has none. */
  bare: RemoteLog;
  summary: Summary;
  /** Sentences that belong under every report of it, such as what was made up. */
  notes: readonly string[];
}

/** What is being read. */
export interface Loading {
  name: string;
  /** From 0 to 1; nothing while that is not known. */
  done: number | null;
  events: number;
  cancel(): void;
}

/** A funnel as it is built. */
export interface FunnelPlan {
  /** Touchpoints in order; numbers tell the same one apart that is there twice. */
  steps: readonly { id: number; touchpoint: string }[];
  window: string;
  order: "ordered" | "strict" | "any_order";
  counting: "customers" | "attempts";
  /** The attribute by whose values it is counted as well. */
  breakdown: string;
}

const isView = (name: string): name is View => (VIEWS as readonly string[]).includes(name);
const addressed = (): View => {
  const name = location.hash.slice(1);
  return isView(name) ? name : "data";
};

export const NO_FUNNEL: FunnelPlan = { steps: [], window: "", order: "ordered", counting: "customers", breakdown: "" };

export const view = signal<View>(addressed());
export const theme = signal<Theme>("auto");
export const source = signal<Source | null>(null);
export const loading = signal<Loading | null>(null);
export const loaded = signal<Loaded | null>(null);
export const map = signal<MapData | null>(null);
/** A file that the editor of maps is to open. */
export const mapFile = signal<File | null>(null);
/** Whether the map holds work that is nowhere else. */
export const unsaved = signal(false);
/** Touchpoints of which a journey must reach one to have converted. */
export const goal = signal<readonly string[]>([]);
export const funnel = signal<FunnelPlan>(NO_FUNNEL);
/** What went wrong while something was read or opened. */
export const problem = signal<Error | null>(null);

/** Follows the address, sets the colours, guards work that is not saved, and loads the engine and the rest of the page. */
export async function begin(rest: () => Promise<void>): Promise<void> {
  addEventListener("hashchange", () => {
    view.value = addressed();
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved.value) event.preventDefault();
  });
  theme.subscribe((name) => {
    document.documentElement.dataset["theme"] = name;
  });
  try {
    await ready();
    await rest();
    document.documentElement.dataset["ready"] = "";
  } catch (error) {
    problem.value = asError(error);
  }
}

/** Goes to a view. */
export function go(to: View): void {
  location.hash = to;
}

/** What was thrown, as an error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
