// Runs the conformance vectors in a browser: headless Chromium opens a page that loads the package as any page would.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", process.env.CHROME_PATH];
const browser = BROWSERS.find((path) => path && existsSync(path));
const TYPES = { js: "text/javascript", mjs: "text/javascript", wasm: "application/wasm", html: "text/html" };
const files = readdirSync(join(ROOT, "tests/conformance"));

const PAGE = `<!doctype html><title>vectors</title><script type="module">
import * as journey from "/journey-wasm/pkg/web.js";
import { vectors } from "/tests/vectors.mjs";
const failures = [];
let cases = 0;
try {
  await journey.init();
  const data = {};
  for (const file of ${JSON.stringify(files)}) {
    for (const one of await (await fetch("/tests/conformance/" + file)).json()) {
      cases += 1;
      for (const [, path] of JSON.stringify(one).matchAll(/"file":"([^"]+)"/g)) {
        data[path] ??= new Uint8Array(await (await fetch("/tests/data/" + path)).arrayBuffer());
      }
      try {
        vectors(journey, (path) => data[path]).check(file.replace(".json", ""), one);
      } catch (error) {
        failures.push(file + ": " + one.name + ": " + error);
      }
    }
  }
} catch (error) {
  failures.push(String(error));
}
await fetch("/done", { method: "POST", body: JSON.stringify({ cases, failures }) });
</script>`;

test("the vectors hold in a browser", { skip: !browser && "no Chromium is installed", timeout: 120_000 }, async () => {
  let done;
  const result = new Promise((resolve) => (done = resolve));
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://localhost").pathname;
    if (request.method === "POST") {
      let body = "";
      request.on("data", (chunk) => (body += chunk));
      request.on("end", () => (response.end(), done(JSON.parse(body))));
    } else if (path === "/") {
      response.setHeader("content-type", TYPES.html).end(PAGE);
    } else if (existsSync(join(ROOT, path))) {
      response.setHeader("content-type", TYPES[path.split(".").pop()] ?? "application/octet-stream");
      response.end(readFileSync(join(ROOT, path)));
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const profile = mkdtempSync(join(tmpdir(), "journey-browser-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
  flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
  const url = `http://127.0.0.1:${server.address().port}/`;
  const running = spawn(browser, [...flags, `--user-data-dir=${profile}`, url], { stdio: "ignore" });
  const ended = new Promise((resolve) => running.on("exit", resolve));
  try {
    const gone = ended.then((code) => assert.fail(`the browser ended before the page was done (exit ${code})`));
    const { cases, failures } = await Promise.race([result, gone]);
    assert.ok(cases > 0);
    assert.deepEqual(failures, []);
  } finally {
    running.kill();
    await ended;
    server.close();
    try {
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    } catch {
      // A helper process of the browser may outlive it for a moment; its folder is a temporary one.
    }
  }
});
