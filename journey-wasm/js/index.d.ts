import type { EventLog, ReadOptions } from "./journey.js";

export * from "./journey.js";
export * from "./common.js";

/** What a log is read from. */
export type LogSource = string | ArrayBuffer | ArrayBufferView | Blob | Response | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array | string>;

/** How a log is read from a file or a stream. */
export interface ReadLogOptions {
  /** The format; `any` is known by its content, and the default. */
  format?: "any" | "csv" | "ndjson" | "xes";
  /** Is told how far reading has come; reading ends with an error of the code `cancelled` if it returns `false`. */
  onProgress?: (bytes: number, totalBytes: number | null, events: number) => boolean | void;
  /** Ends the reading with its reason. */
  signal?: AbortSignal;
}

/** Reads a log from a `File`, a stream, a response, a text or bytes; a stream is taken in chunk by chunk. */
export function readLog(source: LogSource, options?: ReadOptions, watch?: ReadLogOptions): Promise<EventLog>;

/** Makes a log from objects, a row each; the options name their fields as those of an NDJSON file. */
export function logFromRows(rows: Iterable<object>, options?: ReadOptions): EventLog;
