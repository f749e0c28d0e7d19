// How long the studio's page is busy in one go while people look at a log in it: every task of its main thread of 50 ms and more, by
// the step in which it came. The file of the example, or one of the yardstick's.
//
//   cargo xtask wasm && cargo xtask studio
//   node bench/studio.mjs target/bench/data/events_1M.csv 3
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { missing, open } from "../tests/chromium.mjs";
import { serve } from "../tests/served.mjs";

const [file, rounds = "3"] = process.argv.slice(2);
if (!file || missing) {
  console.error(missing || "expected: node bench/studio.mjs FILE.csv [ROUNDS]");
  process.exit(1);
}
const built = (path) => fileURLToPath(new URL(`../target/studio/${path}`, import.meta.url));

/** Steps of a visit, each of which ends when its answer is there. */
async function visit(page, step) {
  const view = async (name) => {
    await page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
  };
  const add = async (label, name) => {
    await page.getByLabel(label).selectOption(name);
    await page.getByLabel(label).press("Enter");
  };
  const idle = async () => {
    while (await page.evaluate("Boolean(document.querySelector('[aria-busy=true]'))")) await page.waitForTimeout(10);
  };
  await step("load", () => page.waitForSelector(":root[data-ready]"));
  await step("choose the file", async () => {
    await page.locator("input[type=file]").first().setInputFiles(file);
    await page.getByRole("button", { name: "Read the log" }).waitFor();
  });
  await step("read the log", async () => {
    await page.getByRole("button", { name: "Read the log" }).click();
    await page.locator(".facts").waitFor({ timeout: 120_000 });
  });
  const touchpoints = await page.locator("table tbody th").allTextContents();
  await step("set a goal", async () => {
    const goal = touchpoints.find((name) => /purchase|pay|order/.test(name)) ?? touchpoints[0];
    await add("Add a touchpoint to the goal", goal);
    await idle();
  });
  for (const name of ["Journey graph", "Funnel", "Bottlenecks", "Emotion curve", "Variants", "Compare segments", "Map"]) {
    await step(name, async () => {
      await view(name);
      if (name === "Funnel") for (const one of touchpoints.slice(0, 4)) await add("Add a step", one);
      const make = page.getByRole("button", { name: "Make a map" });
      if (name === "Emotion curve" && (await make.count())) await make.click();
      if (name === "Emotion curve") await page.locator("journey-map [data-touchpoint]").first().waitFor();
      await idle();
    });
  }
  await step("Report", async () => {
    await view("Report");
    await page.getByRole("button", { name: "Write the report" }).click();
    await page.locator(".written[aria-busy=false]").waitFor({ timeout: 300_000 });
  });
}

const server = await serve({ pages: { "/a/studio.html": readFileSync(built("index.html")) }, folders: { "/a/": built("") } });
const browser = await open();
const steps = new Map();
try {
  for (let round = 0; round < Number(rounds); round += 1) {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    await page.addInitScript(() => {
      window.tasks = [];
      const note = (list) => window.tasks.push(...list.getEntries().map(({ duration }) => Math.round(duration)));
      new PerformanceObserver(note).observe({ type: "longtask", buffered: true });
    });
    await page.goto(`${server.address}a/studio.html`);
    await visit(page, async (name, does) => {
      const start = performance.now();
      await does();
      const took = performance.now() - start;
      // What was long is told a little later.
      await page.waitForTimeout(200);
      const long = await page.evaluate("window.tasks.splice(0)");
      const { times, tasks } = steps.get(name) ?? { times: [], tasks: [] };
      steps.set(name, { times: [...times, took], tasks: [...tasks, ...long] });
    });
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
console.log(`medians of ${rounds} visits, and every task of 50 ms and more in all of them`);
for (const [name, { times, tasks }] of steps) {
  console.log(`${name.padEnd(18)} ${(median(times) / 1000).toFixed(2).padStart(6)} s  ${tasks.length ? `${tasks.join(", ")} ms` : "none"}`);
}
