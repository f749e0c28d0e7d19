// What is JavaScript's own: errors, handles, plain objects, and the lines of the README.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import * as journey from "../pkg/node.js";

const CSV = "journey,touchpoint,time\nann,visit,2024-03-13 10:00\nann,pay,2024-03-13 10:05\nbob,visit,2024-03-13 11:00\n";
const MAP = { name: "Shop", stages: [{ id: "s", name: "S" }], touchpoints: [{ id: "pay", name: "Pay", stage: "s" }] };

test("a file is a text or its bytes", () => {
  for (const source of [CSV, new TextEncoder().encode(CSV), gzipSync(CSV)]) {
    assert.equal(journey.EventLog.fromCsv(source).length, 3);
  }
  const bytes = new TextEncoder().encode(`xx${CSV}`);
  assert.equal(journey.EventLog.fromCsv(bytes.subarray(2)).length, 3);
  assert.equal(journey.EventLog.fromCsv(bytes.slice(2).buffer).length, 3);
  assert.equal(journey.EventLog.fromCsv(new DataView(bytes.buffer, 2)).length, 3);
  assert.throws(() => journey.EventLog.fromCsv(7), { name: "JourneyError", code: "invalid_log" });
});

test("aggregated paths are a log without times whose journeys stand for many", () => {
  const timed = journey.EventLog.fromCsv(CSV);
  assert.deepEqual([timed.hasTimes, timed.journeyCount, timed.customers], [true, 2, 2]);
  const paths = journey.EventLog.fromPaths("path,yes,no\nad > search,5,7\nad,0,2\n", { conversions: "yes", non_conversions: "no" });
  assert.deepEqual([paths.hasTimes, paths.journeyCount, paths.customers, paths.length], [false, 3, 14, 6]);
  assert.deepEqual([paths.touchpoints, paths.channels], [["(conversion)", "ad", "search"], ["ad", "search"]]);
  assert.equal(journey.summary(paths).journeys, 14);
  assert.throws(() => journey.EventLog.fromPaths("path,n\nad,x\n", { count: "n" }), { code: "invalid_log", line: 2, field: "n" });
});

test("an error has a code and a place", () => {
  assert.throws(() => journey.EventLog.fromCsv(`${CSV}ann,pay,soon\n`), {
    name: "JourneyError",
    code: "invalid_log",
    line: 5,
    record: 4,
    field: "time",
    file: null,
    message: /`soon` is not a time/,
  });
  const text = '{"name": "x",\n "touchpoints": [{"id": "t", "name": "T", "stage": "s"}]}';
  assert.throws(() => journey.JourneyMap.fromJson(text), { code: "unknown_stage", line: 2, field: "touchpoints[0].stage" });
  const log = journey.EventLog.fromCsv(CSV);
  assert.throws(() => journey.summary(log, { confidense: 0.9 }), { code: "invalid_option", message: /did you mean `confidence`\?$/ });
  assert.throws(() => journey.JourneyMap.fromData({ ...MAP, stagse: [] }), { code: "invalid_map", message: /did you mean `stages`\?$/ });
});

