// The beginning of a file: its format, its columns and some of their values.

export interface Column {
  name: string;
  /** Its first values; empty ones are empty texts. */
  values: readonly string[];
}

export interface Sample {
  /** `other` is read without a choice of columns: XES, which has its own names, and whatever the engine makes of the rest. */
  format: "csv" | "ndjson" | "other";
  columns: readonly Column[];
}

/** How much of a file is looked at, and how many rows of that. */
const BYTES = 262_144;
const ROWS = 200;

/** Looks at the beginning of a file. */
export async function sample(file: Blob): Promise<Sample> {
  const text = await beginning(file);
  const begun = text.trimStart();
  if (begun.startsWith("{")) return { format: "ndjson", columns: fields(begun) };
  // XES is XML. Texts hold no zeros; what does is another format.
  if (begun === "" || begun.startsWith("<") || text.includes("\0")) return { format: "other", columns: [] };
  return { format: "csv", columns: columns(text) };
}

/** The first bytes of a file as text, unpacked if they are gzip. */
async function beginning(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const packed = first === 0x1f && second === 0x8b;
  const stream = packed ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.slice(0, BYTES).stream();
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < BYTES) {
      const { value, done } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // A file that is damaged: the engine says how.
  }
  await reader.cancel().catch(() => undefined);
  return text.slice(0, BYTES);
}

/** The columns of CSV, by the separator that the header is written with, as the engine finds it. */
function columns(text: string): Column[] {
  const header = rows(text, "\n", 1)[0]?.[0] ?? "";
  const counts = [",", ";", "|", "\t"].map((mark) => ({ mark, count: (rows(header, mark, 1)[0] ?? []).length }));
  const separator = counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
  const [names = [], ...values] = rows(text, separator, ROWS + 1);
  // The last row may have been cut.
  if (text.length >= BYTES) values.pop();
  return names.map((name, place) => ({ name, values: values.map((row) => row[place] ?? "") }));
}

/** The first rows of a table, each cut at a mark outside of quotes. */
function rows(text: string, separator: string, most: number): string[][] {
  const found: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length && found.length < most; at += 1) {
    const mark = text.charAt(at);
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (text.charAt(at + 1) === '"') (cell += '"'), (at += 1);
      else quoted = false;
    } else if (mark === '"' && cell === "") quoted = true;
    else if (mark === separator) row.push(cell), (cell = "");
    else if (mark === "\n") (found.push([...row, cell.replace(/\r$/, "")]), (row = []), (cell = ""));
    else cell += mark;
  }
  if (found.length < most && (cell !== "" || row.length > 0)) found.push([...row, cell.replace(/\r$/, "")]);
  return found;
}

/** The fields of NDJSON, those within others by their path. */
function fields(text: string): Column[] {
  const lines = text.split("\n");
  if (text.length >= BYTES && lines.length > 1) lines.pop();
  const objects = lines.slice(0, ROWS).flatMap((line) => {
    try {
      return [flat(JSON.parse(line))];
    } catch {
      return [];
    }
  });
  const names = new Set(objects.flatMap((object) => [...object.keys()]));
  return [...names].map((name) => ({ name, values: objects.map((object) => object.get(name) ?? "") }));
}

function flat(value: unknown, path = "", found = new Map<string, string>()): Map<string, string> {
  for (const [name, inner] of Object.entries(value ?? {})) {
    const at = path === "" ? name : `${path}.${name}`;
    if (inner !== null && typeof inner === "object") {
      if (!Array.isArray(inner)) flat(inner, at, found);
    } else found.set(at, inner === null ? "" : String(inner));
  }
  return found;
}
