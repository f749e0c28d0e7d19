// How logs come in from what a page has: streams, objects, columns, Arrow tables; and what handles and a panic do.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import * as journey from "../pkg/node.js";
import { logFromArrow } from "../pkg/arrow.js";
import { guarded, panicked, revive } from "../pkg/guard.js";

const installed = createRequire(fileURLToPath(new URL("../../target/npm/", import.meta.url)));
const CSV = "journey,touchpoint,time,device\nann,visit,2024-03-13 10:00,phone\nann,pay,2024-03-13 10:05,phone\nbob,visit,2024-03-13 11:00,\n";
const bytes = new TextEncoder().encode(CSV);
const OPTIONS = { attributes: ["device"] };
const whole = (log) => log.toCsv();
const expected = whole(journey.EventLog.fromCsv(CSV, OPTIONS));
const at = (text) => Date.parse(`2024-03-13T${text}Z`);

/** The score of each event, as it is written. */
const scores = (log) => log.toNdjson().trim().split("\n").map((line) => JSON.parse(line).score);

async function* inChunks(size, content = bytes) {
  for (let start = 0; start < content.length; start += size) yield content.slice(start, start + size);
}

test("a log is read from whatever holds bytes, however it is cut", async () => {
  const sources = [CSV, bytes, bytes.buffer, new Blob([bytes]), new Blob([bytes]).stream(), new Response(CSV), inChunks(1), inChunks(7), inChunks(5, gzipSync(bytes))];
  for (const source of sources) assert.equal(whole(await journey.readLog(source, OPTIONS)), expected);
  const lines = '{"journey":"ann","touchpoint":"visit","time":"2024-03-13"}\n';
  assert.equal((await journey.readLog(lines, undefined, { format: "ndjson" })).length, 1);
  await assert.rejects(journey.readLog(7), { name: "JourneyError", code: "invalid_log" });
  await assert.rejects(journey.readLog(CSV, {}, { format: "tsv" }), { code: "invalid_option", field: "format" });
  await assert.rejects(journey.readLog(inChunks(3, new TextEncoder().encode(`${CSV}ann,pay,soon,\n`))), { code: "invalid_log", line: 5, field: "time" });
  await assert.rejects(journey.readLog(new Blob([bytes]), { jurney: "x" }), { code: "invalid_option", message: /did you mean `journey`\?$/ });
});

