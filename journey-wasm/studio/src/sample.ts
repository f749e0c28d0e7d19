// The beginning of a file: its format, its columns and some of their values.
import { beginning, binary, BYTES, encodingOf, unpacked } from "./bytes";
import { pause } from "./parts/pieces";

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
  read(): Promise<Blob | ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/** Letters of a list that are cut in one go: a few milliseconds. */
const LETTERS = 65_536;
/** How many rows are looked at. */
const ROWS = 2000;

/** Looks at the beginning of a file; throws what a file is that holds no table of text. */
export async function sample(file: File): Promise<Sample> {
  const bytes = await beginning(file);
  const encoding = encodingOf(bytes);
  const unread = binary(bytes, encoding, file.name);
  if (unread) throw new Error(`${file.name} is ${unread}`);
  const note = encoding === "utf-8" ? "" : `The text is not UTF-8, so it is read as ${encoding}. If letters look wrong, save the file as UTF-8.`;
  const text = new TextDecoder(encoding).decode(bytes, { stream: true });
  const begun = text.trimStart();
  const cut = bytes.length >= BYTES;
  // Excel takes the separator from a line before the header.
  const skipped = /^sep=.(\r\n?|\n)/i.exec(text)?.[0].length ?? 0;
  const list = /^\[\s*[{\]]/.test(begun);
  const read = async () => {
    if (encoding === "utf-8" && skipped === 0 && !list) return file;
    const decoded = (await unpacked(file)).pipeThrough(new TextDecoderStream(encoding));
    return decoded.pipeThrough(new TransformStream(list ? new Items() : new Rest(skipped))).pipeThrough(new TextEncoderStream());
  };
  await pause();
  // XES is XML.
  if (begun.startsWith("<")) return { format: "other", columns: [], note, read };
  if (list || begun.startsWith("{")) {
    const items = new Items();
    const found = fields(list ? items.cut(begun) : begun, cut);
    if (list && !cut) items.flush();
    if (found.length === 0) throw new Error(`${file.name} is JSON of another form; expected a list of objects, or one object on each line.`);
    return { format: "ndjson", columns: found, note, read };
  }
  const found = columns(text.slice(skipped).replace(/\r\n?/g, "\n"), cut);
  if (!cut && found.every(({ values }) => values.length === 0)) throw new Error(`${file.name} has ${found.length === 0 ? "nothing in it" : "a header and no rows"}.`);
  return { format: "csv", columns: found, note, read };
}

/** A text without its first letters. */
class Rest implements Transformer<string, string> {
  #left: number;

  constructor(skipped: number) {
    this.#left = skipped;
  }

  transform(text: string, rest: TransformStreamDefaultController<string>): void {
    rest.enqueue(text.slice(this.#left));
    this.#left -= Math.min(this.#left, text.length);
  }
}

/** Puts the items of a JSON list on a line each: as text, because parsing would round long numbers. */
class Items implements Transformer<string, string> {
  #depth = 0;
  #quoted = false;
  #escaped = false;

  cut(text: string): string {
    let lines = "";
    let from = 0;
    // Within texts there are no ends of lines.
    const take = (to: number) => {
      lines += text.slice(from, to).replace(/[\r\n]+/g, " ");
      from = to + 1;
    };
    const end = (to: number) => {
      take(to);
      lines += "\n";
    };
    for (let at = 0; at < text.length; at += 1) {
      const mark = text[at];
      if (this.#quoted) {
        if (this.#escaped) this.#escaped = false;
        else if (mark === "\\") this.#escaped = true;
        else if (mark === '"') this.#quoted = false;
      } else if (mark === '"') this.#quoted = true;
      else if (mark === "[" || mark === "{") {
        this.#depth += 1;
        if (this.#depth === 1) from = at + 1;
      } else if (mark === "," && this.#depth === 1) end(at);
      else if (mark === "]" || mark === "}") {
        this.#depth -= 1;
        if (this.#depth === 0) end(at);
      }
    }
    take(text.length);
    return lines;
  }

  async transform(text: string, lines: TransformStreamDefaultController<string>): Promise<void> {
    for (let from = 0; from < text.length; from += LETTERS) {
      lines.enqueue(this.cut(text.slice(from, from + LETTERS)));
      await pause();
    }
  }

  flush(): void {
    if (this.#depth !== 0) throw new Error("The list of JSON does not end; the file may be cut off.");
  }
}

/** The columns of CSV, by the separator that the header is written with, as the engine finds it. */
function columns(text: string, cut: boolean): Column[] {
  const header = rows(text, "", 1)[0]?.[0] ?? "";
  const counts = [",", ";", "|", "\t"].map((mark) => ({ mark, count: (rows(header, mark, 1)[0] ?? []).length }));
  const separator = counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
  const [names = [], ...values] = rows(text, separator, ROWS + 1);
  if (cut) values.pop();
  return names.map((name, place) => ({ name, values: values.map((row) => row[place] ?? "") }));
}

/** The first rows of a table, each cut at a mark outside of quotes, or not at all if that is empty. */
function rows(text: string, separator: string, most: number): string[][] {
  // What is in quotes, if it begins with one; then whatever stands before the next mark.
  const field = new RegExp(`(?:"([^"]*(?:""[^"]*)*)(?:"|$))?([^${separator}\\n]*)`, "y");
  const found: string[][] = [];
  let row: string[] = [];
  while (found.length < most && field.lastIndex < text.length) {
    const [, quoted = "", plain = ""] = field.exec(text) ?? [];
    row.push(quoted.replaceAll('""', '"') + plain);
    const mark = text[field.lastIndex];
    field.lastIndex += 1;
    if (mark === separator) continue;
    // Blank lines are no rows.
    if (row.length > 1 || row[0] !== "") found.push(row);
    row = [];
  }
  if (row.length > 0) found.push([...row, ""]);
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
