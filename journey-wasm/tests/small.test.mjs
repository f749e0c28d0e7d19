// `journey-wasm/small`: what it has answers and draws as the full module does, in Node and in Chromium, and the element needs nothing else.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { missing, open } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";
import { vectors } from "../../tests/vectors.mjs";
import * as full from "../pkg/node.js";
import * as small from "../pkg/small/node.js";
import { QUESTIONS, fits, moved, withFiles } from "./small_logs.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const shop = JSON.parse(readFileSync(root("docs/examples/ecom-current-state.journey.json"), "utf8"));
const guide = readFileSync(root("docs/guide/in-a-web-page.md"), "utf8");
const CSV = "journey,touchpoint,time,score\nann,cart,2024-03-13 10:00,1\nann,pay,2024-03-13 10:05,-1\nbob,cart,2024-03-13 11:00,\n";

const read = (path) => readFileSync(root(`tests/data/${path}`));
const [whole, part] = [vectors(full, read), vectors(withFiles(small, full), read)];
for (const question of QUESTIONS) {
  const cases = JSON.parse(readFileSync(root(`tests/conformance/${question}.json`), "utf8")).filter(fits);
  test(`${question}: the vectors hold, and the report is that of the full module byte by byte`, () => {
    assert.ok(cases.length > 0);
    for (const one of cases) {
      part.check(question, one);
      if (!one.error) assert.equal(JSON.stringify(part.call(question, one)), JSON.stringify(whole.call(question, one)), one.name);
    }
  });
}

test("pictures are those of the full module, byte by byte", () => {
  const log = full.EventLog.fromCsv(CSV, { score: "score" });
  const draw = (journey, log) => {
    const map = journey.JourneyMap.fromData(shop);
    const found = journey.discover(log);
    const reports = { emotion_curve: journey.emotionCurve(map, log), bottlenecks: full.bottlenecks(full.EventLog.fromCsv(CSV)) };
    return [journey.renderMap(map), journey.renderMap(map, reports, { lang: "it" }), journey.renderMap(found), journey.renderFlow(journey.transitions(log), found), found.toJson()];
  };
  assert.deepEqual(draw(small, moved(log, small)), draw(full, log));
});

test("the small module has the functions that the docs list, and no others", () => {
  const [, listed] = /\n`journey-wasm\/small` has ([^.]+)\./.exec(guide);
  const names = [...listed.matchAll(/`(\w+)`/g)].map(([, name]) => name).filter((name) => name !== "select");
  const glue = ["__wbg_reset_state", "Columns", "initSync"];
  assert.deepEqual(Object.keys(small).filter((name) => !glue.includes(name)).sort(), names.sort());
  assert.throws(() => new small.EventLog(), { code: "invalid_option", message: "use `logFromColumns`" });
});

test("a handle of one module is refused by the other", () => {
  const [log, map] = [full.EventLog.fromCsv(CSV), full.JourneyMap.fromData(shop)];
  const own = small.JourneyMap.fromData(shop);
  const refused = (expected) => ({ name: "JourneyError", code: "invalid_handle", message: `expected a handle of the class \`${expected}\` of this module, got something else` });
  assert.throws(() => small.summary(log), refused("EventLog"));
  assert.throws(() => small.emotionCurve(own, log), refused("EventLog"));
  assert.throws(() => small.renderFlow(full.transitions(log), map), refused("JourneyMap"));
  assert.throws(() => full.emotionCurve(map, moved(log, small)), refused("EventLog"));
  // Data crosses: reports, and what a map holds.
  assert.ok(small.renderMap(small.JourneyMap.fromData(map.toData()), { bottlenecks: full.bottlenecks(log) }).startsWith("<svg"));
  const freed = moved(log, small);
  freed.free();
  assert.throws(() => small.emotionCurve(own, freed), { code: "invalid_handle", message: /was freed before/ });
});

