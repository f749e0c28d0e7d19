// Prints the report of every conformance vector that is no error, as one JSON list; a test in Python compares each digit.
import { readFileSync, readdirSync } from "node:fs";
import * as journey from "../journey-wasm/pkg/node.js";
import { vectors } from "./vectors.mjs";

const here = (path) => new URL(path, import.meta.url);
const { call } = vectors(journey, (path) => readFileSync(here(`data/${path}`)));
const results = readdirSync(here("conformance/")).sort().flatMap((file) => {
  const cases = JSON.parse(readFileSync(here(`conformance/${file}`), "utf8")).filter((one) => !one.error);
  return cases.map((one) => call(file.replace(".json", ""), one));
});
process.stdout.write(JSON.stringify(results));