test("reading tells how far it is, and ends when it is told to", async () => {
  const told = [];
  await journey.readLog(inChunks(40), OPTIONS, { onProgress: (...progress) => void told.push(progress) });
  assert.deepEqual(told.slice(0, 2), [[40, null, 0], [80, null, 0]]);
  assert.deepEqual(told.at(-1), [bytes.length, bytes.length, 3]);
  await assert.rejects(journey.readLog(inChunks(40), OPTIONS, { onProgress: () => false }), { name: "JourneyError", code: "cancelled" });
  const ends = new AbortController();
  let closed = false;
  const endless = new ReadableStream({ pull: (stream) => stream.enqueue(bytes), cancel: () => void (closed = true) });
  const reading = journey.readLog(endless, OPTIONS, { signal: ends.signal, onProgress: (read) => void (read > 1000 && ends.abort(new RangeError("enough"))) });
  await assert.rejects(reading, { name: "RangeError", message: "enough" });
  assert.ok(closed, "the stream is closed");
  await assert.rejects(journey.readLog(CSV, OPTIONS, { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("objects are read as the lines of an NDJSON file", () => {
  const rows = [
    { journey: "ann", touchpoint: "visit", time: new Date(at("10:00")), device: "phone" },
    { journey: "ann", touchpoint: "pay", time: "2024-03-13 10:05", device: "phone" },
    { journey: "bob", touchpoint: "visit", time: "2024-03-13 11:00", device: null },
  ];
  assert.equal(whole(journey.logFromRows(rows, OPTIONS)), expected);
  assert.throws(() => journey.logFromRows([{ journey: "a", touchpoint: "b", time: "soon" }]), { code: "invalid_log", record: 1, field: "time" });
  assert.throws(() => journey.logFromRows([rows[0], 7]), { name: "JourneyError", message: /^record 2: expected an object/ });
  assert.throws(() => journey.logFromRows([{ ...rows[0], x: NaN }]), { name: "JourneyError", field: "x" });
});

test("columns are codes with their names, or lists", () => {
  const codes = { names: ["bob", "ann"], codes: Uint32Array.of(1, 1, 0) };
  const micros = BigInt64Array.from(["10:00", "10:05", "11:00"], (text) => BigInt(at(text)) * 1000n);
  const columns = { journey: codes, touchpoint: ["visit", "pay", "visit"], time: micros, attributes: { device: { names: ["phone"], codes: [0, 0, null] } } };
  assert.equal(whole(journey.logFromColumns(columns)), expected);
  const dates = ["10:00", "10:05", "11:00"].map((text) => new Date(at(text)));
  assert.equal(whole(journey.logFromColumns({ ...columns, time: dates })), expected);
  const scored = journey.logFromColumns({ ...columns, start: [at("09:59"), null, null], score: [1, null, NaN], value: Float64Array.of(1, 2, 3), channel: ["web", null, "shop"] });
  assert.deepEqual([scored.channels, scored.attributes], [["shop", "web"], ["device"]]);
  assert.equal(journey.logFromColumns({ journey: ["a"], touchpoint: ["b"] }).hasTimes, false);
  const refused = (change, error) => assert.throws(() => journey.logFromColumns({ ...columns, ...change }), { name: "JourneyError", ...error });
  refused({ journey: undefined }, { field: "journey" });
  refused({ tiem: [] }, { code: "invalid_option", field: "tiem" });
  refused({ time: [1, 2, "soon"] }, { message: "`time`: record 3: `soon` is no time; expected milliseconds since 1970 or a Date" });
  refused({ touchpoint: ["visit", "pay"] }, { field: "touchpoints", message: /has 2 cells; expected 3/ });
  refused({ journey: { names: ["bob"], codes: Uint32Array.of(0, 0, 4) } }, { field: "journeys", record: 3, message: /the code 4 has no name/ });
  refused({ touchpoint: "visit" }, { field: "touchpoint" });
});

test("Arrow tables are read by their columns", async () => {
  const arrow = await import(pathToFileURL(installed.resolve("apache-arrow")));
  const times = ["10:00", "10:05", "11:00"].map((text) => new Date(at(text)));
  const table = arrow.tableFromArrays({ id: ["ann", "ann", "bob"], touchpoint: ["visit", "pay", "visit"], time: times, device: ["phone", "phone", null], score: Float64Array.of(1, NaN, -1) });
  assert.equal(whole(logFromArrow(table, { journey: "id", ...OPTIONS })), expected);
  const micros = arrow.vectorFromArray(["10:00", "10:05", "11:00"].map(at), new arrow.TimestampMicrosecond());
  assert.equal(whole(logFromArrow(table.assign(new arrow.Table({ time: micros })), { journey: "id", ...OPTIONS })), expected);
  assert.equal(logFromArrow(table, { journey: "id", score: "score", order: "as_given" }).hasTimes, false);
  assert.throws(() => logFromArrow(table), { name: "JourneyError", field: "journey", message: /the columns are `id`, `touchpoint`/ });
  assert.throws(() => logFromArrow(table, { journey: "id", time: "device" }), { field: "device", message: /expected a timestamp or a date/ });
  assert.throws(() => logFromArrow(table, { jurney: "id" }), { code: "invalid_option", field: "jurney" });
});

test("tables of flechette are read by their columns", async () => {
  const flechette = await import(pathToFileURL(installed.resolve("@uwdata/flechette")));
  const { dictionary, float64, tableFromArrays, tableFromIPC, tableToIPC, timestamp, TimeUnit, utf8 } = flechette;
  const times = ["10:00", "10:05", "11:00"].map(at);
  const columns = { journey: ["ann", "ann", "bob"], touchpoint: ["visit", "pay", "visit"], time: times, device: ["phone", "phone", null], score: [1, null, -1] };
  for (const unit of [TimeUnit.SECOND, TimeUnit.MILLISECOND, TimeUnit.MICROSECOND, TimeUnit.NANOSECOND]) {
    const types = { journey: utf8(), touchpoint: dictionary(utf8()), time: timestamp(unit), device: dictionary(utf8()), score: float64() };
    const ipc = tableToIPC(tableFromArrays(columns, { types }));
    for (const settings of [{}, { useDate: true }, { useBigInt: true }, { useProxy: true }]) {
      assert.equal(whole(logFromArrow(tableFromIPC(ipc, settings), OPTIONS)), expected, `${unit} ${JSON.stringify(settings)}`);
    }
  }
  const table = tableFromArrays(columns, { types: { time: timestamp(TimeUnit.MICROSECOND) } });
  assert.deepEqual(scores(logFromArrow(table, { score: "score" })), [1, undefined, -1]);
  assert.throws(() => logFromArrow(table, { journey: "customer" }), { field: "customer", message: /the columns are `journey`, `touchpoint`/ });
});

test("what DuckDB-WASM answers is read by its columns", async () => {
  const place = installed.resolve("@duckdb/duckdb-wasm/dist/duckdb-node-blocking.cjs");
  const duckdb = installed(place);
  const bundle = (name) => ({ mainModule: place.replace("duckdb-node-blocking.cjs", `duckdb-${name}.wasm`), mainWorker: null });
  const database = await duckdb.createDuckDB({ mvp: bundle("mvp"), eh: bundle("eh") }, new duckdb.VoidLogger(), duckdb.NODE_RUNTIME);
  await database.instantiate(() => undefined);
  const connection = database.connect();
  try {
    connection.query(`create table events as select * from (values
      (1, 'visit', timestamp '2024-03-13 10:00:00', 'phone', 1.0), (1, 'pay', timestamp '2024-03-13 10:05:00', 'phone', null), (2, 'visit', timestamp '2024-03-13 11:00:00', null, -1.0)
    ) as rows(customer, touchpoint, time, device, score)`);
    const options = { journey: "id", ...OPTIONS };
    const asked = (time) => connection.query(`select case customer when 1 then 'ann' else 'bob' end as id, touchpoint::enum('pay', 'visit') as touchpoint, ${time} as time, device, score from events`);
    for (const time of ["time", "time::timestamp_s", "time::timestamp_ms", "time::timestamp_ns"]) assert.equal(whole(logFromArrow(asked(time), options)), expected, time);
    const numbered = connection.query("select customer::bigint as journey, touchpoint, time, score::double as score from events");
    assert.deepEqual(scores(logFromArrow(numbered, { score: "score" })), [1, undefined, -1]);
    assert.equal(journey.summary(logFromArrow(numbered)).journeys, 2);
    assert.throws(() => logFromArrow(asked("time"), { ...options, score: "score" }), { code: "invalid_log", field: "score", message: /expected a number.*DOUBLE/ });
    assert.throws(() => logFromArrow(asked("epoch_us(time)"), options), { field: "time", message: /expected a timestamp or a date, got a bigint/ });
    assert.throws(() => logFromArrow(connection.query("select [customer] as journey, touchpoint, time from events")), { field: "journey", message: /expected a text, a number or a date/ });
  } finally {
    connection.close();
  }
});

test("a handle that was freed or is of another class is an error, and freeing twice is none", () => {
  const log = journey.EventLog.fromCsv(CSV);
  assert.throws(() => journey.summary(journey.JourneyMap.fromData({ name: "x" })), { name: "JourneyError", code: "invalid_handle", message: /class `EventLog`/ });
  assert.throws(() => journey.summary({}), { code: "invalid_handle" });
  log.free();
  log.free();
  assert.throws(() => journey.summary(log), { code: "invalid_handle", message: /freed before/ });
  assert.throws(() => log.length, { code: "invalid_handle" });
  if (Symbol.dispose) assert.equal(typeof log[Symbol.dispose], "function");
});

test("a panic is an error with its text, once and for all calls until the module is started again", () => {
  const trap = () => {
    panicked("panicked at src/lib.rs:1:\nthe text");
    throw new WebAssembly.RuntimeError("unreachable");
  };
  const module = guarded({ trap, fine: () => 7, __wbg_eventlog_free: () => 1, memory: {} });
  assert.equal(module.fine(), 7);
  assert.throws(() => module.trap(), { name: "JourneyError", code: "panicked", message: /the text/ });
  assert.throws(() => module.fine(), { code: "panicked", message: /the text/ });
  assert.equal(module.__wbg_eventlog_free(), undefined);
  let again = 0;
  revive(() => (again += 1));
  revive(() => (again += 1));
  assert.deepEqual([again, module.fine()], [1, 7]);
});

test("a module that stopped is started again by init; handles of before are refused", async () => {
  const old = journey.EventLog.fromCsv(CSV);
  const exports = journey.initSync();
  assert.throws(() => exports.eventlog_length(0x7ffffff0), { name: "JourneyError", code: "panicked", message: /memory access out of bounds/ });
  assert.throws(() => journey.EventLog.fromCsv(CSV), { code: "panicked" });
  await journey.init();
  assert.equal(journey.EventLog.fromCsv(CSV).length, 3);
  assert.throws(() => old.length, { code: "invalid_handle", message: /lost when the module stopped/ });
  assert.throws(() => journey.summary(old), { code: "invalid_handle" });
  old.free();
  assert.equal(journey.summary(journey.EventLog.fromCsv(CSV)).events, 3);
});
