import type { EventLog } from "./journey.js";

/** What is asked of a table: tables of apache-arrow, flechette and DuckDB-WASM have it. */
export interface ArrowTable {
  /** The column of this name. */
  getChild(name: string): { readonly length: number; get?(row: number): unknown; at?(row: number): unknown } | null | undefined;
}

/** Which column of a table is what. */
export interface ArrowOptions {
  /** The column of the journey; `journey` if not given. */
  journey?: string;
  /** The column of the touchpoint; `touchpoint` if not given. */
  touchpoint?: string;
  /** The column of the time, timestamps or dates; `time` if not given. */
  time?: string;
  /** The column of the time at which the event began, if there is one. */
  start?: string;
  /** The column of the channel, if there is one. */
  channel?: string;
  /** The column of experience scores, -2 to 2, if there is one. */
  score?: string;
  /** The column of values, such as revenue, if there is one. */
  value?: string;
  /** Columns that become attributes of the events. */
  attributes?: readonly string[];
  /** `as_given`: the table has no times, events stand in the order of its rows. */
  order?: "by_time" | "as_given";
}

/** Makes a log from an Arrow table of any library. */
export function logFromArrow(table: ArrowTable, options?: ArrowOptions): EventLog;