test("the package that is published has the small module", () => {
  const [{ files }] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { cwd: root("journey-wasm/pkg"), encoding: "utf8", shell: process.platform === "win32" }));
  const packed = files.map(({ path }) => path);
  for (const file of ["journey_bg.wasm", "journey.js", "node.js", "web.js", "element.js", "element.d.ts", "index.d.ts"]) assert.ok(packed.includes(`small/${file}`), file);
});

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; img-src blob:";
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The shop</title><script type="module" src="/page.js"></script></head>
<body><journey-map controls></journey-map></body></html>`;
const SCRIPT = `
import "/small/element.js";
import * as journey from "/small/web.js";
Object.assign(window, { journey, violations: [] });
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
const element = document.querySelector("journey-map");
element.map = ${JSON.stringify(shop)};
await element.drawn;
window.ready = true;
`;
const VECTORS = `
import * as full from "/pkg/web.js";
import * as small from "/pkg/small/web.js";
import { vectors } from "/tests/vectors.mjs";
import { QUESTIONS, fits, withFiles } from "/small/small_logs.mjs";
await Promise.all([full.init(), small.init()]);
const [failures, data] = [[], {}];
let cases = 0;
for (const question of QUESTIONS) {
  for (const one of (await (await fetch("/tests/conformance/" + question + ".json")).json()).filter(fits)) {
    cases += 1;
    for (const [, path] of JSON.stringify(one).matchAll(/"file":"([^"]+)"/g)) data[path] ??= new Uint8Array(await (await fetch("/tests/data/" + path)).arrayBuffer());
    try {
      const read = (path) => data[path];
      const part = vectors(withFiles(small, full), read);
      part.check(question, one);
      if (!one.error && JSON.stringify(part.call(question, one)) !== JSON.stringify(vectors(full, read).call(question, one))) throw new Error("another report than that of the full module");
    } catch (error) {
      failures.push(question + ": " + one.name + ": " + error);
    }
  }
}
window.answer = { cases, failures };
`;

describe("the small module in a browser", { skip: missing, timeout: 300_000 }, () => {
  let browser;
  before(async () => (browser = await open()));
  after(() => browser?.close());

  /** Opens a page and waits for what it sets. */
  async function visit(server, awaited, does) {
    const page = await browser.newPage({ viewport: { width: 1000, height: 900 } });
    const [asked, failed] = [[], []];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    page.on("pageerror", (error) => failed.push(error.message));
    try {
      await page.goto(server.address);
      for (let turn = 0; turn < 3000 && failed.length === 0 && !(await page.evaluate(`window.${awaited} !== undefined`)); turn += 1) await page.waitForTimeout(20);
      await does(page, asked);
      assert.deepEqual(failed, []);
    } finally {
      await page.close();
      await server.close();
    }
  }

  test("the element draws a map and a flow with nothing but the small module", async () => {
    const server = await serve({ pages: { "/": PAGE, "/page.js": SCRIPT }, folders: { "/small/": root("journey-wasm/pkg/small") }, policy: POLICY });
    await visit(server, "ready", async (page, asked) => {
      const modules = asked.filter((path) => path.endsWith(".wasm"));
      assert.deepEqual(modules, ["/small/journey_bg.wasm"]);
      // What a page loads that shows a map, script and module, as a server sends it.
      const sent = asked.filter((path) => path.startsWith("/small/")).map((path) => brotliCompressSync(readFileSync(root(`journey-wasm/pkg${path}`))).length);
      assert.ok(sent.reduce((sum, size) => sum + size, 0) < 270_000, `${sent}`);
      const labels = () => page.evaluate(`[...document.querySelector("journey-map").shadowRoot.querySelectorAll("[data-touchpoint]")].map((one) => one.dataset.touchpoint)`);
      assert.deepEqual((await labels()).sort(), shop.touchpoints.map(({ id }) => id).sort());
      await page.locator("journey-map [data-touchpoint]").first().click();
      assert.equal(await page.evaluate(`document.querySelector("journey-map").selected`), (await labels())[0]);

      await page.evaluate(() => {
        const log = journey.logFromColumns({ journey: ["a", "a", "b"], touchpoint: ["cart", "pay", "cart"], time: [0, 60_000, 0] });
        const element = document.querySelector("journey-map");
        Object.assign(element, { map: journey.discover(log), flow: journey.transitions(log) });
        return element.drawn;
      });
      assert.deepEqual((await labels()).sort(), ["cart", "pay"]);
      const said = await page.evaluate(() => {
        const element = document.querySelector("journey-map");
        const failed = new Promise((resolve) => element.addEventListener("journey-error", ({ detail }) => resolve([detail.error.code, detail.error.message]), { once: true }));
        Object.assign(element, { flow: null, stepFlow: {} });
        return failed;
      });
      assert.deepEqual(said, ["invalid_option", "`stepFlow`: the small module does not draw it; import `journey-wasm/element`"]);
      assert.deepEqual(await page.evaluate("violations"), []);
    });
  });

  test("the lines of the guide run", async () => {
    const [, lines] = /\n## The small module\n.*?```html\n(.*?)```/s.exec(guide);
    const server = await serve({ pages: { "/": lines }, folders: { "/journey-wasm/": root("journey-wasm/pkg") } });
    await visit(server, "document", async (page) => {
      const touchpoints = page.locator("journey-map [data-touchpoint]");
      await touchpoints.first().waitFor();
      assert.equal(await touchpoints.count(), 2);
    });
  });

  test("the vectors hold there, too", async () => {
    const folders = { "/pkg/": root("journey-wasm/pkg"), "/tests/": root("tests"), "/small/": root("journey-wasm/tests") };
    const server = await serve({ pages: { "/": '<!doctype html><title>vectors</title><script type="module" src="/vectors.js"></script>', "/vectors.js": VECTORS }, folders });
    await visit(server, "answer", async (page) => {
      const { cases, failures } = await page.evaluate("window.answer");
      assert.ok(cases > 0);
      assert.deepEqual(failures, []);
    });
  });
});
