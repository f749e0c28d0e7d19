// Handles are disposable: `using log = …`. Not every project names the types of that.
/// <reference lib="esnext.disposable" />
import type { ErrorKind, EventLog } from "./journey.js";

/** What functions throw for data, maps and options that cannot be used. Places that are not known are `null`. */
export interface JourneyError extends Error {
  readonly name: "JourneyError";
  /**
   * The kind of the error, the same string in every language; `invalid_handle` where a handle was freed or is of another class;
   * `not_ready` before `init` has loaded the module; `panicked` where it stopped, until `init` is called again.
   */
  readonly code: ErrorKind | "internal" | "invalid_handle" | "not_ready" | "panicked";
  /** The file, as it was named. */
  readonly file?: string | null;
  /** Line in the text, from 1. */
  readonly line?: number | null;
  /** Character in the line, from 1. */
  readonly column?: number | null;
  /** Data record of a table, from 1; the header does not count. */
  readonly record?: number | null;
  /** Column of a table, path in a map or name of an option. */
  readonly field?: string | null;
}

/** A column of texts: the codes of its names, row by row (`0xffffffff` is no text), or the texts themselves. */
export type TextCells = { readonly names: readonly string[]; readonly codes: Uint32Array | Iterable<number | null | undefined> } | Iterable<string | null | undefined>;

/** Points in time: microseconds since 1970 as `BigInt64Array`, or milliseconds or Dates. */
export type TimeCells = BigInt64Array | Iterable<number | Date | null | undefined>;

/** The columns of a log, each with a cell for every row. */
export interface LogColumns {
  /** Which customer, or which of their journeys, the event is of. */
  journey: TextCells;
  /** What happened. */
  touchpoint: TextCells;
  /** Without it, events stand in the order of the rows. */
  time?: TimeCells | null;
  /** When the event began. */
  start?: TimeCells | null;
  /** Through which medium. */
  channel?: TextCells | null;
  /** Experience scores, -2 to 2; `NaN` and `null` are none. */
  score?: Iterable<number | null | undefined> | null;
  /** Values; `NaN` and `null` are none. */
  value?: Iterable<number | null | undefined> | null;
  /** Further columns by their names, such as a segment. */
  attributes?: Readonly<Record<string, TextCells>>;
}

/** Makes a log from columns, the shortest way in. */
export function logFromColumns(columns: LogColumns): EventLog;

/**
 * A picture, the text that `renderMap` and the like return, as an element of a page: `page.append(pictureElement(renderMap(map)))`.
 * Where there is no global document, hand one in.
 */
export function pictureElement(picture: string, document?: Document): SVGSVGElement;

/**
 * Loads the module; call it before anything else, as often as you like. In Node, and from `journey-wasm/inline`, it needs no
 * source. After an error with the code `panicked`, it starts the module again.
 */
export function init(source?: RequestInfo | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;
