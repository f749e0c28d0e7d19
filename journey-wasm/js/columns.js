// Logs from columns.
import { Columns } from "./journey.js";

/** Names as codes; a text that is missing has the last code there is. */
const MISSING = 0xffffffff;
const NO_START = -(2n ** 63n);

export function failed(code, message, field = null) {
  const error = new Error(field === null ? message : `\`${field}\`: ${message}`);
  return Object.assign(error, { name: "JourneyError", code, field });
}

/** A column of texts, given as codes or as the texts themselves. */
function texts(column, field) {
  if (column?.codes !== undefined) {
    if (!Array.isArray(column.names)) throw failed("invalid_log", "expected the list `names` beside `codes`", field);
    if (column.codes instanceof Uint32Array) return [column.names, column.codes];
    return [column.names, Uint32Array.from(column.codes, (code) => (code === null || code === undefined || code < 0 ? MISSING : code))];
  }
  if (typeof column?.[Symbol.iterator] !== "function" || typeof column === "string") {
    throw failed("invalid_log", "expected `names` and `codes`, or a list of texts", field);
  }
  const known = new Map();
  const codes = [];
  for (const text of column) {
    if (text === null || text === undefined) {
      codes.push(MISSING);
      continue;
    }
    const name = String(text);
    let code = known.get(name);
    if (code === undefined) known.set(name, (code = known.size));
    codes.push(code);
  }
  return [[...known.keys()], Uint32Array.from(codes)];
}

/** Points in time as microseconds since 1970: from milliseconds, or from microseconds as `BigInt64Array`. */
function times(column, field, missing) {
  if (column instanceof BigInt64Array) return column;
  if (typeof column?.[Symbol.iterator] !== "function" || typeof column === "string") {
    throw failed("invalid_log", "expected a BigInt64Array of microseconds, or a list of milliseconds or Dates", field);
  }
  const micros = [];
  for (const time of column) {
    const number = time === null || time === undefined ? NaN : Number(time);
    const exact = Math.round(number * 1000);
    if (Number.isFinite(exact)) micros.push(BigInt(exact));
    else if (missing !== undefined) micros.push(missing);
    else throw failed("invalid_log", `record ${micros.length + 1}: \`${time}\` is no time; expected milliseconds since 1970 or a Date`, field);
  }
  return BigInt64Array.from(micros);
}

function numbers(column, field) {
  if (column instanceof Float64Array) return column;
  if (typeof column?.[Symbol.iterator] !== "function" || typeof column === "string") throw failed("invalid_log", "expected a list of numbers", field);
  return Float64Array.from(column, (number) => (number === null || number === undefined ? NaN : Number(number)));
}

const COLUMNS = ["journey", "touchpoint", "time", "start", "channel", "score", "value", "attributes"];

export function logFromColumns(columns) {
  for (const name of Object.keys(columns ?? {})) {
    if (!COLUMNS.includes(name)) throw failed("invalid_option", `there is no such column; expected ${COLUMNS.map((one) => `\`${one}\``).join(", ")}`, name);
  }
  for (const name of ["journey", "touchpoint"]) {
    if (columns?.[name] === undefined) throw failed("invalid_log", "the column is missing", name);
  }
  const { journey, touchpoint, time, start, channel, score, value, attributes = {} } = columns;
  const given = (column) => column !== undefined && column !== null;
  // Everything is read before a handle is made, so that a wrong column leaves none behind.
  const parts = [
    ["journeys", ...texts(journey, "journey")],
    ["touchpoints", ...texts(touchpoint, "touchpoint")],
    given(channel) && ["channels", ...texts(channel, "channel")],
    given(time) && ["times", times(time, "time")],
    given(start) && ["starts", times(start, "start", NO_START)],
    given(score) && ["scores", numbers(score, "score")],
    given(value) && ["values", numbers(value, "value")],
    ...Object.entries(attributes).map(([name, column]) => ["attribute", name, ...texts(column, name)]),
  ];
  const log = new Columns();
  for (const [method, ...values] of parts.filter(Boolean)) log[method](...values);
  return log.build();
}
