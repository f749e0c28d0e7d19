// Logs from what a page has: files, streams, objects.
import { Chunks, EventLog } from "./journey.js";
import { failed } from "./columns.js";

/** The chunks of a source, one after the other. */
async function* chunksOf(source) {
  if (typeof source === "string") return yield new TextEncoder().encode(source);
  if (source instanceof ArrayBuffer) return yield new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return yield new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  const stream = source instanceof Blob ? source.stream() : typeof Response === "function" && source instanceof Response ? source.body : source;
  if (typeof stream?.getReader === "function") {
    const reader = stream.getReader();
    try {
      for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  } else if (typeof stream?.[Symbol.asyncIterator] === "function") {
    yield* stream;
  } else {
    throw failed("invalid_log", "expected a string, bytes, a File, a Response, a ReadableStream or an async iterable of bytes");
  }
}

/** What is thrown when `signal` says stop: the reason it gives, as `fetch` does. */
const stop = (signal) => signal?.throwIfAborted();

export async function readLog(source, options, { format = "any", onProgress, signal } = {}) {
  const readers = { any: "read", csv: "readCsv", ndjson: "readNdjson", xes: "readXes" };
  if (!Object.hasOwn(readers, format)) {
    throw failed("invalid_option", `\`${format}\` is no format; expected \`any\`, \`csv\`, \`ndjson\` or \`xes\``, "format");
  }
  if (onProgress !== undefined && typeof onProgress !== "function") throw failed("invalid_option", "expected a function", "onProgress");
  stop(signal);
  const total = source instanceof Blob ? source.size : (source?.byteLength ?? null);
  const chunks = new Chunks();
  let taken = false;
  try {
    let bytes = 0;
    for await (const chunk of chunksOf(source)) {
      stop(signal);
      const part = typeof chunk === "string" ? new TextEncoder().encode(chunk) : chunk;
      if (!(part instanceof Uint8Array)) throw failed("invalid_log", "expected bytes as the chunks of a stream");
      chunks.push(part);
      bytes += part.length;
      if (onProgress?.(bytes, total, 0) === false) throw failed("cancelled", "reading was broken off");
    }
    stop(signal);
    const watch = onProgress && ((read, all, events) => (signal?.aborted ? false : onProgress(read, all, events)));
    taken = true;
    return chunks[readers[format]](options, watch);
  } catch (error) {
    stop(signal);
    throw error;
  } finally {
    if (!taken) chunks.free();
  }
}

export function logFromRows(rows, options) {
  const lines = [];
  for (const row of rows) {
    if (row === null || typeof row !== "object" || Array.isArray(row)) throw failed("invalid_log", `record ${lines.length + 1}: expected an object`);
    lines.push(
      JSON.stringify(row, (field, value) => {
        if (typeof value === "number" && !Number.isFinite(value)) {
          throw failed("invalid_log", `record ${lines.length + 1}: a number that is not finite cannot be given`, field);
        }
        return typeof value === "bigint" ? String(value) : value;
      }),
    );
  }
  return EventLog.fromNdjson(lines.join("\n"), options);
}
