// `<journey-map>` and the worker in Chromium: by mouse and by keyboard, under a strict content security policy, without a request
// once the page is loaded, and without barriers that axe-core finds.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { missing, open, packaged } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";

const POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; worker-src 'self'; img-src blob:";
const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const data = JSON.parse(readFileSync(root("docs/examples/ecom-current-state.journey.json"), "utf8"));

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The shop</title><script type="module" src="/page.js"></script></head>
<body><main><h1>The shop</h1><journey-map controls></journey-map></main></body></html>`;
const SCRIPT = `
import * as journey from "/pkg/web.js";
import { startWorker } from "/pkg/worker-entry.js";
import "/pkg/element.js";
Object.assign(window, { journey, startWorker, violations: [], selections: [] });
document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI));
document.addEventListener("journey-select", (event) => selections.push(event.detail));
// Before that, what is called says so.
window.early = ["EventLog.fromCsv", "renderMap"].map((name) => {
  try {
    return name === "renderMap" ? journey.renderMap({}) : journey.EventLog.fromCsv("journey,touchpoint\\n");
  } catch ({ name, code, message }) {
    return [name, code, message].join(": ");
  }
});
await journey.init();
const element = document.querySelector("journey-map");
element.map = ${JSON.stringify(data)};
await element.drawn;
window.ready = true;
`;

describe("the element and the worker in a browser", { skip: missing, timeout: 300_000 }, () => {
  let browser, server;
  before(async () => {
    const pages = { "/": PAGE, "/page.js": SCRIPT, "/pkg/worker-entry.js": 'export * from "./client.js";' };
    server = await serve({ pages, folders: { "/pkg/": root("journey-wasm/pkg"), "/data/": root("tests/data") }, policy: POLICY });
    browser = await open();
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  /** Opens the page, does something there, and sees that it asked for nothing, broke no rule and threw nothing. */
  async function visit(width, does, settings = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, ...settings });
    const page = await context.newPage();
    const deeds = [];
    page.on("pageerror", (error) => deeds.push(`fails: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && deeds.push(`says: ${message.text()}`));
    try {
      await page.goto(server.address);
      // Asked from here, since a page that asks itself again evaluates a text, which the policy forbids.
      for (let asked = 0; asked < 1000 && !(await page.evaluate("window.ready === true")); asked += 1) await page.waitForTimeout(20);
      deeds.length = 0;
      const asked = (request) => !request.url().startsWith("blob:") && deeds.push(`asks for ${request.url()}`);
      page.on("request", asked);
      await does(page, () => page.off("request", asked));
      assert.deepEqual(await page.evaluate("violations"), []);
      assert.deepEqual(deeds, []);
    } finally {
      await context.close();
    }
  }

  const touchpoint = (page, id) => page.locator(`journey-map [data-touchpoint="${id}"]`);
  const selections = (page) => page.evaluate("selections.map(({ touchpoint }) => touchpoint)");

  test("a touchpoint is pointed at, selected and left by the mouse", () =>
    visit(1400, async (page) => {
      const [first, second] = data.touchpoints.map((one) => one.id);
      const tooltip = page.locator("journey-map [part=tooltip]");
      assert.equal(await tooltip.isVisible(), false);
      await touchpoint(page, first).hover();
      assert.equal(await tooltip.locator("div").first().textContent(), await page.evaluate((id) => {
        const label = document.querySelector("journey-map").shadowRoot.querySelector(`[data-touchpoint="${id}"]`).getAttribute("aria-label");
        return label.split("; ")[0];
      }, first));
      await touchpoint(page, first).click();
      assert.equal(await touchpoint(page, first).getAttribute("aria-pressed"), "true");
      await touchpoint(page, second).click();
      await touchpoint(page, second).click();
      assert.deepEqual(await selections(page), [first, second, null]);
      assert.equal(await page.locator("journey-map [aria-pressed=true]").count(), 0);
    }));

  test("everything is reached and done by the keyboard", () =>
    visit(1400, async (page) => {
      const ids = await page.evaluate("[...document.querySelector('journey-map').shadowRoot.querySelectorAll('[data-touchpoint]')].map((one) => one.dataset.touchpoint)");
      const focused = () => page.evaluate("document.querySelector('journey-map').shadowRoot.activeElement?.dataset.touchpoint ?? null");
      for (let pressed = 0; pressed < 20 && (await focused()) === null; pressed += 1) await page.keyboard.press("Tab");
      assert.equal(await focused(), ids[0]);
      assert.equal(await page.locator("journey-map [part=tooltip]").isVisible(), true);
      await page.keyboard.press("ArrowRight");
      assert.equal(await focused(), ids[1]);
      await page.keyboard.press("Enter");
      await page.keyboard.press("End");
      await page.keyboard.press(" ");
      await page.keyboard.press("Escape");
      assert.deepEqual(await selections(page), [ids[1], ids.at(-1), null]);
      const zoom = () => page.evaluate("document.querySelector('journey-map').zoom");
      await page.keyboard.press("+");
      assert.equal(await zoom(), 1.25);
      await page.keyboard.press("0");
      assert.equal(await zoom(), 1);
    }));

  test("lanes are chosen, the picture zooms, is dragged and saved", () =>
    visit(1000, async (page) => {
      const lanes = () => page.evaluate("document.querySelector('journey-map').lanes");
      const text = (words) => page.locator("journey-map svg text", { hasText: words }).count();
      assert.ok((await text("Emotions")) > 0);
      await page.locator("journey-map summary").click();
      await page.locator("journey-map label", { hasText: "Emotions" }).click();
      await page.evaluate("document.querySelector('journey-map').drawn");
      assert.equal((await lanes()).includes("emotions"), false);
      assert.equal(await text("Emotions"), 0);
      await page.locator("journey-map summary").click();
      await page.getByRole("button", { name: "Zoom in" }).click();
      await page.getByRole("button", { name: "Zoom in" }).click();
      const viewport = page.locator("journey-map [part=viewport]");
      const box = await viewport.boundingBox();
      await page.mouse.move(box.x + 500, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + 300, box.y + 40, { steps: 4 });
      await page.mouse.up();
      assert.equal(await viewport.evaluate((one) => one.scrollLeft), 200);
      assert.deepEqual(await selections(page), []);
      for (const [name, start] of [["Save as SVG", "<svg"], ["Save as PNG", "\u0089PNG"]]) {
        const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
        assert.ok(readFileSync(await download.path(), "latin1").startsWith(start), name);
        assert.match(download.suggestedFilename(), /\.(svg|png)$/);
      }
    }));

  test("the picture scrolls to what the page selects, and the page stays where it is", () =>
    visit(600, async (page) => {
      const seen = await page.evaluate(async (ids) => {
        const element = document.querySelector("journey-map");
        const viewport = element.shadowRoot.querySelector("[part=viewport]");
        element.style.setProperty("--journey-map-max-height", "400px");
        element.options = { width: 2000 };
        document.body.style.paddingTop = "800px";
        const look = (id) => {
          const [around, there] = [viewport, viewport.querySelector(`[data-touchpoint="${id}"]`)].map((one) => one.getBoundingClientRect());
          return there.left >= around.left && there.right <= around.right && there.top >= around.top && there.top < around.bottom;
        };
        // The first before it is drawn so wide, the others after.
        element.selected = ids[0];
        await element.drawn;
        const before = [look(ids[0]), look(ids[1])];
        element.selected = ids[1];
        return [...before, look(ids[1]), scrollY];
      }, [data.touchpoints.at(-1).id, data.touchpoints[0].id]);
      assert.deepEqual(seen, [true, false, true, 0]);
      assert.deepEqual(await selections(page), []);
    }));

  test("what is set while it draws is drawn, too, and `drawn` waits for it", () =>
    visit(1000, async (page) => {
      const titles = await page.evaluate(async (data) => {
        const element = document.querySelector("journey-map");
        const title = () => element.shadowRoot.querySelector("svg title").textContent;
        const draw = async (name, tasks) => {
          element.map = { ...data, name };
          for (let task = 0; task < tasks; task += 1) await new Promise((go) => setTimeout(go));
        };
        const found = [];
        for (const tasks of [0, 1, 2, 3]) {
          await draw(`first ${tasks}`, tasks);
          const first = element.drawn;
          await draw(`second ${tasks}`, 0);
          await first;
          found.push(title().startsWith("first") || title().startsWith("second"));
          await element.drawn;
          found.push(title());
        }
        return found;
      }, data);
      assert.deepEqual(titles, [0, 1, 2, 3].flatMap((tasks) => [true, `second ${tasks}`]));
    }));

  test("the page's colours are those of the picture, on the screen and in what is saved", () =>
    visit(800, async (page) => {
      const found = await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        element.style.setProperty("--journey-ink", "rgb(1, 2, 3)");
        const title = element.shadowRoot.querySelector("svg .title");
        return { shown: getComputedStyle(title).fill, saved: element.toSVG().includes("--journey-ink:rgb(1, 2, 3)") };
      });
      assert.deepEqual(found, { shown: "rgb(1, 2, 3)", saved: true });
    }));

  for (const width of [1400, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      test(`axe finds no serious barrier at ${width} pixels in ${colorScheme}, and nothing leaves the page`, () =>
        visit(width, async (page) => {
          await touchpoint(page, data.touchpoints[0].id).focus();
          await page.evaluate(readFileSync(packaged("axe-core"), "utf8"));
          const { violations } = await page.evaluate("axe.run()");
          const serious = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
          assert.deepEqual(serious.map(({ id, nodes }) => `${id}: ${nodes[0].html} ${nodes[0].failureSummary}`), []);
          assert.ok((await page.evaluate("document.documentElement.scrollWidth")) <= width);
        }, { colorScheme }));
    }
  }

  test("it is as wide as it may be, speaks the page's language, and says what is wrong", () =>
    visit(1400, async (page) => {
      const drawn = await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        const widths = [];
        for (const width of ["900px", "500px"]) {
          const again = new Promise((resolve) => element.addEventListener("journey-draw", resolve, { once: true }));
          element.style.width = width;
          await again;
          widths.push(element.shadowRoot.querySelector("svg").viewBox.baseVal.width);
        }
        element.lang = "it";
        await element.drawn;
        const words = element.shadowRoot.querySelector("[part=toolbar]").textContent;
        const problem = new Promise((resolve) => element.addEventListener("journey-error", ({ detail }) => resolve(detail.error), { once: true }));
        element.map = { name: "x", stages: 7 };
        const { code } = await problem;
        const said = element.shadowRoot.querySelector("[part=error]").textContent;
        element.map = null;
        await element.drawn;
        return { widths, words, code, said, gone: element.shadowRoot.querySelector("[part=error]").hidden };
      });
      assert.ok(drawn.widths[0] <= 900 && drawn.widths[1] <= 500, String(drawn.widths));
      assert.match(drawn.words, /Corsie/);
      assert.equal(drawn.code, "invalid_map");
      assert.match(drawn.said, /stages/);
      assert.equal(drawn.gone, true);
    }));

  /** A map of so many touchpoints, with something in each lane. */
  const long = (count) => ({
    name: "Long",
    stages: [{ id: "s", name: "Stage" }],
    touchpoints: Array.from({ length: count }, (_, place) => ({ id: `t${place}`, name: `Touchpoint ${place}`, stage: "s", expected_score: (place % 5) - 2, action: "Looks for the next one", pain_points: [{ text: "It is far away" }] })),
  });

  test("a long picture is put in part by part, and the one before is seen until it is whole", () =>
    visit(1400, async (page) => {
      const found = await page.evaluate(async (map) => {
        const element = document.querySelector("journey-map");
        const pictures = () => [...element.shadowRoot.querySelectorAll("svg")];
        const [before] = pictures();
        const counts = new Set();
        const watched = new MutationObserver(() => counts.add(`${pictures().length} ${before.isConnected ? getComputedStyle(before).visibility : "gone"}`));
        watched.observe(element.shadowRoot.querySelector("[part=viewport]"), { childList: true, subtree: true });
        element.map = map;
        await element.drawn;
        watched.disconnect();
        const [picture] = pictures();
        // As the whole would be, but for the buttons and what they take over.
        const whole = journey.pictureElement(journey.renderMap(journey.JourneyMap.fromData(map), null, { width: 1384, lang: "en", theme: "auto" }).replace(/<style>[^<]*<\/style>/, ""));
        const kinds = (svg) => [...svg.querySelectorAll("*")].filter((one) => !one.matches(".button,.touchpoint>title")).map((one) => one.localName).join();
        const same = kinds(picture) === kinds(whole);
        // The last one that is set is the one that is shown.
        const short = { ...map, touchpoints: map.touchpoints.slice(0, 2) };
        element.map = short;
        await new Promise((go) => setTimeout(go));
        element.map = map;
        await new Promise((go) => setTimeout(go, 30));
        element.map = short;
        await element.drawn;
        await new Promise((go) => setTimeout(go, 300));
        const last = pictures().map((svg) => svg.querySelectorAll(".button").length);
        return { counts: [...counts], buttons: picture.querySelectorAll(".button").length, same, last, selected: element.selected };
      }, long(200));
      assert.deepEqual(found.counts.sort(), ["1 gone", "2 visible"]);
      assert.deepEqual([found.buttons, found.same, found.last], [200, true, [2]]);
    }));

  test("a tooltip is seen whole, wherever its touchpoint is", () =>
    visit(1000, async (page) => {
      await page.evaluate(async (map) => {
        const element = document.querySelector("journey-map");
        document.querySelector("main").style.paddingTop = "500px";
        element.map = map;
        await element.drawn;
        element.shadowRoot.querySelector("[part=toolbar]").scrollIntoView();
      }, long(12));
      for (const id of ["t0", "t5", "t11"]) {
        await touchpoint(page, id).hover();
        const box = await page.locator("journey-map [part=tooltip]").boundingBox();
        assert.ok(box.y >= 0 && box.y + box.height <= 900, `${id}: ${JSON.stringify(box)}`);
      }
    }));

  test("a picture that is too large for the browser is saved smaller, and stays where it is", () =>
    visit(1000, async (page) => {
      const found = await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        const whole = HTMLCanvasElement.prototype.toBlob;
        const refused = [];
        // No browser refuses what a test can draw in a moment.
        HTMLCanvasElement.prototype.toBlob = function (done, type) {
          if (this.width <= 1000) return whole.call(this, done, type);
          refused.push(this.width);
          done(null);
        };
        const { width } = element.shadowRoot.querySelector("svg").viewBox.baseVal;
        const image = await createImageBitmap(await element.toPNG());
        const problem = await element.toPNG({ scale: 2 }).catch((error) => error.message);
        HTMLCanvasElement.prototype.toBlob = (done) => done(null);
        const said = new Promise((resolve) => element.addEventListener("journey-error", ({ detail }) => resolve(detail.error.message), { once: true }));
        [...element.shadowRoot.querySelectorAll("button")].find((button) => button.textContent === "PNG").click();
        return { refused: refused.map((wide) => wide / width), saved: image.width / width, problem, said: await said, there: element.shadowRoot.querySelectorAll("svg").length };
      });
      assert.deepEqual([found.refused, found.saved, found.there], [[2, 2], 1, 1]);
      assert.match(found.problem, /too large/);
      assert.match(found.said, /too large for this browser; save it as SVG/);
    }));

  test("what is called before the module is loaded says so", () =>
    visit(1000, async (page) => {
      const said = "JourneyError: not_ready: the module is not loaded yet; `await init()` comes before everything else";
      assert.deepEqual(await page.evaluate("early"), [said, said]);
    }));

  test("expected and measured emotions are shown together or by themselves", () =>
    visit(1400, async (page) => {
      await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        const log = journey.EventLog.fromCsv("journey,touchpoint,time,score\na,pay,2024-03-13 10:00,-1\nb,pay,2024-03-13 10:00,-2\n", { score: "score" });
        element.map = { name: "Shop", stages: [{ id: "s", name: "Buy" }], touchpoints: [{ id: "pay", name: "Pay", stage: "s", expected_score: 2 }] };
        element.reports = { emotion_curve: journey.emotionCurve(journey.JourneyMap.fromData(element.map), log) };
        await element.drawn;
      });
      const shown = async () => {
        await page.evaluate("document.querySelector('journey-map').drawn");
        const label = await page.locator("journey-map .button").first().getAttribute("aria-label");
        return [label.includes("expected +2.0"), label.includes("measured −1.5")];
      };
      const choice = page.getByRole("combobox", { name: "Emotions shown" });
      await page.locator("journey-map").evaluate((element) => ((window.reports = element.reports), (element.reports = null), element.drawn));
      assert.equal(await choice.count(), 0, "without measured emotions there is nothing to choose");
      await page.locator("journey-map").evaluate((element) => ((element.reports = window.reports), element.drawn));
      assert.equal(await choice.inputValue(), "both");
      assert.deepEqual(await shown(), [true, true]);
      await choice.selectOption("expected");
      assert.deepEqual(await shown(), [true, false]);
      assert.equal(await page.locator("journey-map").getAttribute("emotion"), "expected");
      await page.locator("journey-map").evaluate((element) => (element.emotion = "measured"));
      assert.deepEqual(await shown(), [false, true]);
      assert.equal(await choice.inputValue(), "measured");
    }));

  test("a log shows itself: as a map, as a flow and by steps, each with touchpoints to be selected", () =>
    visit(1200, async (page) => {
      const found = await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        const log = journey.EventLog.fromCsv("journey,touchpoint,time\na,visit,2024-03-13 10:00\na,pay,2024-03-13 10:05\n");
        const map = journey.discover(log);
        element.map = map;
        element.selected = "pay";
        await element.drawn;
        const ids = [...element.shadowRoot.querySelectorAll("[data-touchpoint]")].map((one) => one.dataset.touchpoint).sort();
        const pressed = element.shadowRoot.querySelector("[aria-pressed=true]")?.dataset.touchpoint;
        element.map = null;
        element.flow = journey.transitions(log);
        await element.drawn;
        return { ids, pressed, name: map.name !== undefined, flow: element.shadowRoot.querySelector("svg").getAttribute("aria-label") };
      });
      assert.deepEqual([found.ids, found.pressed, found.name], [["pay", "visit"], "pay", true]);
      assert.match(found.flow, /2 touchpoints/);
      const pressed = () => page.locator("journey-map [aria-pressed=true]").evaluateAll((all) => all.map((one) => one.dataset.touchpoint));
      assert.deepEqual(await pressed(), ["pay"]);
      await touchpoint(page, "visit").hover();
      const tooltip = page.locator("journey-map [part=tooltip]");
      assert.deepEqual(await tooltip.locator("div").allTextContents(), ["visit", "1 journey"]);
      await touchpoint(page, "visit").click();
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Enter");
      assert.deepEqual(await selections(page), ["visit", "pay"]);
      assert.equal(await page.locator("journey-map [part=toolbar] :is(details,select):visible").count(), 0);
      await page.evaluate(async () => {
        const element = document.querySelector("journey-map");
        element.flow = null;
        element.stepFlow = journey.stepFlow(journey.EventLog.fromCsv("journey,touchpoint,time\na,pay,2024-03-13 10:00\na,pay,2024-03-13 10:05\n"));
        await element.drawn;
      });
      assert.deepEqual(await pressed(), ["pay", "pay"]);
    }));

  test("a function draws in the place of the element, in the worker, and only what it drew last is shown", () =>
    visit(800, async (page, loaded) => {
      loaded();
      const found = await page.evaluate(async () => {
        const worker = startWorker();
        const log = await worker.call("EventLog.fromCsv", "journey,touchpoint,time\na,x,2024-01-01\na,y,2024-01-02\n");
        const report = await worker.call("transitions", log);
        const element = document.querySelector("journey-map");
        const labels = () => [...element.shadowRoot.querySelectorAll("[data-touchpoint]")].map((one) => one.getAttribute("aria-label"));
        const asked = [];
        element.draw = (options) => (asked.push(options), worker.call("renderFlow", report, null, options));
        await element.drawn;
        const tools = [...element.shadowRoot.querySelectorAll("details, select")].map((one) => one.hidden);
        const drawn = labels();
        const problems = [];
        element.addEventListener("journey-error", ({ detail }) => problems.push(detail.error.message));
        // A picture that comes late, or fails late, is not that of now.
        let late;
        element.draw = () => new Promise((go) => (late = go));
        await new Promise((go) => setTimeout(go, 50));
        element.draw = () => new Promise((_, fail) => setTimeout(() => fail(new Error("late")), 50));
        await new Promise((go) => setTimeout(go, 20));
        element.draw = (options) => worker.call("renderFlow", report, null, { ...options, title: "The last one" });
        await element.drawn;
        late("<svg xmlns='http://www.w3.org/2000/svg'/>");
        await new Promise((go) => setTimeout(go, 100));
        const title = element.shadowRoot.querySelector("svg title").textContent;
        element.draw = () => 1;
        await element.drawn;
        element.draw = () => Promise.reject(new RangeError("no"));
        await element.drawn;
        element.draw = null;
        await element.drawn;
        worker.terminate();
        return { asked, drawn, tools, title, problems, map: labels().length, saved: element.toSVG().startsWith("<svg") };
      });
      assert.deepEqual(found.asked, [{ width: 784, lang: "en", theme: "auto" }]);
      assert.deepEqual(found.drawn, ["x; 1 journey", "y; 1 journey"]);
      assert.deepEqual(found.tools, [true, true]);
      assert.equal(found.title, "The last one");
      assert.deepEqual(found.problems, ["draw: expected a function that gives the text of a picture, or a promise of it", "no"]);
      assert.ok(found.map > 2 && found.saved);
    }));

  test("the worker takes what comes part by part: streams, responses, what is iterated; and says what is wrong with them", () =>
    visit(800, async (page, loaded) => {
      loaded();
      const found = await page.evaluate(async () => {
        const worker = startWorker();
        const read = async (source, options) => {
          const log = await worker.call("readLog", source, {}, options);
          const length = await log.call("length");
          log.free();
          return length;
        };
        const csv = "journey,touchpoint,time\na,x,2024-01-01\na,y,2024-01-02\nb,x,2024-01-03\n";
        const bytes = new TextEncoder().encode(csv);
        async function* iterated() {
          for (const letter of csv) yield letter;
        }
        const lengths = [];
        for (const source of [new Blob([csv]).stream(), new Response(csv), iterated()]) lengths.push(await read(source));
        const failing = new ReadableStream({ pull: (stream) => stream.error(new RangeError("the line is dead")) });
        const failed = await read(failing).catch(({ name, message }) => `${name}: ${message}`);
        const odd = new ReadableStream({ pull: (stream) => stream.enqueue(() => 1) });
        const refused = await read(odd).catch(({ name }) => name);
        const spared = new Blob([csv]).stream();
        const unsent = await read(spared, { signal: AbortSignal.abort(new Error("never")) }).catch((error) => error.message);
        lengths.push(await read(spared));
        let closed;
        const gone = new Promise((go) => (closed = go));
        const endless = new ReadableStream({ pull: (stream) => new Promise((go) => setTimeout(go)).then(() => stream.enqueue(bytes)), cancel: () => closed("closed") });
        const ends = new AbortController();
        setTimeout(() => ends.abort(new Error("enough")), 50);
        const stopped = await read(endless, { signal: ends.signal }).catch((error) => error.message);
        const all = [lengths, failed, refused, unsent, stopped, await gone];
        worker.terminate();
        return all;
      });
      assert.deepEqual(found, [[3, 3, 3, 3], "RangeError: the line is dead", "DataCloneError", "never", "enough", "closed"]);
    }));

  test("a worker reads a file, tells the progress, answers, keeps handles, and ends", () =>
    visit(800, async (page, loaded) => {
      loaded(); // The worker loads the package for itself.
      const found = await page.evaluate(async () => {
        const worker = startWorker();
        const rows = Array.from({ length: 200_000 }, (_, row) => `c${row % 5000},t${row % 7},2024-03-13 10:00:00`);
        const file = new File(["journey,touchpoint,time\n", rows.join("\n")], "log.csv");
        const told = [];
        let longest = 0;
        let before = performance.now();
        const ticking = setInterval(() => {
          longest = Math.max(longest, performance.now() - before);
          before = performance.now();
        }, 5);
        const log = await worker.call("readLog", file, {}, { onProgress: (bytes, total, events) => void told.push([bytes, total, events]) });
        const { events, journeys } = await worker.call("summary", log);
        clearInterval(ticking);
        const few = await log.call("select", { touchpoints: ["t1"] });
        const length = await few.call("length");
        const state = await worker.call("new State", {});
        await state.call("update", log);
        const bytes = await state.call("toBytes");
        const same = journey.State.fromBytes(bytes).journeys;
        few.free();
        const refused = await few.call("length").catch((error) => error.code);
        const wrong = await worker.call("summary", log, { confidense: 1 }).catch((error) => ({ name: error.name, code: error.code, message: error.message }));
        const unknown = await worker.call("nothing").catch((error) => error.message);
        const ends = new AbortController();
        const slow = worker.call("readLog", file, {}, { signal: ends.signal }).catch((error) => error.message);
        ends.abort(new Error("enough"));
        const stopped = await slow;
        const broken = await worker.call("readLog", file, {}, { onProgress: () => false }).catch((error) => error.code);
        const running = worker.call("summary", log).catch((error) => error.code);
        worker.terminate();
        return { told: told.length, last: told.at(-1), events, journeys, length, same, refused, wrong, unknown, stopped, broken, ended: await running, size: file.size, longest };
      });
      assert.ok(found.told > 1);
      assert.deepEqual(found.last, [found.size, found.size, 200_000]);
      assert.deepEqual([found.events, found.journeys, found.same], [200_000, 5000, 5000]);
      assert.equal(found.length, 28_572);
      assert.deepEqual([found.refused, found.stopped, found.broken, found.ended], ["invalid_handle", "enough", "cancelled", "cancelled"]);
      assert.equal(found.wrong.code, "invalid_option");
      assert.match(found.wrong.message, /did you mean `confidence`\?$/);
      assert.match(found.unknown, /no function `nothing`/);
      console.log(`the page was never busy for longer than ${found.longest.toFixed(0)} ms`);
    }));
});
