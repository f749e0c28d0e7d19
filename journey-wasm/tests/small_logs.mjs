// Logs of the small module, which reads no files: what the full module has read goes over as columns. Node and a page use it.

/** The microseconds of a time as the full module writes it, such as `2024-03-13T10:00:00.250Z`. */
function micros(time) {
  const [, whole, fraction = ""] = /^([^.Z]+)(?:\.(\d+))?Z$/.exec(time);
  return BigInt(Date.parse(`${whole}Z`)) * 1000n + BigInt(fraction.padEnd(6, "0"));
}

/** The log of a module in another one. */
export function moved(log, small) {
  const rows = log.toNdjson({ raw: true }).split("\n").filter(Boolean).map((line) => JSON.parse(line));
  const column = (name) => (rows.some((row) => row[name] !== undefined) ? rows.map((row) => row[name] ?? null) : undefined);
  const start = column("start") && BigInt64Array.from(rows, (row) => (row.start === undefined ? -(2n ** 63n) : micros(row.start)));
  return small.logFromColumns({
    journey: rows.map((row) => row.journey),
    touchpoint: rows.map((row) => row.touchpoint),
    time: log.hasTimes ? BigInt64Array.from(rows, (row) => micros(row.time)) : undefined,
    start,
    channel: column("channel"),
    score: column("score"),
    value: column("value"),
    attributes: Object.fromEntries(log.attributes.map((name) => [name, rows.map((row) => row[name] ?? null)])),
  });
}

/** The small module with what the vectors read logs by. */
export const withFiles = (small, full) => ({ ...small, EventLog: { fromCsv: (source, options) => moved(full.EventLog.fromCsv(source, options), small) } });

/** The questions that the small module answers. */
export const QUESTIONS = ["discover", "emotion_curve", "emotion_dips", "summary", "transitions"];

/** Whether a case asks for what the small module can do: its log is read and selected, and nothing else is made of it. */
export const fits = (one) => one.log?.then === undefined;
