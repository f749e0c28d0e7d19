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
  const functions = questions.filter((name) => !["init", "initSync", "default"].includes(name)).sort();
  assert.deepEqual(functions, files.map((file) => camel(file.replace(".json", ""))).sort());
});
