// Pictures are the same text in every language: see pictures.rs.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import * as journey from "../journey-wasm/pkg/node.js";

const folder = new URL("pictures/", import.meta.url);
const read = (name) => readFileSync(new URL(name, folder), "utf8");

for (const file of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
  test(`${file} is drawn as Rust draws it`, () => {
    const { map: data, before, log: source, options } = JSON.parse(read(file));
    const map = journey.JourneyMap.fromData(data);
    const log = source && journey.EventLog.fromCsv(source.csv, source.options);
    const reports = { emotion_curve: journey.emotionCurve(map, log), emotion_dips: journey.emotionDips(map, log) };
    if (log) {
      reports.bottlenecks = journey.bottlenecks(log);
      reports.drop_offs = journey.dropOffs(log);
      reports.path_coverage = journey.pathCoverage(map, log);
    }
    if (before) reports.diff = journey.diff(journey.JourneyMap.fromData(before), map);
    assert.equal(journey.renderMap(map, reports, options), read(file.replace(".json", ".svg")));
  });
}

test("options and reports are checked, and may be left out", () => {
  const map = journey.JourneyMap.fromData({ name: "Shop" });
  assert.equal(journey.renderMap(map), journey.renderMap(map, null, {}));
  assert.throws(() => journey.renderMap(map, null, { widht: 400 }), { code: "invalid_option", message: /did you mean `width`\?$/ });
  assert.throws(() => journey.renderMap(map, { emotion_curv: {} }), { code: "invalid_option", message: /did you mean `emotion_curve`\?$/ });
});

test("labels are text in a document too", async () => {
  const installed = createRequire(fileURLToPath(new URL("../target/npm/", import.meta.url)));
  const { JSDOM } = await import(pathToFileURL(installed.resolve("jsdom")));
  const label = `</title><script>window.hurt = 1</script><img src=x onerror="window.hurt = 1">]]>&amp;'"`;
  const map = journey.JourneyMap.fromData({ name: label, stages: [{ id: "s", name: label }], touchpoints: [{ id: label, name: label, stage: "s", action: label }] });
  const page = new JSDOM(`<!doctype html><body>${journey.renderMap(map)}</body>`, { runScripts: "dangerously" });
  const { document, hurt } = page.window;
  assert.equal(hurt, undefined);
  assert.equal(document.querySelectorAll("script, img, a, foreignObject, use, image").length, 0);
  assert.equal(document.querySelector(".touchpoint").dataset.touchpoint, label);
  assert.equal(document.querySelector("svg > title").textContent, label);
  const element = journey.pictureElement(journey.renderMap(map), document);
  assert.ok(element instanceof page.window.SVGElement && element.ownerDocument === document);
  assert.equal(element.querySelector("title").textContent, label);
  assert.throws(() => journey.pictureElement("<svg>", document), /the text is not a picture/);
  assert.throws(() => journey.pictureElement("<svg/>"), /there is no document here/);
  const xml = new page.window.DOMParser().parseFromString(journey.renderMap(map), "image/svg+xml");
  assert.equal(xml.querySelector("svg > title").textContent, label);
});
