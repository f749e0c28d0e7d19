// Runs the conformance vectors in JavaScript. Rust and Python run the same files.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as journey from "../journey-wasm/pkg/node.js";
import { vectors } from "./vectors.mjs";

const here = (path) => new URL(path, import.meta.url);
const files = readdirSync(here("conformance/")).sort();
const { camel, check } = vectors(journey, (path) => readFileSync(here(`data/${path}`)));

for (const file of files) {
  for (const one of JSON.parse(readFileSync(here(`conformance/${file}`), "utf8"))) {
    test(`${file}: ${one.name}`, () => check(file.replace(".json", ""), one));
  }
}

test("every function has vectors", () => {
  const lower = Object.keys(journey).filter((name) => /^[a-z]/.test(name));
  const questions = lower.filter((name) => !name.startsWith("render")); // pictures.test.mjs
  const own = ["init", "initSync", "default", "pictureElement", "readLog", "logFromRows", "logFromColumns"]; // journey-wasm/tests
  const functions = questions.filter((name) => !own.includes(name)).sort();
  assert.deepEqual(functions, files.map((file) => camel(file.replace(".json", ""))).sort());
});

test("logs are read from any format, written again, and reading can be broken off", () => {
  const { EventLog } = journey;
  const log = EventLog.fromNdjson('{"journey": 9007199254740993, "touchpoint": "=pay", "time": "2024-03-13"}\n');
  assert.equal(log.toCsv({ raw: true }), "journey,touchpoint,time\n9007199254740993,=pay,2024-03-13T00:00:00Z\n");
  for (const text of [log.toCsv({ raw: true }), log.toNdjson(), log.toXes()]) {
    assert.deepEqual(EventLog.read(text).touchpoints, ["=pay"]);
  }
  assert.equal(EventLog.fromXes(log.toXes()).length, 1);
  const told = [];
  EventLog.fromCsv(log.toCsv(), {}, (...now) => void told.push(now));
  assert.deepEqual(told.at(-1), [68, 68, 1]);
  assert.throws(() => EventLog.fromCsv(log.toCsv(), {}, () => false), { code: "cancelled" });
  assert.throws(() => EventLog.fromCsv(log.toCsv(), {}, () => { throw new RangeError("mine"); }), RangeError);
  assert.throws(() => EventLog.fromCsv(log.toCsv(), {}, 7), { code: "invalid_option" });
});
