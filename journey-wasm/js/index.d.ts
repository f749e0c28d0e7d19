export * from "./journey.js";

/** What functions throw for data, maps and options that cannot be used. Places that are not known are `null`. */
export interface JourneyError extends Error {
  readonly name: "JourneyError";
  /** The kind of the error, the same string in every language. */
  readonly code: import("./journey.js").ErrorKind | "internal";
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

/**
 * A picture, the text that `renderMap` and the like return, as an element of a page: `page.append(pictureElement(renderMap(map)))`.
 * Where there is no global document, hand one in.
 */
export function pictureElement(picture: string, document?: Document): SVGSVGElement;

/** Loads the module; call it once before anything else. In Node it has nothing to do. */
export function init(source?: RequestInfo | URL | Response | BufferSource | WebAssembly.Module): Promise<void>;
