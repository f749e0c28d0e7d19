// What maps are written as is read by the real programs: Mermaid's parser, and Graphviz.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { JourneyMap } from "../journey-wasm/pkg/node.js";

// `cargo xtask test` installs them there.
const installed = createRequire(fileURLToPath(new URL("../target/npm/", import.meta.url)));
const load = (name) => import(pathToFileURL(installed.resolve(name)));
const { JSDOM } = await load("jsdom");
const page = new JSDOM("<!doctype html><body></body>");
globalThis.window = page.window;
globalThis.document = page.window.document;
const { default: mermaid } = await import(pathToFileURL(fileURLToPath(new URL("../target/npm/node_modules/mermaid/dist/mermaid.core.mjs", import.meta.url))));
const { Graphviz } = await load("@hpcc-js/wasm-graphviz");
mermaid.initialize({ startOnLoad: false });
const graphviz = await Graphviz.load();

const HOSTILE = ["a: b; c, d #e %%f", "title", "section 8", " x ", "#58;", "#quot;", "<br>", "<script>alert(1)</script>", "a\nb\u2028c", "```",
  "}", "👍🏽 عربي", "%%{init: {}}%%", '"quoted"', "back\\slash\\N", "accDescr {", "__proto__", "---"];

const maps = [
  ...HOSTILE.map((label) => ({
    name: label,
    description: label,
    personas: [{ id: "p", name: label }],
    stages: [{ id: "s", name: label }],
    touchpoints: [
      { id: "a", name: label, stage: "s", personas: ["p"], expected_score: 1.5 },
      { id: label, name: `${label}${label}`, stage: "s", expected_score: -2 },
    ],
    transitions: [{ from: "a", to: label, expected_share: 0.5 }],
  })),
  ...readdirSync(new URL("../docs/examples/", import.meta.url))
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(new URL(`../docs/examples/${file}`, import.meta.url), "utf8"))),
];

/** Mermaid keeps entities under other signs until it draws. */
const drawn = (text) => text.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)));

for (const data of maps) {
  const map = JourneyMap.fromData(data);
  // The map's own order: touchpoints by stage.
  const { stages, touchpoints } = map.toData();
  test(`Mermaid reads ${JSON.stringify(data.name)}`, async () => {
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(map.toMermaid().text);
    assert.deepEqual(db.getSections().map(drawn), stages.map((stage) => stage.name));
    const tasks = db.getTasks().map((task) => [drawn(task.task), task.score, task.people.map(drawn)]);
    const named = (id) => data.personas.find((persona) => persona.id === id).name;
    assert.deepEqual(tasks, touchpoints.map((t) => [t.name, (t.expected_score ?? 0) + 3, (t.personas ?? []).map(named)]));
  });
  test(`Graphviz reads ${JSON.stringify(data.name)}`, () => {
    const drawing = JSON.parse(graphviz.layout(map.toDot(), "json", "dot"));
    const nodes = drawing.objects.filter((object) => !object.name.startsWith("cluster"));
    assert.equal(nodes.length, touchpoints.length);
    assert.equal(drawing.edges?.length ?? 0, (data.transitions ?? []).length);
    // Graphviz gives labels as they were written, backslashes doubled; control characters are not printed.
    assert.deepEqual(nodes.map((node) => node.label.replaceAll("\\\\", "\\")), touchpoints.map((t) => t.name.replace(/[\n\u2028]/g, (c) => (c === "\n" ? " " : c))));
  });
}
