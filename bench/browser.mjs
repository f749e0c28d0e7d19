// How long the report of a CSV file takes in a browser, and in the same core as a native program on one core: both in each round, one
// after the other, since machines change their speed. Also how long the page was ever blocked meanwhile.
//
//   cargo xtask wasm
//   cargo build --release --package journey-bench --example one_core
//   node bench/browser.mjs target/bench/data/events_1M.csv 5
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { missing, open } from "../tests/chromium.mjs";
import { serve } from "../tests/served.mjs";

const [file, rounds = "5"] = process.argv.slice(2);
if (!file || missing) {
  console.error(missing || "expected: node bench/browser.mjs FILE.csv [ROUNDS]");
  process.exit(1);
}
const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const PAGE = `<!doctype html><title>A report</title><input type="file"><script type="module">
import { startWorker } from "/pkg/client.js";
Object.assign(window, { startWorker });
</script>`;
const COLUMNS = { journey: "customer_id", touchpoint: "touchpoint", time: "timestamp", channel: "channel", score: "sentiment", value: "value", attributes: ["segment"] };

/** In the page: reads the file that was chosen and asks for its report, in the package's worker. */
async function inPage(columns) {
  const worker = startWorker();
  // The module is loaded and compiled before the clock starts, as a page does while its reader looks for the file.
  await worker.call("JourneyMap.template", "current_state");
  const [chosen] = document.querySelector("input").files;
  let [longest, before, told] = [0, performance.now(), 0];
  const ticking = setInterval(() => {
    const now = performance.now();
    [longest, before] = [Math.max(longest, now - before - 4), now];
  }, 4);
  const start = performance.now();
  const log = await worker.call("readLog", chosen, columns, { format: "csv", onProgress: () => void (told += 1) });
  const read = performance.now() - start;
  const report = await worker.call("report", log);
  const all = performance.now() - start;
  clearInterval(ticking);
  worker.terminate();
  return { read, report: all - read, events: report.summary.events, longest, told };
}

const native = () => JSON.parse(execFileSync(root("target/release/examples/one_core"), [file], { env: { ...process.env, RAYON_NUM_THREADS: "1" } }));
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

const server = await serve({ pages: { "/": PAGE }, folders: { "/pkg/": root("journey-wasm/pkg") } });
const browser = await open();
const found = [];
try {
  native();
  for (let round = 0; round < Number(rounds); round += 1) {
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.locator("input").setInputFiles(file);
    await page.waitForFunction("window.startWorker");
    const there = await page.evaluate(inPage, COLUMNS);
    await page.close();
    const here = native();
    found.push({ there, here });
    const line = (part) => `${part} ${there[part].toFixed(0)} ms, native ${here[part].toFixed(0)} ms`;
    console.log(`round ${round + 1}: ${line("read")}; ${line("report")}; page blocked for at most ${there.longest.toFixed(0)} ms`);
  }
} finally {
  await browser.close();
  await server.close();
}
const whole = ({ read, report }) => read + report;
const ratio = (of) => median(found.map(({ there, here }) => of(there) / of(here))).toFixed(2);
console.log(`${found[0].there.events} events, medians of ${found.length} rounds: ${(median(found.map(({ there }) => whole(there))) / 1000).toFixed(2)} s to the report in the browser`);
console.log(`times native on one core: reading ${ratio(({ read }) => read)}, report ${ratio(({ report }) => report)}, both ${ratio(whole)}`);
console.log(`the page was blocked for at most ${Math.max(...found.map(({ there }) => there.longest)).toFixed(0)} ms`);
