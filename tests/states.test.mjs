// The figures of the vectors, got through states in JavaScript: the log in parts, each a state that crosses as bytes, merged.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as journey from "../journey-wasm/pkg/node.js";

const here = (path) => new URL(path, import.meta.url);
const ERROR = 1 / 128;
const KEPT = {
  summary: ["confidence"],
  transitions: ["limit", "confidence"],
  bottlenecks: ["pareto", "limit", "confidence"],
  drop_offs: ["conversion", "limit", "confidence"],
  step_matrix: ["steps", "limit", "confidence"],
};
const CSV = "journey,touchpoint,time\nann,visit,2024-03-13 10:00\nann,pay,2024-03-13 10:05\nbob,visit,2024-03-13 11:00\n";

function stateOf(log, options) {
  const whole = new journey.State(options);
  for (const part of [{ min_events: 3 }, { max_events: 2 }]) {
    const one = new journey.State(options);
    one.update(log.selectJourneys(part));
    whole.mergeBytes(one.toBytes());
  }
  return whole;
}

function agree(expected, actual, place) {
  if (typeof expected === "number") {
    const tolerance = /(median|p90|p95)_seconds$/.test(place) ? ERROR + 1e-12 : 1e-12;
    const most = tolerance * Math.max(Math.abs(expected), Math.abs(actual)) + 1e-15;
    assert.ok(Math.abs(expected - actual) <= most, `${place}: ${actual} for ${expected}`);
  } else if (expected !== null && typeof expected === "object") {
    if (Array.isArray(expected)) assert.equal(actual.length, expected.length, place);
    for (const key of Object.keys(expected).filter((key) => key !== "trend" && key !== "attributes")) {
      agree(expected[key], actual[key], `${place}.${key}`);
    }
  } else {
    assert.equal(actual, expected, place);
  }
}

for (const [question, kept] of Object.entries(KEPT)) {
  test(`states give the figures of the vectors: ${question}`, () => {
    let held = 0;
    for (const one of JSON.parse(readFileSync(here(`conformance/${question}.json`), "utf8"))) {
      const options = one.options ?? {};
      const plain = !one.error && !one.log.then && !one.log.select && Object.keys(options).every((name) => kept.includes(name));
      // Of events that take time a state measures another delay.
      const columns = one.log?.options ?? {};
      if (!plain || (question === "bottlenecks" && (columns.start || columns.lifecycle))) continue;
      const log = journey.EventLog.fromCsv(one.log.csv ?? readFileSync(here(`data/${one.log.file}`)), one.log.options);
      const method = question.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      const report = stateOf(log, { conversion: options.conversion ?? [] })[method](one.options);
      assert.equal(report.quantile_error ?? ERROR, ERROR);
      agree(one.report ?? one.part, report, one.name);
      held += 1;
    }
    assert.ok(held >= 3, `${held} cases`);
  });
}

test("a state crosses as bytes, and bytes that are none are refused", () => {
  const state = new journey.State({ funnel_steps: [{ touchpoints: ["visit"] }, { touchpoints: ["pay"] }] });
  state.update(journey.EventLog.fromCsv(CSV));
  const bytes = state.toBytes();
  assert.ok(bytes instanceof Uint8Array);
  const again = journey.State.fromBytes(bytes.buffer);
  assert.deepEqual(again.toBytes(), bytes);
  assert.equal(again.funnel().conversion.share, 0.5);
  assert.deepEqual([again.journeys, again.events, again.quantileError], [2, 3, ERROR]);
  assert.equal(again.options.funnel_steps.length, 2);
  assert.throws(() => journey.State.fromBytes("state"), { name: "JourneyError", code: "invalid_state" });
  assert.throws(() => state.merge(new journey.State()), { code: "invalid_state", message: /they differ in `funnel_steps`$/ });
  bytes[20] ^= 1;
  assert.throws(() => journey.State.fromBytes(bytes), { code: "invalid_state", message: /damaged/ });
  assert.throws(() => new journey.State({ quantile_error: 2 }), { code: "invalid_option", field: "quantile_error" });
});

test("a monitor makes journeys from a stream", () => {
  const monitor = new journey.Monitor({ inactive_after: "30m", max_open_journeys: 2 });
  monitor.feed([
    { journey: "ann", touchpoint: "visit", time: "2024-03-13T10:00:00Z" },
    { journey: "bob", touchpoint: "visit", time: "2024-03-13T10:20:00Z", channel: "web", score: -1 },
  ]);
  const eve = { journey: "eve", touchpoint: "visit", time: "2024-03-13T10:25:00Z" };
  assert.throws(() => monitor.feed([eve]), { code: "limit_exceeded", field: "max_open_journeys" });
  assert.throws(() => monitor.feed([{ ...eve, time: "soon" }]), { code: "invalid_log", record: 1, field: "time" });
  monitor.advanceTo(new Date("2024-03-13T10:31:00Z"));
  monitor.feed([{ ...eve, time: "2024-03-13T10:31:00Z" }]);
  const status = monitor.status();
  assert.deepEqual([status.open_journeys, status.closed_journeys, status.late_events], [2, 1, 0]);
  assert.equal(monitor.stateWithOpen().journeys, 3);
  monitor.closeAll();
  assert.equal(monitor.state().scores().rows[0].mean, -1);
});
