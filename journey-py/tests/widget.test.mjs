// The script of Python's widget in Chromium: it draws what Python drew, asks for other pictures, and tells what is selected.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { missing, open } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";

const root = (path) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const PICTURE = readFileSync(root("docs/gallery/map-light.svg"), "utf8");
const FLOW = readFileSync(root("docs/gallery/flow-light.svg"), "utf8");
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A notebook</title><script type="module" src="/page.js"></script></head>
<body><main><h1>A notebook</h1><div id="cell" style="width: 900px"></div></main></body></html>`;
// As anywidget hands a model over: values, what is told of a change, and what goes to Python.
const SCRIPT = `
import widget from "/widget.js";
const [picture, flow] = await Promise.all(["/map.svg", "/flow.svg"].map((path) => fetch(path).then((answer) => answer.text())));
function model(values) {
  const listeners = new Map(), saved = [];
  const tell = (name) => (listeners.get("change:" + name) ?? []).forEach((does) => does());
  return {
    saved,
    get: (name) => values[name],
    set: (name, value) => { const other = values[name] !== value; values[name] = value; if (other) tell(name); },
    save_changes: () => saved.push(structuredClone(values)),
    on: (event, does) => listeners.set(event, [...(listeners.get(event) ?? []), does]),
    off: (event, does) => listeners.set(event, (listeners.get(event) ?? []).filter((one) => one !== does)),
    listeners: () => [...listeners.values()].flat().length,
  };
}
const start = { picture, flow: false, selected: null, controls: true, theme: "auto", lang: "en", wanted: {} };
Object.assign(window, { widget, model, start, flow });
window.ready = true;
`;

describe("the widget of Python in a browser", { skip: missing, timeout: 120_000 }, () => {
  let browser, server, page, deeds;
  before(async () => {
    const files = { "/widget.js": readFileSync(root("journey-py/python/journey/_widget.js"), "utf8"), "/map.svg": PICTURE, "/flow.svg": FLOW };
    server = await serve({ pages: { "/": PAGE, "/page.js": SCRIPT, ...files } });
    browser = await open();
    page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    deeds = [];
    page.on("pageerror", (error) => deeds.push(`fails: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && !message.text().includes("404") && deeds.push(`says: ${message.text()}`));
    await page.goto(server.address);
    await page.waitForFunction("window.ready");
    page.on("request", (request) => deeds.push(`asks for ${request.url()}`));
  });
  after(async () => {
    await browser?.close();
    await server?.close();
  });

  const drawn = () => page.evaluate("cell.firstElementChild.drawn");

  test("it draws the picture and asks once for one of its width", async () => {
    await page.evaluate("window.first = model({ ...start }); window.end = widget.render({ model: first, el: cell })");
    await drawn();
    const wanted = await page.evaluate("first.saved.map((values) => values.wanted)");
    assert.deepEqual(wanted, [{ width: 900, lang: "en", theme: "auto", lanes: null, emotion: "both" }]);
    await page.evaluate("first.set('picture', start.picture.replace('<svg', '<svg data-again=\"yes\"'))");
    await drawn();
    assert.equal(await page.locator("#cell svg[data-again=yes]").count(), 1);
    assert.equal(await page.evaluate("first.saved.length"), 1, "what Python drew is not asked for again");
  });

  test("what is selected goes both ways", async () => {
    const ids = await page.evaluate("[...cell.firstElementChild.shadowRoot.querySelectorAll('[data-touchpoint]')].map((one) => one.dataset.touchpoint)");
    assert.ok(ids.length > 3);
    await page.locator(`#cell [data-touchpoint="${ids[1]}"]`).click();
    assert.equal(await page.evaluate("first.saved.at(-1).selected"), ids[1]);
    await page.keyboard.press("Escape");
    assert.equal(await page.evaluate("first.saved.at(-1).selected"), null);
    await page.evaluate((id) => window.first.set("selected", id), ids[2]);
    assert.equal(await page.locator("#cell [aria-pressed=true]").getAttribute("data-touchpoint"), ids[2]);
    await page.locator("#cell summary").click();
    await page.locator("#cell label", { hasText: "Emotions" }).click();
    await drawn();
    const { wanted } = await page.evaluate("first.saved.at(-1)");
    assert.ok(wanted.lanes.length > 0 && !wanted.lanes.includes("emotions"), "lanes are Python's to draw");
  });

  test("two views of one widget do not ask each other away, and leave nothing behind", async () => {
    const asked = await page.evaluate(async () => {
      const shared = window.model({ ...window.start });
      const [wide, narrow] = [800, 400].map((width) => Object.assign(document.createElement("div"), { style: `width: ${width}px` }));
      document.querySelector("main").append(wide, narrow);
      const ends = [wide, narrow].map((el) => window.widget.render({ model: shared, el }));
      const redraw = () => Promise.all([wide, narrow].map((el) => el.firstElementChild.drawn));
      await redraw();
      for (let turn = 0; turn < 5; turn += 1) {
        shared.set("picture", window.start.picture.replace("<svg", `<svg data-turn="${turn}"`));
        await redraw();
      }
      const saved = shared.saved.length;
      ends.forEach((end) => end());
      return { saved, listeners: shared.listeners() };
    });
    assert.deepEqual(asked, { saved: 2, listeners: 0 });
  });

  test("a flow is drawn, under a name of its own that others may have taken", async () => {
    const found = await page.evaluate(async () => {
      const el = document.createElement("div");
      document.querySelector("main").append(el);
      window.widget.render({ model: window.model({ ...window.start, flow: true, picture: window.flow }), el });
      await el.firstElementChild.drawn;
      return { name: el.firstElementChild.localName, taken: customElements.get("journey-map") !== undefined, pictures: el.firstElementChild.shadowRoot.querySelectorAll("svg").length };
    });
    assert.deepEqual(found, { name: "journey-widget-1", taken: false, pictures: 1 });
    assert.deepEqual(deeds, []);
  });
});
