// The editor of maps in the studio: its document, its files and its history in Node; all of it in Chromium, by mouse and by
// keyboard. `cargo xtask studio` builds what is looked at here.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { missing as missingBrowser, open, packaged } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const EDITOR = root("journey-wasm/studio/src/editor");
const EXAMPLES = readdirSync(root("docs/examples")).map((name) => [name, readFileSync(root(`docs/examples/${name}`), "utf8")]);
const SHOP = EXAMPLES.find(([name]) => name === "ecom-current-state.journey.json")[1];
const missingBuilder = !existsSync(root("journey-wasm/studio/node_modules/vite")) && "the packages of the studio are not installed, `cargo xtask studio` does it";
const missingStudio = !existsSync(root("target/studio/index.html")) && "the studio is not built, `cargo xtask studio` does it";

describe("the document of the editor", { skip: missingBuilder, timeout: 120_000 }, () => {
  let folder, editor, journey;
  /** The engine in this process, asked as in a worker. */
  const call = async (name, value, ...values) => {
    const handle = (made) => (made instanceof journey.JourneyMap ? { map: made, call: async (method) => made[method](), free: () => made.free() } : made);
    const given = (one) => one?.map ?? one;
    if (name.startsWith("JourneyMap.")) return handle(journey.JourneyMap[name.slice("JourneyMap.".length)](value));
    return journey[name](given(value), ...values);
  };
  /** Whether the engine takes a map. */
  const accepted = (map) => journey.JourneyMap.fromData(map).free();
  const parsed = (name, text) => (name.endsWith(".json") ? JSON.parse(text) : editor.parsed(text));

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "journey-editor-"));
    const { build } = await import(pathToFileURL(createRequire(`${root("journey-wasm/studio")}/`).resolve("vite")));
    const names = ["document", "history", "path", "fields", "outline", "files", "yaml", "check"];
    const input = Object.fromEntries(names.map((name) => [name, join(EDITOR, `${name}.ts`)]));
    await build({ configFile: false, root: EDITOR, logLevel: "error", ssr: { noExternal: true }, build: { ssr: true, outDir: folder, emptyOutDir: true, rollupOptions: { input, output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" } } } });
    const modules = await Promise.all(names.map((name) => import(pathToFileURL(join(folder, `${name}.mjs`)))));
    editor = Object.assign({}, ...modules);
    journey = await import("../pkg/node.js");
    await journey.init();
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  const frozen = (value) => {
    if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
    return value;
  };
  /** Every sort of edit, on a map that has at least one of everything. */
  const edits = () => ({
    "a field is set": (map) => editor.setField(map, ["touchpoints", 1, "owner"], "Somebody else"),
    "a field is taken out": (map) => editor.setField(map, ["touchpoints", 0, "expected_score"], undefined),
    "a field is set where nothing was": (map) => editor.setField(map, ["baseline"], { name: "Before" }),
    "a pain point is added": (map) => editor.insert(map, ["touchpoints", 0, "pain_points"], { text: "It is slow", severity: "major", evidence: [{ kind: "survey", n: 40 }] }),
    "evidence is removed": (map) => editor.remove(map, ["touchpoints", 0, "evidence", 0]),
    "a stage is added": (map) => editor.addItem(map, ["stages"], 0),
    "a channel is added": (map) => editor.addItem(map, ["channels"]),
    "a persona is added": (map) => editor.addItem(map, ["personas"]),
    "a touchpoint is added": (map) => editor.addTouchpoint(map, map.stages[0].id),
    "a touchpoint is added behind another": (map) => editor.addTouchpoint(map, map.touchpoints[0].stage, 0),
    "a stage gets another id": (map) => editor.rename(map, ["stages", 0], "first of all"),
    "a touchpoint gets another id": (map) => editor.rename(map, ["touchpoints", 1], "renamed"),
    "a channel gets another id": (map) => editor.rename(map, ["channels", 0], "renamed"),
    "a persona gets another id": (map) => editor.rename(map, ["personas", 0], "renamed"),
    "a stage is removed": (map) => editor.remove(map, ["stages", 1]),
    "a touchpoint is removed": (map) => editor.remove(map, ["touchpoints", 2]),
    "a channel is removed": (map) => editor.remove(map, ["channels", 0]),
    "a persona is removed": (map) => editor.remove(map, ["personas", 0]),
    "a transition is removed": (map) => editor.remove(map, ["transitions", 0]),
    "a stage is moved": (map) => editor.move(map, ["stages", 0], 1),
    "a touchpoint is moved on": (map) => editor.moveTouchpoint(map, 0, 1),
    "a touchpoint is moved back": (map) => editor.moveTouchpoint(map, 3, -1),
    "a touchpoint is moved to the next stage": (map) => editor.moveToStage(map, 0, 1),
  });

  test("undoing gives the map of before, redoing that of after, for every edit of every example", () => {
    for (const [name, text] of EXAMPLES) {
      const map = frozen(parsed(name, text));
      for (const [edit, does] of Object.entries(edits())) {
        const { map: next, said } = does(map);
        const done = editor.record(editor.begin(map), next, said);
        assert.notDeepEqual(next, map, `${edit} of ${name} changes something`);
        const back = editor.undo(done);
        assert.deepEqual(back.now.state, JSON.parse(JSON.stringify(parsed(name, text))), `${edit} of ${name}`);
        assert.equal(editor.redo(back).now.state, next, edit);
      }
    }
  });

  test("after every edit the engine takes the map, whatever was edited before", () => {
    for (const [name, text] of EXAMPLES) {
      const original = frozen(parsed(name, text));
      const all = Object.entries(edits());
      for (const [edit, does] of all) {
        for (const [then, next] of all) {
          const { map } = next(frozen(does(original).map));
          try {
            accepted(map);
          } catch (error) {
            assert.fail(`${name}: ${edit}, then ${then}: ${error.message}`);
          }
        }
      }
    }
  });

  test("what refers to an id has the new one, and nothing else changes", () => {
    const map = frozen({
      name: "m",
      stages: [{ id: "a", name: "A" }, { id: "b", name: "a" }],
      channels: [{ id: "a", name: "A", kind: "online" }],
      personas: [{ id: "a", name: "A" }, { id: "b", name: "B" }],
      touchpoints: [
        { id: "a", name: "A", stage: "a", channel: "a", personas: ["b", "a"], matches: [{ touchpoint: "a", channel: "a" }] },
        { id: "b", name: "B", stage: "b" },
      ],
      transitions: [{ from: "a", to: "b" }, { from: "a", to: "a", expected_share: 0.5 }, { from: "b", to: "b" }],
      outcome: { entries: ["a", "b"], exits: ["b"], conversions: ["a"], kpis: [{ id: "a", name: "A" }] },
    });
    const stage = editor.rename(map, ["stages", 0], "z").map;
    assert.deepEqual([stage.stages[0].id, stage.touchpoints.map((one) => one.stage)], ["z", ["z", "b"]]);
    assert.deepEqual(stage.channels, map.channels);
    const channel = editor.rename(map, ["channels", 0], "z").map;
    assert.deepEqual([channel.channels[0].id, channel.touchpoints[0].channel, channel.touchpoints[0].stage], ["z", "z", "a"]);
    assert.deepEqual(channel.touchpoints[0].matches, [{ touchpoint: "a", channel: "a" }], "rules name what is in the log");
    const persona = editor.rename(map, ["personas", 0], "z").map;
    assert.deepEqual([persona.personas[0].id, persona.touchpoints[0].personas], ["z", ["b", "z"]]);
    const touchpoint = editor.rename(map, ["touchpoints", 0], "z").map;
    assert.deepEqual(touchpoint.transitions, [{ from: "z", to: "b" }, { from: "z", to: "z", expected_share: 0.5 }, { from: "b", to: "b" }]);
    assert.deepEqual(touchpoint.outcome, { entries: ["z", "b"], exits: ["b"], conversions: ["z"], kpis: [{ id: "a", name: "A" }] });
    assert.deepEqual(touchpoint.stages, map.stages);
    const back = editor.rename(frozen(touchpoint), ["touchpoints", 0], "a").map;
    assert.deepEqual(back, map);
  });

  test("an id that is taken or empty is refused, with the item that has it", () => {
    const map = frozen(JSON.parse(SHOP));
    assert.equal(editor.rename(map, ["stages", 0], "purchase").map, map);
    assert.equal(editor.rename(map, ["stages", 0], "").map, map);
    assert.equal(editor.idProblem(map, ["stages", 0], "purchase"), "“Purchase” has the id “purchase” already");
    assert.equal(editor.idProblem(map, ["stages", 0], "awareness"), null);
    assert.equal(editor.idProblem(map, ["touchpoints", 0], "awareness"), null, "ids of different lists do not meet");
  });

  test("with a stage its touchpoints go, and with these what refers to them", () => {
    const map = frozen({
      name: "m",
      stages: [{ id: "a", name: "A" }, { id: "b", name: "B" }],
      channels: [],
      touchpoints: [{ id: "x", name: "X", stage: "a" }, { id: "y", name: "Y", stage: "b" }, { id: "z", name: "Z", stage: "b" }],
      transitions: [{ from: "x", to: "y" }, { from: "y", to: "z" }, { from: "z", to: "x" }, { from: "x", to: "x" }],
      outcome: { entries: ["x"], exits: ["y", "z"], conversions: ["z"] },
    });
    const { map: left } = editor.remove(map, ["stages", 1]);
    assert.deepEqual(left.touchpoints, [{ id: "x", name: "X", stage: "a" }]);
    assert.deepEqual(left.transitions, [{ from: "x", to: "x" }]);
    assert.deepEqual(left.outcome, { entries: ["x"], exits: [], conversions: [] });
  });

  test("a touchpoint walks through its stage and into the stages beside, and back the same way", () => {
    const stages = ["a", "b", "c"].map((id) => ({ id, name: id.toUpperCase() }));
    const touchpoints = [["p", "a"], ["q", "b"], ["r", "a"], ["s", "b"]].map(([id, stage]) => ({ id, name: id, stage }));
    let map = { name: "m", stages, touchpoints };
    const drawn = () => map.stages.map(({ id }) => map.touchpoints.filter((one) => one.stage === id).map((one) => one.id).join("")).join(" ");
    const walk = (id, by) => {
      const change = editor.moveTouchpoint(frozen(map), map.touchpoints.findIndex((one) => one.id === id), by);
      map = change.map;
      assert.equal(map.touchpoints[change.at[1]].id, id, "the change says where it is now");
      return drawn();
    };
    assert.equal(drawn(), "pr qs ");
    assert.deepEqual([1, 1, 1, 1, 1, 1].map((by) => walk("p", by)), ["rp qs ", "r pqs ", "r qps ", "r qsp ", "r qs p", "r qs p"]);
    assert.deepEqual([-1, -1, -1, -1, -1, -1].map((by) => walk("p", by)), ["r qsp ", "r qps ", "r pqs ", "rp qs ", "pr qs ", "pr qs "]);
  });

  test("ids of what is new are those that the engine makes of names", () => {
    const map = journey.JourneyMap.fromMermaid("journey\n title T\n section Make tea\n  Grüße, Ännchen!: 3: Me\n  Make tea: 3: Me\n  make-tea: 4: Me\n").toData();
    const empty = { name: "m" };
    for (const { id, name } of [...map.stages, map.touchpoints[0], map.touchpoints[1]]) assert.equal(editor.unusedId(empty, ["touchpoints"], name), id);
    assert.equal(editor.unusedId(map, ["touchpoints"], "MAKE tea"), "make_tea_3");
    assert.equal(editor.unusedId(empty, ["stages"], "?!"), "_");
  });

  test("what the editor does not know stays where it is", async () => {
    const text = SHOP.replace('"name": "Web shop: current state",', '"name": "Web shop: current state", "later": {"of": [1, {"a": null}]},').replace('"id": "cart",', '"id": "cart", "colour": "blue",');
    const { map, file } = await editor.openFile("shop.json", text, call);
    const { map: next } = editor.moveTouchpoint(editor.rename(map, ["touchpoints", map.touchpoints.findIndex(({ id }) => id === "cart")], "basket").map, 9, -1);
    const saved = JSON.parse(editor.toJson(next, file));
    assert.deepEqual(saved.later, { of: [1, { a: null }] });
    assert.equal(saved.touchpoints.find(({ id }) => id === "basket").colour, "blue");
    const verdict = await editor.judged(call, { map, log: null, day: "" });
    assert.equal(verdict.valid, false);
    assert.match(verdict.findings[0].message, /later/);
  });

  test("what is typed into one field is one step, and none if it is taken back", () => {
    let history = editor.begin({ text: "" });
    for (const text of ["c", "ca", "car"]) history = editor.record(history, { text }, "typed", "name");
    assert.equal(history.past.length, 1);
    const same = (one, other) => one.text === other.text;
    const settled = editor.settle(history, same);
    const again = editor.record(settled, { text: "cart" }, "typed", "name");
    assert.equal(again.past.length, 2);
    assert.deepEqual(editor.undo(again).now.state, { text: "car" });
    const back = editor.settle(editor.record(again, { text: "car" }, "typed", "name"), same);
    assert.equal(back.past.length, 1);
    assert.equal(editor.undo(editor.undo(back)).now.state.text, "");
    const other = editor.record(editor.undo(again), { text: "x" }, "typed", "name");
    assert.equal(editor.redo(other), other, "who goes another way cannot redo the first");
  });

  test("every example that is opened and saved has the bytes that it had, and says the same in the other format", async () => {
    for (const [name, text] of EXAMPLES) {
      const { map, file } = await editor.openFile(name, text, call);
      const isJson = name.endsWith(".json");
      assert.equal(isJson ? editor.toJson(map, file) : await editor.toYaml(map, file), text, name);
      const other = isJson ? editor.parsed(await editor.toYaml(map, file)) : JSON.parse(editor.toJson(map, file));
      assert.deepEqual(other, map, name);
      assert.equal(editor.nameOfFile(file, isJson ? "json" : "yaml"), name);
      assert.deepEqual((await editor.judged(call, { map, log: null, day: "" })).valid, true);
    }
  });

  test("in YAML a change is a change of its line; comments and layout stay", async () => {
    const name = "ecom-future-state.journey.yaml";
    const text = EXAMPLES.find(([one]) => one === name)[1].replace("  - id: cart\n", "  # The cart is new.\n  - id: cart # and small\n");
    const { map, file } = await editor.openFile(name, text, call);
    const cart = map.touchpoints.findIndex(({ id }) => id === "cart");
    const lines = (written) => written.split("\n");
    const differing = (written) => lines(written).filter((line) => !lines(text).includes(line));
    const renamed = await editor.toYaml(editor.setField(map, ["touchpoints", cart, "name"], "Basket").map, file);
    assert.equal(lines(renamed).length, lines(text).length);
    assert.deepEqual(differing(renamed), ["    name: Basket"]);
    const scored = await editor.toYaml(editor.setField(map, ["touchpoints", cart, "expected_score"], -1.5).map, file);
    assert.deepEqual(differing(scored), ["    expected_score: -1.5"]);
    const moved = await editor.toYaml(editor.moveTouchpoint(map, cart, -1).map, file);
    assert.deepEqual([...lines(moved)].sort(), [...lines(text)].sort(), "moving moves lines, and the comment with them");
    assert.match(moved, /# The cart is new\.\n {2}- id: cart # and small\n/);
    const removed = await editor.toYaml(editor.remove(map, ["transitions", 0]).map, file);
    assert.deepEqual(differing(removed), []);
    assert.equal(lines(removed).length, lines(text).length - 1);
    const added = await editor.toYaml(editor.insert(map, ["transitions"], { from: "cart", to: "home" }).map, file);
    assert.deepEqual(differing(added), ["  - {from: cart, to: home}"]);
    const basket = await editor.toYaml(editor.rename(map, ["touchpoints", cart], "basket").map, file);
    assert.deepEqual(differing(basket).sort(), ["  - id: basket # and small", "  - {from: add_to_cart, to: basket}", "  - {from: basket, to: shipping_details}"].sort());
  });

  test("after every edit YAML says what the map says", async () => {
    for (const [name, text] of EXAMPLES) {
      const { map, file } = await editor.openFile(name, text, call);
      for (const [edit, does] of Object.entries(edits())) {
        const next = does(map).map;
        assert.deepEqual(editor.parsed(await editor.toYaml(next, file)), JSON.parse(JSON.stringify(next)), `${edit} of ${name}`);
      }
    }
  });

  test("in YAML a long text and the spaces before comments stay as they were written, though something else is edited", async () => {
    const text = `# A shop.
name: Shop     # its name
kind:   current_state   # today
description: >
  This is a long text that
  somebody folded by hand.

  It has two paragraphs.
stages:
    - id: a      # the first
      name: A
      goal: "to buy
        soon"

    - {id:   b, name: B}   # the second
`;
    const { map, file } = await editor.openFile("m.yaml", text, call);
    const saved = (change) => editor.toYaml(change.map, file);
    assert.equal(await saved(editor.setField(map, ["stages", 0, "name"], "First")), text.replace("name: A", "name: First"));
    const described = await saved(editor.setField(map, ["description"], "Short."));
    assert.equal(described.replace(/description: [>-]*\s*Short\.\n/, ""), text.replace(/description[^]*paragraphs\.\n/, ""));
    assert.equal(await saved(editor.remove(map, ["stages", 1])), text.replace(/\n {4}- \{.*\n/, ""));
    // What cannot stay as it is says the same all the same.
    for (const other of [text.replace("name: B}", "name: B,}"), text.replaceAll("\n", "\r\n"), text.replaceAll("    ", "   ")]) {
      const opened = await editor.openFile("m.yaml", other, call);
      const next = editor.setField(opened.map, ["stages", 1, "name"], "Second").map;
      assert.deepEqual(editor.parsed(await editor.toYaml(next, opened.file)), next, other);
    }
  });

  test("texts that look like something else are texts in YAML", async () => {
    const names = ["no", "null", "1.0", "2024-06-30", "- x", "a: b", "# c", "'", '"', "two\nlines", " space ", "*a", "&a", "!t", "{", "~", "0x1F", "", "日本", "\u2028"];
    const map = { name: "m", stages: names.map((name, i) => ({ id: `s${i}`, name: name || "x", goal: name })) };
    const text = await editor.toYaml(map, editor.newFile(map));
    assert.deepEqual(editor.parsed(text), map);
  });

  test("where parts stand for each other, a change is a change of one", async () => {
    const text = "name: m # a comment\nstages:\n  - {id: a, name: A, evidence: &e [{kind: survey}]}\n  - {id: b, name: B, evidence: *e}\n";
    const { map, file } = await editor.openFile("m.yaml", text, call);
    const next = editor.setField(map, ["stages", 0, "evidence", 0, "kind"], "review").map;
    const written = editor.parsed(await editor.toYaml(next, file));
    assert.deepEqual(written.stages.map(({ evidence }) => evidence[0].kind), ["review", "survey"]);
  });

  test("a Mermaid diagram becomes a map", async () => {
    const text = "%% a comment\njourney\n  title My day\n  section Morning\n    Make tea: 5: Me\n";
    const { map, file } = await editor.openFile("day.mmd", text, call);
    assert.deepEqual([map.name, map.touchpoints[0].name, map.touchpoints[0].expected_score], ["My day", "Make tea", 2]);
    assert.equal(editor.nameOfFile(file, "json"), "day.json");
    assert.equal(editor.formatOf("x.txt", text), "mermaid");
    assert.equal(editor.formatOf("x.txt", "---\ntitle: x\n---\njourney\n"), "mermaid");
    assert.equal(editor.formatOf("x.txt", "name: journey\n"), "yaml");
    await assert.rejects(editor.openFile("day.mmd", "journey\n section A\n  Tea: much: Me\n", call), (error) => error.code !== undefined && error.line === 3);
  });

  test("what is no map is refused with its place; what can be mended is opened", async () => {
    const refused = async (name, text, expected) => {
      await assert.rejects(editor.openFile(name, text, call), (error) => {
        assert.match(error.message, expected, text.slice(0, 80));
        return true;
      });
    };
    await refused("a.json", "{", /./);
    await refused("a.json", '{"name": "a", "stages": 7}', /stages/);
    await refused("a.json", '{"name": "a", "name": "b", "stages": [{"id": "a", "name": "A", "gaol": "x"}]}', /name|gaol/);
    await refused("a.yaml", "name: a\nname: b\n", /unique/i);
    await refused("a.yaml", "name: !!str a\n", /no tags/);
    await refused("a.yaml", "name: a\n---\nname: b\n", /document/);
    await refused("a.yaml", "- a\n- b\n", /./);
    await refused("a.yaml", "", /./);
    await refused("a.yaml", "[".repeat(20_000), /./);
    const bomb = ["name: m", "a0: &a0 [x, x, x, x, x, x, x, x, x, x]", ...Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 10 }, () => `*a${i}`).join(", ")}]`)].join("\n");
    await refused("a.yaml", bomb, /alias/i);
    await assert.rejects(editor.openFile("a.yaml", "name: a\nstages: [\n  {id: a\n", call), (error) => error.line >= 3);
    const { map } = await editor.openFile("a.yaml", "name: a\ntouchpoints:\n  - {id: x, name: X, stage: gone}\n", call);
    const { findings } = await editor.judged(call, { map, log: null, day: "" });
    assert.deepEqual(findings.map(({ severity, place }) => [severity, place]), [["refused", "touchpoints[0].stage"]]);
    assert.deepEqual(editor.rowsOf(map).filter(({ named }) => named).map(({ key }) => key), ["touchpoints[0]"], "it has a row though its stage has none");
  });

  test("every field of the schema has an input, and every reference is a field", () => {
    const schema = JSON.parse(readFileSync(root("docs/schema/journey-map.schema.json"), "utf8"));
    const sorts = new Map();
    for (const [type, { properties }] of [["", schema], ...Object.entries(schema.$defs)]) {
      if (!properties) continue;
      const fields = editor.fieldsOf(type);
      assert.deepEqual(fields.map(({ name }) => name).sort(), Object.keys(properties).sort(), type);
      for (const { name, kind } of fields) sorts.set(`${type}.${name}`, kind.to ? `${kind.sort} ${kind.to}` : kind.sort);
    }
    const found = Object.fromEntries([...sorts].filter(([, sort]) => sort.startsWith("reference")));
    assert.deepEqual(found, {
      "Touchpoint.stage": "reference stages", "Touchpoint.channel": "reference channels", "Touchpoint.personas": "references personas",
      "Transition.from": "reference touchpoints", "Transition.to": "reference touchpoints",
      "Outcome.entries": "references touchpoints", "Outcome.exits": "references touchpoints", "Outcome.conversions": "references touchpoints",
    });
    const some = { ".updated": "date", ".kind": "choice", ".baseline": "object", "Touchpoint.id": "id", "Touchpoint.expected_score": "number", "Touchpoint.pain_points": "list", "Touchpoint.moment_of_truth": "flag", "Touchpoint.observed": "figures", "Persona.demographics": "record", "PainPoint.severity": "choice", "Evidence.n": "number" };
    for (const [place, sort] of Object.entries(some)) assert.equal(sorts.get(place), sort, place);
  });

  test("every place that lint names has a row", () => {
    for (const [name, text] of EXAMPLES) {
      const map = parsed(name, text);
      const handle = journey.JourneyMap.fromData(map);
      const rows = new Set(editor.rowsOf(map).map(({ key }) => key));
      for (const { place } of journey.lint(handle, null, { as_of: "2026-04-01" }).findings) {
        assert.equal(editor.written(editor.read(place)), place);
        assert.ok(rows.has(editor.written(editor.rowOf(map, editor.read(place)))), place);
      }
      handle.free();
    }
  });

  test("an answer to a map that is no longer there is dropped", async () => {
    const asked = [];
    const told = [];
    const slow = async (name, value) => {
      if (name === "lint") return { findings: [], assumptions: { whole: { n: 0, of: 0 } } };
      asked.push(value.name);
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { free() {} };
    };
    const check = editor.checker(() => slow, ({ map }) => told.push(map.name));
    const ask = (name) => check.ask({ map: { name }, log: null, day: "" });
    const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
    for (const name of ["c", "ca", "car"]) ask(name);
    await wait(260);
    ask("cart");
    await wait(900);
    assert.deepEqual([asked, told], [["car", "cart"], ["cart"]]);
  });
});

describe("the editor in a browser", { skip: missingBrowser || missingStudio, timeout: 300_000 }, () => {
  let browser, server;
  before(async () => {
    server = await serve({ pages: { "/": readFileSync(root("target/studio/index.html"), "utf8") }, folders: { "/": root("target/studio") } });
    browser = await open();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens the editor, does something there, and sees that it asked for nothing, broke no rule and threw nothing. */
  async function visit(width, does, settings = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, ...settings });
    await context.addInitScript(() => {
      window.violations = [];
      document.addEventListener("securitypolicyviolation", (event) => window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
    });
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    const deeds = [];
    page.on("pageerror", (error) => deeds.push(`fails: ${error.message}`));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && deeds.push(`says: ${message.text()}`));
    page.on("dialog", (dialog) => (deeds.push(`opens a dialog: ${dialog.message()}`), dialog.dismiss()));
    try {
      await page.goto(`${server.address}#map`);
      await page.waitForSelector(":root[data-ready]");
      deeds.length = 0;
      page.on("request", (request) => !request.url().startsWith("blob:") && deeds.push(`asks for ${request.url()}`));
      await does(page);
      assert.deepEqual(await page.evaluate("violations"), []);
      assert.deepEqual(deeds, []);
    } finally {
      await context.close();
    }
  }

  const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  async function openShop(page, name = "shop.journey.json", text = SHOP) {
    await page.locator(".editor input[type=file]").setInputFiles(file(name, text));
    await judged(page);
  }
  /** Waits until the engine has looked at the map as it is. */
  const judged = (page) => page.locator('.findings[aria-busy="false"] [role=status]').filter({ hasNotText: "Looking" }).waitFor();
  const row = (page, name) => page.getByRole("treeitem", { name, exact: false }).filter({ hasText: new RegExp(`^${name}`) }).first();
  const field = (page, name) => page.locator(".form").getByLabel(name, { exact: true }).first();
  const drawn = (page, text) => page.locator(`journey-map [data-touchpoint][aria-label*="${text}"]`).first();
  /** Types over the name of what was just added, which has the focus. */
  async function named(page, text) {
    await page.waitForFunction(() => /^New /.test(document.activeElement?.value ?? "") && document.activeElement.selectionEnd > 0 && document.activeElement.selectionStart === 0);
    await page.keyboard.type(text);
  }
  const rows = (page) => page.getByRole("treeitem").evaluateAll((all) => all.map((one) => one.querySelector("span").textContent));
  async function saved(page, button) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: button }).click()]);
    return [download.suggestedFilename(), readFileSync(await download.path(), "utf8")];
  }

  test("a map is opened, a touchpoint renamed and scored, all of it undone and done again, by the mouse", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await row(page, "Cart").click();
      await field(page, "Name").fill("Basket");
      await field(page, "Expected score").fill("-1.5");
      await drawn(page, "Basket").waitFor();
      assert.equal(await row(page, "Basket").getAttribute("aria-selected"), "true");
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Undo" }).click();
      await drawn(page, "Cart").waitFor();
      assert.equal(await page.getByRole("button", { name: "Undo" }).isDisabled(), true);
      const before = JSON.parse((await saved(page, "Save JSON"))[1]);
      assert.deepEqual(before, JSON.parse(SHOP));
      await page.getByRole("button", { name: "Redo" }).click();
      await page.getByRole("button", { name: "Redo" }).click();
      const [name, text] = await saved(page, "Save JSON");
      assert.equal(name, "shop.journey.json");
      const cart = JSON.parse(text).touchpoints.find(({ id }) => id === "cart");
      assert.deepEqual([cart.name, cart.expected_score], ["Basket", -1.5]);
    }));

  test("stages and touchpoints are added, moved and removed by the mouse", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await row(page, "Purchase").click();
      await page.getByRole("button", { name: "Add stage" }).click();
      await named(page, "Waiting room");
      await page.getByRole("button", { name: "Add touchpoint" }).click();
      await named(page, "Waits for news");
      await field(page, "Owner").fill("Nobody");
      await row(page, "Order placed").click();
      await page.getByRole("button", { name: "Move to the next stage" }).click();
      await row(page, "Recommend").click();
      await page.locator(".outline").getByRole("button", { name: "Remove" }).click();
      await drawn(page, "Waits for news").waitFor();
      const map = JSON.parse((await saved(page, "Save JSON"))[1]);
      assert.deepEqual(map.stages.map(({ id }) => id), ["awareness", "consideration", "purchase", "waiting_room", "use"]);
      const waiting = map.touchpoints.filter(({ stage }) => stage === "waiting_room").map(({ id }) => id);
      assert.deepEqual(waiting, ["purchase", "waits_for_news"]);
      assert.equal(map.touchpoints.some(({ id }) => id === "review_page"), false);
      assert.equal(map.transitions.some(({ from, to }) => from === "review_page" || to === "review_page"), false);
    }));

  test("everything is done by the keyboard, and the focus goes with what is moved", () =>
    visit(1400, async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.dataset.row ?? document.activeElement?.id ?? "");
      await page.locator(".toolbar select").focus();
      await page.keyboard.press("s"); // "starter: current state"
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await judged(page);
      await drawn(page, "Hears of it").waitFor();
      const inTree = () => page.evaluate("document.activeElement.getAttribute('role') === 'treeitem'");
      for (let pressed = 0; pressed < 80 && !(await inTree()); pressed += 1) await page.keyboard.press("Tab");
      assert.equal(await inTree(), true, "the outline is reached by Tab");
      for (const [key, name] of [["End", "Outcome"], ["Home", "The map"], ["ArrowDown", "Stages"], ["ArrowRight", "Awareness"], ["ArrowRight", "Hears of it from a friend"], ["ArrowLeft", "Awareness"]]) {
        await page.keyboard.press(key);
        assert.equal(await page.locator("[role=treeitem]:focus > span").first().textContent(), name, key);
      }
      const before = await rows(page);
      await page.keyboard.press("Alt+ArrowDown");
      assert.equal(await focused(), "stages[1]");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Alt+ArrowRight");
      assert.equal(await page.locator("[role=treeitem]:focus span").first().textContent(), "Hears of it from a friend");
      await page.keyboard.press("Alt+ArrowUp");
      await page.keyboard.press("Delete");
      assert.notDeepEqual(await rows(page), before);
      for (let steps = 0; steps < 4; steps += 1) await page.keyboard.press("Control+z");
      assert.deepEqual(await rows(page), before);
      await page.keyboard.press("Control+Shift+z");
      assert.equal(await focused(), "stages[1]");
      await page.keyboard.press("Control+z");
      await page.keyboard.press("Enter");
      await page.waitForFunction(() => document.activeElement.id === "map:stages[0].name");
      // In a field, undoing is the field's own.
      await page.keyboard.press("End");
      await page.keyboard.type(" of us");
      await page.keyboard.press("Control+z");
      assert.equal(await field(page, "Name").inputValue(), "Awareness");
      await page.keyboard.type("!");
      await page.keyboard.press("Shift+Tab");
      await page.keyboard.press("Control+z");
      assert.equal(await field(page, "Name").inputValue(), "Awareness");
    }));

  test("pain points, evidence and opportunities are added, moved and removed in the form", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await row(page, "Home page").click();
      await page.getByRole("button", { name: "Add a pain point" }).click();
      await named(page, "Too much at once");
      await page.getByRole("button", { name: "Add a pain point" }).click();
      await named(page, "It is slow");
      const pains = page.getByRole("group", { name: "Pain points" });
      await pains.getByRole("button", { name: "Move Pain point 2 up" }).click();
      await page.waitForFunction(() => document.activeElement.getAttribute("aria-label") === "Move Pain point 1 down");
      const first = pains.getByRole("group", { name: "Pain point 1" });
      await first.getByLabel("Severity").selectOption("major");
      await first.getByRole("button", { name: "Add evidence" }).click();
      await first.getByLabel("Kind").selectOption("survey");
      await first.getByLabel("How many").fill("40");
      await first.getByLabel("Date").fill("2024-05-31");
      await page.getByRole("button", { name: "Add an opportunity" }).click();
      await named(page, "Load less");
      await page.getByLabel("Effort").fill("2.5");
      await field(page, "Moment of truth").check();
      await page.getByRole("group", { name: "Evidence", exact: true }).last().getByRole("button", { name: "Remove Evidence 2" }).click();
      await judged(page);
      const home = JSON.parse((await saved(page, "Save JSON"))[1]).touchpoints.find(({ id }) => id === "home");
      assert.deepEqual(home.pain_points, [{ text: "It is slow", severity: "major", evidence: [{ kind: "survey", n: 40, date: "2024-05-31" }] }, { text: "Too much at once" }]);
      assert.deepEqual(home.opportunities, [{ text: "Load less", kind: "fix", effort: 2.5 }]);
      assert.deepEqual([home.moment_of_truth, home.evidence.length], [true, 1]);
    }));

  test("what is selected in the picture is selected in the form, and the other way round", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await page.locator('journey-map [data-touchpoint="search"]').click();
      assert.equal(await field(page, "Name").inputValue(), "Search");
      assert.equal(await row(page, "Search").getAttribute("aria-selected"), "true");
      await row(page, "Catalogue").click();
      await page.locator('journey-map [data-touchpoint="catalog"][aria-pressed="true"]').waitFor();
      assert.equal(await page.locator('journey-map [aria-pressed="true"]').count(), 1);
    }));

  test("a finding leads to its field, is told there, and goes when it is mended", () =>
    visit(1400, async (page) => {
      await openShop(page);
      const finding = page.locator(".finding").filter({ hasText: "Filter results: Expected score" });
      await finding.click();
      await page.waitForFunction(() => document.activeElement.id === "map:touchpoints[4].expected_score");
      assert.match(await page.locator('[id="map:touchpoints[4].expected_score:remarks"]').textContent(), /Warning/);
      await page.keyboard.type("1");
      await finding.waitFor({ state: "detached" });
    }));

  test("transitions are added and removed where they leave, and a new map is made of nothing", () =>
    visit(1400, async (page) => {
      await page.getByRole("button", { name: "Begin" }).click();
      await judged(page);
      await page.getByRole("button", { name: "Add touchpoint" }).click();
      await named(page, "Door");
      await page.getByRole("button", { name: "Add touchpoint" }).click();
      await named(page, "Till");
      await row(page, "Door").click();
      await page.getByLabel("Add a transition to").selectOption({ label: "Till" });
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByRole("button", { name: "Add", exact: true }).click();
      await page.getByLabel("Expected share").first().fill("0.25");
      await page.getByRole("button", { name: "Remove Transition to Door" }).click();
      await judged(page);
      const [name, text] = await saved(page, "Save JSON");
      assert.equal(name, "new-map.journey.json");
      const { stages, touchpoints, transitions } = JSON.parse(text);
      assert.deepEqual([stages, touchpoints], [[{ id: "stage_1", name: "First stage" }], [{ id: "door", name: "Door", stage: "stage_1" }, { id: "till", name: "Till", stage: "stage_1" }]]);
      assert.deepEqual(transitions, [{ from: "door", to: "till", expected_share: 0.25 }]);
    }));

  test("the map that a log draws is edited, and lint looks at the log as well", () =>
    visit(1400, async (page) => {
      await page.getByRole("link", { name: "Data" }).click();
      const log = "journey,touchpoint,time\na,visit,2024-03-13 10:00\na,pay,2024-03-13 10:05\nb,visit,2024-03-13 11:00\n";
      await page.locator("input[type=file]").first().setInputFiles(file("log.csv", log));
      await page.getByRole("button", { name: "Read the log" }).click();
      await page.locator(".facts").waitFor();
      await page.getByRole("link", { name: "Map" }).click();
      await page.locator(".toolbar select").selectOption({ label: "map of what the log shows" });
      await page.getByRole("button", { name: "Begin" }).click();
      await judged(page);
      await row(page, "visit").click();
      assert.deepEqual(await page.locator(".form dl").first().locator("dd").allTextContents(), ["2", "2", "2", "1"], "events, journeys, starts, ends");
      const unmapped = page.locator('.finding[title="unmapped-events"]');
      assert.equal(await unmapped.count(), 0);
      await row(page, "pay").click();
      await page.locator(".outline").getByRole("button", { name: "Remove" }).click();
      await unmapped.waitFor();
    }));

  test("what the engine refuses is said as it says it, and the picture stays", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await row(page, "Cart").click();
      await field(page, "Expected score").fill("7");
      const refused = page.locator(".finding.refused");
      await refused.waitFor();
      assert.equal(await refused.textContent(), "Not a map yet Cart: Expected score7 is not a score from -2 to 2");
      assert.equal(await field(page, "Expected score").getAttribute("aria-invalid"), "true");
      assert.ok((await drawn(page, "Cart").count()) > 0);
      await field(page, "Expected score").fill("1");
      await refused.waitFor({ state: "detached" });
      await field(page, "Id").fill("purchase");
      await page.getByRole("alert").filter({ hasText: "has the id “purchase” already: it stays “cart”" }).waitFor();
      await field(page, "Name").click();
      assert.equal(await field(page, "Id").inputValue(), "cart");
      await field(page, "Id").fill("basket");
      await page.keyboard.press("Enter");
      await judged(page);
      const { transitions } = JSON.parse((await saved(page, "Save JSON"))[1]);
      assert.deepEqual(transitions.filter(({ from, to }) => from === "basket" || to === "basket"), [{ from: "add_to_cart", to: "basket" }, { from: "basket", to: "shipping_details" }]);
      await page.locator(".editor input[type=file]").setInputFiles(file("bad.json", '{"name": "x", "stages": 7}'));
      const problem = page.locator(".editor .problem");
      await problem.waitFor();
      assert.match(await problem.textContent(), /stages/);
      assert.equal(await row(page, "Cart").count(), 1, "what was open stays open");
    }));

  test("a field that the engine does not know is removed by a button, which can be undone", () =>
    visit(1400, async (page) => {
      await openShop(page, "shop.json", SHOP.replace('"kind": "current_state",', '"kind": "current_state", "unknown_field": 1,').replace('"id": "cart",', '"id": "cart", "colour": "blue",'));
      await page.locator(".finding.refused").filter({ hasText: "unknown_field" }).waitFor();
      await page.getByRole("button", { name: "Remove unknown_field" }).click();
      await page.locator(".finding.refused").filter({ hasText: "Cart: Colour" }).click();
      await page.getByRole("button", { name: "Remove colour" }).click();
      await page.locator(".finding.refused").waitFor({ state: "detached" });
      assert.deepEqual(JSON.parse((await saved(page, "Save JSON"))[1]), JSON.parse(SHOP));
      await page.getByRole("button", { name: "Undo" }).click();
      await page.getByRole("button", { name: "Undo" }).click();
      assert.equal(JSON.parse((await saved(page, "Save JSON"))[1]).unknown_field, 1);
    }));

  const LARGE = {
    name: "Large",
    stages: Array.from({ length: 10 }, (_, i) => ({ id: `s${i}`, name: `Stage ${i}` })),
    touchpoints: Array.from({ length: 150 }, (_, i) => ({ id: `t${i}`, name: `Touchpoint ${i}`, stage: `s${Math.floor(i / 15)}`, pain_points: [{ text: "It is slow" }, { text: "It is dear" }] })),
  };

  test("the page of a large map ends where its content does, and the map is drawn once for all that is typed", () =>
    visit(1400, async (page) => {
      await openShop(page, "large.json", JSON.stringify(LARGE));
      await drawn(page, "Touchpoint 149").waitFor();
      const [height, content] = await page.evaluate(() => [document.documentElement.scrollHeight, document.querySelector(".editor").getBoundingClientRect().bottom + scrollY]);
      assert.ok(height - content < 100, `${height} for ${content}`);
      await page.evaluate(() => {
        window.drawings = 0;
        document.querySelector("journey-map").addEventListener("journey-draw", () => (window.drawings += 1));
      });
      await row(page, "Touchpoint 3").click();
      await row(page, "Touchpoint 4").click();
      await field(page, "Name").focus();
      await page.keyboard.press("End");
      await page.keyboard.type(" and on");
      await drawn(page, "and on").waitFor();
      assert.equal(await page.evaluate("window.drawings"), 1, "what is selected draws nothing");
    }));

  test("on a narrow page the form of a row that is clicked comes into sight, and the keyboard stays in the outline", () =>
    visit(390, async (page) => {
      await openShop(page);
      const place = () => page.locator("#editor-form").evaluate((one) => one.getBoundingClientRect().top);
      await row(page, "Home page").focus();
      await page.keyboard.press("ArrowDown");
      assert.ok((await place()) > 300);
      await row(page, "Cart").click();
      await page.waitForFunction(() => Math.abs(document.querySelector(".form").getBoundingClientRect().top) < 2);
      assert.equal(await page.locator("#editor-form").textContent(), "Cart");
    }));

  test("YAML is opened and saved with its comments, a Mermaid diagram is opened, and the picture is saved", () =>
    visit(1400, async (page) => {
      const [name, text] = EXAMPLES.find(([one]) => one === "ecom-future-state.journey.yaml");
      await openShop(page, name, text);
      await row(page, "Cart").click();
      await field(page, "Owner").fill("The team of the cart");
      const [yamlName, yaml] = await saved(page, "Save YAML");
      assert.equal(yamlName, name);
      const differing = yaml.split("\n").filter((line, i) => line !== text.split("\n")[i]);
      assert.deepEqual(differing, ["    owner: The team of the cart"]);
      await judged(page);
      const [svgName, svg] = await saved(page, "Save picture");
      assert.equal(svgName, "ecom-future-state.svg");
      assert.ok(svg.startsWith("<svg") && svg.includes("Cart"));
      await openShop(page, "day.mmd", "journey\n  title My day\n  section Morning\n    Make tea: 5: Me\n");
      await drawn(page, "Make tea").waitFor();
      assert.equal((await saved(page, "Save JSON"))[0], "day.json");
      await page.getByRole("button", { name: "Undo" }).click();
      await drawn(page, "Fetches the parcel").waitFor();
    }));

  test("who looks at another view and comes back finds the map, what is selected and the steps", () =>
    visit(1400, async (page) => {
      await openShop(page);
      await row(page, "Cart").click();
      await field(page, "Name").fill("Basket");
      await page.getByRole("link", { name: "Data" }).click();
      await page.getByRole("link", { name: "Map" }).click();
      await drawn(page, "Basket").waitFor();
      assert.equal(await row(page, "Basket").getAttribute("aria-selected"), "true");
      await page.getByRole("button", { name: "Undo" }).click();
      await drawn(page, "Cart").waitFor();
    }));

  test("labels that attack are text, wherever they stand", () =>
    visit(1400, async (page) => {
      const attacks = ['<img src=x onerror="alert(1)">', "</script><script>alert(1)</script>", "\" onfocus=alert(1) autofocus x=\"", "javascript:alert(1)", "{{constructor.constructor('alert(1)')()}}", "\u202Eevil\u202C"];
      const map = {
        name: attacks[0],
        stages: attacks.map((name, i) => ({ id: `s${i}${name}`, name, goal: name })),
        channels: [{ id: attacks[0], name: attacks[1], kind: "online" }],
        personas: [{ id: attacks[2], name: attacks[0], demographics: { [attacks[0]]: attacks[1], __proto__x: "1" } }],
        touchpoints: attacks.map((name, i) => ({ id: name, name, stage: `s${i}${name}`, channel: attacks[0], owner: name, action: name, thoughts: [name], pain_points: [{ text: name }], evidence: [{ kind: "survey", source: name }] })),
        transitions: [{ from: attacks[0], to: attacks[1] }],
        outcome: { entries: [attacks[0]], exits: [], conversions: [] },
      };
      await openShop(page, `${attacks[0].replaceAll("/", "")}.json`, JSON.stringify(map));
      const labels = await rows(page);
      assert.deepEqual(labels.filter((label) => attacks.includes(label)).length, 2 * attacks.length + 2);
      for (let i = 0; i < labels.length; i += 1) {
        await page.getByRole("treeitem").nth(i).click();
        if (attacks.includes(labels[i])) assert.equal(await field(page, "Name").inputValue(), labels[i]);
      }
      assert.equal(await page.locator(".editor img, .editor script, .editor [onerror], .editor [onfocus]").count(), 0);
    }));

  for (const width of [1400, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds no serious barrier at ${width} pixels in ${colorScheme}, and nothing is wider than the page`, () =>
        visit(width, async (page) => {
          await page.evaluate(readFileSync(packaged("axe-core"), "utf8"));
          const look = async (what, parts = "{ exclude: ['journey-map'] }") => {
            const { violations } = await page.evaluate(`axe.run(${parts})`);
            const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
            assert.deepEqual(serious.map(({ id, nodes }) => `${what}, ${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), []);
            assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= width, what);
          };
          const all = width === 390 && colorScheme === "light";
          if (all) await look("nothing open");
          await openShop(page);
          await drawn(page, "Cart").waitFor();
          for (const name of all ? ["The map", "Purchase", "Transitions", "Channels", "Bea Browses", "On the phone", "Outcome"] : ["Shipping details"]) {
            await row(page, name).click();
            await look(name);
          }
          await row(page, "Cart").click();
          await page.getByLabel("Explain the fields").check();
          await field(page, "Expected score").fill("9");
          await page.locator(".finding.refused").waitFor();
          await look("a map that is refused", "document");
        }, { colorScheme }));
    }
  }
});
