// Looks at every picture and page in a browser, with its fonts and its parser: labels are text and nothing else, nothing lies on
// anything else or is cut without a sign, and axe-core finds no serious barrier. `cargo run -p journey-tests --example looks`
// draws them. With JOURNEY_LOOKS_PNG=1 they are also written as PNG, light and dark, into target/looks/png. JOURNEY_LOOKS_PAGES names
// other pages to look at, by their paths, with commas between them.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { missing, open, packaged } from "./chromium.mjs";
import { dangers, flaws, lost, withoutId } from "./looks.mjs";

const folder = new URL("../target/looks/", import.meta.url);
const drawn = existsSync(new URL("looks.json", folder));
const skip = missing || (!drawn && "nothing is drawn, `cargo run -p journey-tests --example looks` does it");
const { pictures, pages } = skip ? { pictures: [], pages: [] } : JSON.parse(readFileSync(new URL("looks.json", folder), "utf8"));
for (const file of (process.env.JOURNEY_LOOKS_PAGES ?? "").split(",").filter(Boolean)) pages.push({ file: pathToFileURL(file).href, hostile: true, labels: [] });
const read = (file) => readFileSync(new URL(file, folder), "utf8");
const around = (svg) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A picture</title><style>html,body,main{margin:0}h1{position:absolute;left:-999px}svg{display:block}</style></head><body><main><h1>A picture</h1>${svg}</main></body></html>`;

describe("pictures and pages in a browser", { skip, timeout: 600_000 }, () => {
  let browser;
  before(async () => (browser = await open()));
  after(() => browser?.close());

  /** Opens a page at an address of its own and tells what it does beyond showing itself. */
  async function visit(files, width, each) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    const deeds = [];
    let body, type;
    await context.route("**", (route) => {
      const request = route.request();
      if (request.url() === "http://looks.test/page") return route.fulfill({ body, contentType: type });
      deeds.push(`asks for ${request.url()}`);
      return route.abort();
    });
    page.on("dialog", (dialog) => (deeds.push(`opens a dialog: ${dialog.message()}`), dialog.dismiss()));
    page.on("popup", () => deeds.push("opens a window"));
    page.on("pageerror", (error) => deeds.push(`fails: ${error.message}`));
    try {
      for (const file of files) {
        for (const form of file.html ? ["html"] : ["html", "svg"]) {
          body = file.html ?? (form === "svg" ? file.svg : around(file.svg));
          type = form === "svg" ? "image/svg+xml; charset=utf-8" : "text/html; charset=utf-8";
          deeds.length = 0;
          await page.goto("http://looks.test/page");
          await each(page, file, form, deeds);
        }
      }
    } finally {
      await context.close();
    }
  }

  const hostile = (list) => list.filter((one) => one.hostile);
  const opened = (list) => list.map((one) => ({ ...one, [one.file.split(".").pop()]: read(one.file) }));

  test("labels that attack are text, in pages, within pages and on their own", async () => {
    const files = opened([...hostile(pictures), ...hostile(pages)]);
    assert.ok(files.length >= 20);
    await visit(files, 1400, async (page, { file, labels }, form, deeds) => {
      assert.deepEqual(await page.evaluate(dangers), [], `${file} as ${form}`);
      assert.deepEqual(await page.evaluate(lost, labels), [], `${file} as ${form}`);
      if (/^hostile-(map|flow)/.test(file)) assert.deepEqual(await page.evaluate(withoutId, labels), [], file);
      await page.mouse.move(200, 200);
      await page.keyboard.press("Tab");
      assert.deepEqual(deeds, [], `${file} as ${form}`);
    });
  });

  test("the browser of this test sees attacks that succeed", async () => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" onload="window.hurt=1"><image href="http://hostile.test/1"/><text>a</text></svg>`;
    await visit([{ file: "attack", svg }], 400, async (page, { file }, form, deeds) => {
      await page.waitForTimeout(50);
      assert.ok((await page.evaluate(dangers)).includes("window.hurt is 1"), form);
      assert.deepEqual(deeds, ["asks for http://hostile.test/1"], form);
      assert.deepEqual(await page.evaluate(lost, ["a", "b"]), ["b"], form);
    });
  });

  for (const width of [1400, 400]) {
    test(`texts of pictures of ${width} pixels lie apart, within the picture, and say where they are cut`, async () => {
      const found = {};
      const files = opened(pictures.filter((one) => one.width === width));
      await visit(files, width, async (page, { file }, form) => {
        const here = form === "html" ? await page.evaluate(flaws) : [];
        if (here.length) found[file] = here;
      });
      assert.deepEqual(found, {});
    });
  }

  test("no page is wider than the screen", async () => {
    for (const width of [1400, 400]) {
      await visit(opened(pages), width, async (page, { file }) => {
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(wide <= width, `${file} is ${wide} pixels wide on a screen of ${width}`);
      });
    }
  });

  for (const colorScheme of ["light", "dark"]) {
    test(`axe finds no serious barrier in a ${colorScheme} picture or page`, async () => {
      const rules = readFileSync(packaged("axe-core"), "utf8");
      const found = {};
      const files = opened([...pictures.filter(({ file }) => /^(shop|day|diff|hostile|empty)-.*-1400-en/.test(file)), ...pages]);
      await visit(files, 1400, async (page, { file }, form) => {
        if (form === "svg") return;
        await page.emulateMedia({ colorScheme });
        await page.evaluate(rules);
        const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
        const grave = violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
        if (grave.length) found[file] = grave.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join("; ")}`);
      });
      assert.deepEqual(found, {});
    });
  }

  test("all of them as PNG, to be looked at", { skip: !process.env.JOURNEY_LOOKS_PNG && "JOURNEY_LOOKS_PNG is not set" }, async () => {
    const target = new URL("png/", folder);
    mkdirSync(target, { recursive: true });
    for (const colorScheme of ["light", "dark"]) {
      await visit(opened([...pictures, ...pages]), 1400, async (page, { file, width = 1400 }, form) => {
        if (form === "svg") return;
        await page.setViewportSize({ width, height: 800 });
        await page.emulateMedia({ colorScheme });
        const path = fileURLToPath(new URL(`${file.split("/").pop()}-${colorScheme}.png`, target));
        if (file.endsWith("svg")) await page.locator("svg").screenshot({ path });
        else await page.screenshot({ path, fullPage: true });
      });
    }
  });
});