test("a starter map is text; its kind is checked", () => {
  assert.match(journey.JourneyMap.template("day_in_the_life"), /^# A day-in-the-life map/);
  assert.throws(() => journey.JourneyMap.template("future"), { code: "invalid_option", message: /did you mean `future_state`\?$/ });
});

test("a diff makes one map of the other; a finding has a line", () => {
  const [before, after] = [MAP, { ...MAP, name: "Another" }].map((data) => journey.JourneyMap.fromData(data));
  assert.deepEqual(before.apply(journey.diff(before, after)).toData(), after.toData());
  assert.equal(journey.JourneyMap.lineOf('{"name": "x",\n "stages": []}', "stages"), 2);
  assert.equal(journey.lint(before, null, { limit: 0 }).findings.length, 0);
});

test("values of the wrong kind are errors, not defaults", () => {
  const log = journey.EventLog.fromCsv(CSV);
  const refused = [[1], "x", 7, { limit: NaN }, { limit: Infinity }, { limit: 1n }, { limit: () => 1 }, new Map([["limit", 1]])];
  for (const options of refused) {
    assert.throws(() => journey.transitions(log, options), { name: "JourneyError", code: "invalid_option" });
  }
  assert.throws(() => journey.transitions(log, { limit: NaN }), { field: "limit", message: /not finite/ });
  let deep = [];
  for (let i = 0; i < 500; i += 1) deep = [deep];
  assert.throws(() => journey.JourneyMap.fromData({ ...MAP, name: deep }), { code: "invalid_map", message: /recursion limit/ });
  const circle = {};
  circle.limit = circle;
  assert.throws(() => journey.transitions(log, circle), { code: "invalid_option" });
  assert.throws(() => log.select({ attributes: new Map() }), { code: "invalid_option", message: /a Map/ });
  for (const text of [MAP, undefined, 3, ["x"]]) {
    assert.throws(() => journey.JourneyMap.fromJson(text), { name: "JourneyError", code: "invalid_map" });
  }
  for (const data of [undefined, "x", ["Shop"], { ...MAP, stages: [["s", "S"]] }]) {
    assert.throws(() => journey.JourneyMap.fromData(data), { name: "JourneyError", code: "invalid_map" });
  }
  assert.throws(() => journey.emotionCurve(journey.JourneyMap.fromData(MAP), { confidence: 0.9 }), /options come after it/);
  assert.throws(() => new journey.EventLog(), /use `EventLog.read`/);
});

test("arguments that are no options are read as strictly", () => {
  const log = journey.EventLog.fromCsv(CSV);
  assert.equal(log.splitSessions(240).journeyCount, 3);
  assert.throws(() => log.splitSessions(), { name: "JourneyError", code: "invalid_option", field: "gap" });
  assert.throws(() => log.splitSessions([30]), { code: "invalid_option", message: /`gap`: expected seconds/ });
  assert.throws(() => log.mark(7, {}), { code: "invalid_option", field: "name" });
  assert.throws(() => log.mark("paid", { with_paht: "pay" }), { code: "invalid_option", message: /did you mean `with_path`\?$/ });
  assert.throws(() => log.selectJourneys({ with_path: "start ->\n vist" }), { code: "unknown_touchpoint", line: 2, column: 2, field: "with_path" });
});

test("a log that is left out stays out, one that is given stays usable", () => {
  const map = journey.JourneyMap.fromData(MAP);
  for (const none of [undefined, null]) assert.equal(journey.emotionCurve(map, none).steps[0].measured, null);
  const log = journey.EventLog.fromCsv(CSV);
  journey.emotionCurve(map, log);
  journey.emotionDips(map, log);
  assert.equal(journey.summary(log).events, 3);
  log.free();
  assert.throws(() => journey.summary(log));
});

test("a report has its picture; a map and a summary may be left out", () => {
  const log = journey.EventLog.fromCsv(CSV);
  const [map, flow, stuck] = [journey.JourneyMap.fromData(MAP), journey.transitions(log), journey.bottlenecks(log)];
  const plain = journey.renderFlow(flow);
  assert.ok(plain.startsWith("<svg"));
  assert.equal(journey.renderFlow(flow, null, {}), plain);
  assert.ok(journey.renderFlow(flow, map, { lang: "it" }).includes("Inizio"));
  assert.equal(map.name, "Shop");
  assert.throws(() => journey.renderFlow(flow, { lang: "it" }), { name: "JourneyError", code: "invalid_option" });
  assert.ok(journey.renderTimes(stuck, journey.summary(log)).includes("Throughput time"));
  assert.ok(!journey.renderTimes(stuck).includes("Throughput time"));
  for (const svg of [
    journey.renderStepFlow(journey.stepFlow(log)),
    journey.renderStepMatrix(journey.stepMatrix(log)),
    journey.renderFunnel(journey.funnel(log, ["visit", "pay"])),
    journey.renderComparison(journey.compare(log, log), { width: 400 }),
  ]) {
    assert.ok(svg.startsWith("<svg"));
  }
});

test("reports are plain objects", () => {
  const report = journey.bottlenecks(journey.EventLog.fromCsv(CSV));
  assert.equal(Object.getPrototypeOf(report), Object.prototype);
  assert.deepEqual(report, JSON.parse(JSON.stringify(report)));
  const found = journey.discover(journey.EventLog.fromCsv(CSV));
  assert.deepEqual(journey.JourneyMap.fromData(found.toData()).toData(), JSON.parse(found.toJson()));
  assert.deepEqual(JSON.parse(JSON.stringify(found)), found.toData());
});

test("the package can be required, and names its files", () => {
  const require = createRequire(import.meta.url);
  assert.equal(typeof require("../pkg/node.js").bottlenecks, "function");
  const { exports, version } = JSON.parse(readFileSync(new URL("../pkg/package.json", import.meta.url)));
  assert.match(version, /^\d+\.\d+\.\d+$/);
  const paths = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)));
  for (const path of paths) readFileSync(new URL(`../pkg/${path}`, import.meta.url));
});

test("the lines of the README run", async () => {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const blocks = [...readme.matchAll(/```js\n(.*?)```/gs)].map((match) => match[1]);
  assert.ok(blocks.length > 0);
  const said = [];
  const log = console.log;
  process.chdir(new URL("../..", import.meta.url).pathname);
  console.log = (...words) => said.push(words.join(" "));
  try {
    for (const block of blocks) {
      const here = new URL("../pkg/node.js", import.meta.url).href;
      const code = block.replaceAll('"journey-wasm"', JSON.stringify(here));
      await import(`data:text/javascript,${encodeURIComponent(code)}`);
    }
  } finally {
    console.log = log;
  }
  assert.match(said.join("\n"), /payment_details/);
});
