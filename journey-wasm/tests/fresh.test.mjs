// The package as others get it: packed, installed into fresh projects, built with Vite and webpack, checked by TypeScript, and the
// lines of the guide run in them. `cargo xtask test` installs the tools.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { missing, open, packaged } from "../../tests/chromium.mjs";
import { serve } from "../../tests/served.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tools = join(root, "target/npm/node_modules");
const guide = readFileSync(join(root, "docs/guide/in-a-web-page.md"), "utf8");
const section = (title) => guide.split(`\n## ${title}\n`)[1].split("\n## ")[0];
const block = (title, language) => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(section(title))[1];
const skip = missing || (!packaged("webpack") && "webpack is not in target/npm, `cargo xtask test` installs it");

describe("the package in fresh projects", { skip, timeout: 300_000 }, () => {
  let folder, browser;

  before(async () => {
    // Within the folder of the tools, so that projects find them as they would find what they install.
    folder = mkdtempSync(join(root, "target/npm/fresh-"));
    const npm = (words, cwd) => execFileSync("npm", words, { cwd, encoding: "utf8", shell: process.platform === "win32" });
    const [{ filename }] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], join(root, "journey-wasm/pkg")));
    const place = join(folder, "node_modules/journey-wasm");
    mkdirSync(place, { recursive: true });
    execFileSync("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", place]);
    browser = await open();
  });
  after(async () => {
    await browser?.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  /** A project with these files. */
  function project(name, files) {
    for (const [path, text] of Object.entries({ "package.json": '{"private": true, "type": "module"}', ...files })) {
      mkdirSync(dirname(join(folder, name, path)), { recursive: true });
      writeFileSync(join(folder, name, path), text);
    }
    return join(folder, name);
  }

  /** Opens a page and returns what an expression there becomes; fails with what the page says. */
  async function opened(served, expression) {
    const server = await serve(served);
    const page = await browser.newPage();
    const said = [];
    page.on("pageerror", (error) => said.push(error.message));
    page.on("console", (message) => message.type() === "error" && said.push(message.text()));
    try {
      await page.goto(server.address);
      const found = await page.waitForFunction(expression, undefined, { timeout: 30_000 }).catch((error) => assert.fail(`${said.join("; ")} ${error.message}`));
      return await found.jsonValue();
    } finally {
      await page.close();
      await server.close();
    }
  }

  // The target and the library are those of a project that Vite makes, which knows nothing of disposable things; the types of the package are checked, too.
  const strict = ["--noEmit", "--strict", "--target", "es2023", "--lib", "es2023,dom", "--types", "react"];
  const typescript = (cwd, module, file) => {
    const words = [...strict, "--module", module, "--moduleResolution", module === "nodenext" ? module : "bundler", "--jsx", "react-jsx", file];
    execFileSync(process.execPath, [join(tools, "typescript/bin/tsc"), ...words], { cwd, stdio: "pipe" });
  };
  const checked = (cwd, module, file) => {
    try {
      typescript(cwd, module, file);
    } catch (error) {
      assert.fail(`tsc: ${error.stdout}`);
    }
  };
  const vite = (cwd) => execFileSync(process.execPath, [join(tools, "vite/bin/vite.js"), "build"], { cwd, stdio: "pipe" });
  const touchpoints = "[...(document.querySelector('journey-map')?.shadowRoot.querySelectorAll('[data-touchpoint]') ?? [])].map((one) => one.dataset.touchpoint).sort().join() || undefined";

  test("the lines for Vite are typed, build, and draw the map", async () => {
    const cwd = project("vite", { "index.html": block("With Vite", "html"), "src/main.ts": block("With Vite", "ts") });
    checked(cwd, "esnext", "src/main.ts");
    checked(cwd, "nodenext", "src/main.ts");
    vite(cwd);
    assert.ok(readdirSync(join(cwd, "dist/assets")).some((file) => file.endsWith(".wasm")));
    assert.equal(await opened({ pages: { "/": readFileSync(join(cwd, "dist/index.html")) }, folders: { "/": join(cwd, "dist") } }, touchpoints), "cart,pay,visit");
  });

  test("the lines for plain HTML draw the map", async () => {
    const pages = { "/": block("With plain HTML", "html") };
    assert.equal(await opened({ pages, folders: { "/journey-wasm/": join(folder, "node_modules/journey-wasm") } }, touchpoints), "cart,pay");
  });

  test("webpack builds the package and its worker", async () => {
    const main = `
      import { EventLog, init } from "journey-wasm";
      import { startWorker } from "journey-wasm/worker";
      const csv = "journey,touchpoint,time\\na,visit,2024-03-13\\n";
      init().then(async () => {
        const worker = startWorker();
        const log = await worker.call("EventLog.fromCsv", csv);
        window.found = [EventLog.fromCsv(csv).length, await log.call("length")].join();
      });`;
    const cwd = project("webpack", { "main.js": main });
    const { default: webpack } = await import(pathToFileURL(packaged("webpack")));
    await new Promise((resolve, reject) =>
      webpack({ mode: "production", context: cwd, entry: "./main.js", output: { path: join(cwd, "dist"), publicPath: "/" }, performance: { hints: false } }, (error, stats) => {
        if (error || stats.hasErrors()) reject(error ?? new Error(stats.toString()));
        else resolve();
      }),
    );
    const pages = { "/": '<!doctype html><title>x</title><script src="/main.js"></script>' };
    assert.equal(await opened({ pages, folders: { "/": join(cwd, "dist") } }, "window.found"), "1,1");
  });

  test("Vite builds the worker, the inline entry and React 19, which sets properties and hears events", async () => {
    const main = `
      import { createElement, StrictMode, useState } from "react";
      import { createRoot } from "react-dom/client";
      import { EventLog, JourneyMap, init } from "journey-wasm/inline";
      import { startWorker } from "journey-wasm/worker";
      import { JourneyMapView } from "journey-wasm/react";

      const map = { name: "Shop", stages: [{ id: "s", name: "S" }], touchpoints: ["a", "b"].map((id) => ({ id, name: id, stage: "s" })), transitions: [] };
      function Shop() {
        const [selected, choose] = useState(null);
        window.selected = selected;
        return createElement(JourneyMapView, { map, selected, controls: true, theme: "dark", onSelect: (event) => choose(event.detail.touchpoint) });
      }
      await init();
      const worker = startWorker();
      const log = await worker.call("EventLog.fromCsv", "journey,touchpoint,time\\na,visit,2024-03-13\\n");
      window.lengths = [EventLog.fromCsv("journey,touchpoint,time\\na,visit,2024-03-13\\n").length, await log.call("length")];
      createRoot(document.querySelector("main")).render(createElement(StrictMode, {}, createElement(Shop)));
    `;
    const page = '<!doctype html><html lang="en"><head><title>x</title></head><body><main></main><script type="module" src="/main.js"></script></body></html>';
    const typed = `
      import { JourneyMapView } from "journey-wasm/react";
      export const shop = <JourneyMapView map={null} controls lanes={["emotions"]} onSelect={(event) => event.detail.touchpoint?.length} />;
      // @ts-expect-error there is no such lane
      export const wrong = <JourneyMapView lanes={["emotion"]} />;
    `;
    const cwd = project("react", { "index.html": page, "main.js": main, "typed.tsx": typed });
    checked(cwd, "esnext", "typed.tsx");
    vite(cwd);
    const click = `(() => {
      const root = document.querySelector("journey-map")?.shadowRoot;
      const touchpoint = root?.querySelector('[data-touchpoint="b"]');
      if (!touchpoint) return undefined;
      if (window.selected !== "b") return void touchpoint.dispatchEvent(new MouseEvent("click", { bubbles: true, composed: true }));
      return [...window.lengths, root.querySelector("[aria-pressed=true]")?.dataset.touchpoint, !root.querySelector("[part=toolbar]").hidden].join();
    })()`;
    const pages = { "/": readFileSync(join(cwd, "dist/index.html")) };
    assert.equal(await opened({ pages, folders: { "/": join(cwd, "dist") } }, click), "1,1,b,true");
  });

  test("a script of Node imports every entry that is for it", () => {
    const columns = section("Data in").split("```js\n")[1].split("```")[0];
    const cwd = project("node", { "main.js": columns, "inline.js": columns.replace('"journey-wasm"', '"journey-wasm/inline"'), "others.js": 'import "journey-wasm/arrow"; import "journey-wasm/element"; import "journey-wasm/worker"; import "journey-wasm/react";' });
    for (const [file, expected] of [["main.js", "2\n"], ["inline.js", "2\n"], ["others.js", ""]]) {
      assert.equal(execFileSync(process.execPath, [join(cwd, file)], { encoding: "utf8" }), expected, file);
    }
  });

  // What Deno may read has to be said; the module within the JavaScript is not read.
  for (const [name, plain, inline] of [["deno", ["run", "--no-prompt", "--allow-read"], ["run", "--no-prompt"]], ["bun", ["run"], ["run"]]]) {
    const program = join(tools, ".bin", name);
    test(`the lines of the package's page run in ${name}`, { skip: !existsSync(program) && `${name} is not in target/npm` }, () => {
      const [, lines] = /```js\n(.*?)```/s.exec(readFileSync(join(root, "journey-wasm/js/README.md"), "utf8"));
      const cwd = project(name, { "main.js": lines, "inline.js": lines.replace('"journey-wasm"', '"journey-wasm/inline"') });
      for (const [file, words] of [["main.js", plain], ["inline.js", inline]]) {
        const said = execFileSync(program, [...words, file], { cwd, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" }, shell: process.platform === "win32" });
        assert.equal(said.trim(), "300", file);
      }
    });
  }

  test("all that the package names is in it", () => {
    const place = join(folder, "node_modules/journey-wasm");
    const { exports } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const named = Object.values(exports).flatMap((entry) => (typeof entry === "string" ? entry : Object.values(entry)));
    for (const path of named) assert.ok(existsSync(join(place, path)), path);
  });
});
