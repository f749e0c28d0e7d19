// The beginning of a file: its format, its columns and some of their values.
import { beginning, binary, BYTES, encodingOf, unpacked } from "./bytes";

export interface Column {
  name: string;
  /** Its first values; empty ones are empty texts. */
  values: readonly string[];
}

export interface Sample {
  /** `other` is read without a choice of columns: XES, which has its own names. */
  format: "csv" | "ndjson" | "other";
  columns: readonly Column[];
  /** What was done to the text, as a sentence; nothing if it is read as it is. */
  note: string;
  /** The file as the engine reads it. */
  read(until: { signal: AbortSignal }): Promise<Blob>;
}

/** How many rows are looked at. */
const ROWS = 2000;

/** Looks at the beginning of a file; throws what a file is that holds no table of text. */
export async function sample(file: File): Promise<Sample> {
  const bytes = await beginning(file);
  const encoding = encodingOf(bytes);
  const unread = binary(bytes, encoding, file.name);
  if (unread) throw new Error(`${file.name} is ${unread}`);
  const note = encoding === "utf-8" ? "" : `The text is not UTF-8, so it is read as ${encoding}. If letters look wrong, save the file as UTF-8.`;
  const decoded = async (until: StreamPipeOptions = {}) => new Response((await unpacked(file)).pipeThrough(new TextDecoderStream(encoding), until).pipeThrough(new TextEncoderStream()));
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  const begun = text.trimStart();
  const cut = bytes.length >= BYTES;
  // Excel takes the separator from a line before the header.
  const skipped = /^sep=.(\r\n?|\n)/i.exec(text)?.[0].length ?? 0;
  const read = async (until: StreamPipeOptions) => (encoding === "utf-8" && skipped === 0 ? file : (await (await decoded(until)).blob()).slice(skipped));
  // XES is XML.
  if (begun.startsWith("<")) return { format: "other", columns: [], note, read };
  const list = /^\[\s*[{\]]/.test(begun) ? linesOf(await (await decoded()).text()) : null;
  if (list !== null || begun.startsWith("{")) {
    const found = list === null ? fields(begun, cut) : fields(list.slice(0, BYTES), list.length > BYTES);
    if (found.length === 0) throw new Error(`${file.name} is JSON of another form; expected a list of objects, or one object on each line.`);
    return { format: "ndjson", columns: found, note, read: list === null ? read : async () => new Blob([list]) };
  }
  const found = columns(text.slice(skipped).replace(/\r\n?/g, "\n"), cut);
  if (!cut && found.every(({ values }) => values.length === 0)) throw new Error(`${file.name} has ${found.length === 0 ? "nothing in it" : "a header and no rows"}.`);
  return { format: "csv", columns: found, note, read };
}

/** The items of a JSON list, one on each line: as text, because parsing would round long numbers. */
function linesOf(json: string): string {
  const items: string[] = [];
  let depth = 0;
  let from = 0;
  let quoted = false;
  // Within texts there are no ends of lines.
  const take = (to: number) => items.push(json.slice(from, to).replace(/[\r\n]+/g, " "));
  for (let at = 0; at < json.length; at += 1) {
    const mark = json[at];
    if (mark === '"') quoted = !quoted;
    else if (quoted) at += mark === "\\" ? 1 : 0;
    else if (mark === "[" || mark === "{") {
      if (depth === 0) from = at + 1;
      depth += 1;
    } else if (mark === "]" || mark === "}") {
      depth -= 1;
      if (depth === 0) take(at);
    } else if (mark === "," && depth === 1) {
      take(at);
      from = at + 1;
    }
  }
  if (depth !== 0) throw new Error("The list of JSON does not end; the file may be cut off.");
  return items.join("\n");
}

/** The columns of CSV, by the separator that the header is written with, as the engine finds it. */
function columns(text: string, cut: boolean): Column[] {
  const header = rows(text, "\n", 1)[0]?.[0] ?? "";
  const counts = [",", ";", "|", "\t"].map((mark) => ({ mark, count: (rows(header, mark, 1)[0] ?? []).length }));
  const separator = counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
  const [names = [], ...values] = rows(text, separator, ROWS + 1);
  if (cut) values.pop();
  return names.map((name, place) => ({ name, values: values.map((row) => row[place] ?? "") }));
}

/** The first rows of a table, each cut at a mark outside of quotes. */
function rows(text: string, separator: string, most: number): string[][] {
  const found: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  for (let at = 0; at < text.length && found.length < most; at += 1) {
    const mark = text.charAt(at);
    if (quoted) {
      if (mark !== '"') cell += mark;
      else if (text.charAt(at + 1) === '"') (cell += '"'), (at += 1);
      else quoted = false;
    } else if (mark === '"' && cell === "") quoted = true;
    else if (mark === separator) row.push(cell), (cell = "");
    else if (mark === "\n") {
      // Blank lines are no rows.
      if (cell !== "" || row.length > 0) found.push([...row, cell]);
      (row = []), (cell = "");
    }
    else cell += mark;
  }
  if (found.length < most && (cell !== "" || row.length > 0)) found.push([...row, cell]);
  return found;
}

/** The fields of NDJSON, those within others by their path. */
function fields(text: string, cut: boolean): Column[] {
  const lines = text.split("\n");
  if (cut && lines.length > 1) lines.pop();
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
