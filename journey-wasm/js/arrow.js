// Logs from Arrow tables of any library: what is asked of a table is what apache-arrow, flechette and DuckDB-WASM have in common.
import { logFromColumns } from "./columns.js";

function failed(message, field) {
  return Object.assign(new Error(`\`${field}\`: ${message}`), { name: "JourneyError", code: "invalid_log", field });
}

/** The cells of a column, by its name. */
function cells(table, name) {
  const column = typeof table?.getChild === "function" ? table.getChild(name) : undefined;
  if (!column) {
    const have = (table?.schema?.fields ?? []).map((field) => `\`${field.name}\``).join(", ");
    throw failed(`there is no such column${have && `; the columns are ${have}`}`, name);
  }
  const cell = typeof column.get === "function" ? (row) => column.get(row) : (row) => column.at(row);
  return { length: column.length, cell };
}

/** A point in time as text; nothing else that is an object is one. */
function plain(value, row, name) {
  if (value instanceof Date) return value.toISOString();
  throw failed(`record ${row + 1}: expected a text, a number or a date, got ${kind(value)}; convert the column first`, name);
}

/** What a cell holds, in a word. */
const kind = (value) => (typeof value === "object" ? `a ${value.constructor?.name ?? "value of many parts"}` : `a ${typeof value}`);

/** The texts of a column as codes: each is looked up once for each row, and kept once. */
function texts(table, name) {
  const { length, cell } = cells(table, name);
  const known = new Map();
  const codes = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    const value = cell(row);
    if (value === null || value === undefined) {
      codes[row] = 0xffffffff;
      continue;
    }
    // Two objects are two keys, even if they say the same.
    const text = typeof value === "object" ? plain(value, row, name) : value;
    let code = known.get(text);
    if (code === undefined) known.set(text, (code = known.size));
    codes[row] = code;
  }
  return { names: [...known.keys()].map(String), codes };
}

/** Points in time, as milliseconds: what both libraries make of timestamps and dates. */
function times(table, name) {
  const { length, cell } = cells(table, name);
  return Array.from({ length }, (_, row) => {
    const value = cell(row);
    if (value === null || value === undefined || typeof value === "number" || value instanceof Date) return value ?? null;
    throw failed(`record ${row + 1}: expected a timestamp or a date, got ${kind(value)}; convert the column first`, name);
  });
}

function numbers(table, name) {
  const { length, cell } = cells(table, name);
  return Float64Array.from({ length }, (_, row) => {
    const value = cell(row);
    if (value === null || value === undefined) return NaN;
    // Decimals of some libraries are words of 32 bits, of which `Number` makes nothing.
    if (typeof value === "number" || typeof value === "bigint") return Number(value);
    throw failed(`record ${row + 1}: expected a number, got ${kind(value)}; convert the column first, in SQL by a cast to DOUBLE`, name);
  });
}

const OPTIONS = ["journey", "touchpoint", "time", "start", "channel", "score", "value", "attributes", "order"];

export function logFromArrow(table, options = {}) {
  for (const name of Object.keys(options)) {
    if (OPTIONS.includes(name)) continue;
    const error = failed(`there is no such option here; expected ${OPTIONS.map((one) => `\`${one}\``).join(", ")}`, name);
    throw Object.assign(error, { code: "invalid_option" });
  }
  const { journey = "journey", touchpoint = "touchpoint", time = "time", start, channel, score, value, attributes = [], order } = options;
  return logFromColumns({
    journey: texts(table, journey),
    touchpoint: texts(table, touchpoint),
    time: order === "as_given" ? undefined : times(table, time),
    start: start && times(table, start),
    channel: channel && texts(table, channel),
    score: score && numbers(table, score),
    value: value && numbers(table, value),
    attributes: Object.fromEntries(attributes.map((name) => [name, texts(table, name)])),
  });
}
