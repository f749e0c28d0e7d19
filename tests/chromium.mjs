// Chromium without a window, for tests that look at pages. What is not installed is said by `missing`, so that a test can be
// left out and say why.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const installed = createRequire(fileURLToPath(new URL("../target/npm/", import.meta.url)));
const PLACES = [process.env.CHROME_PATH, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = PLACES.find((path) => path && existsSync(path));

/** The file of an npm package that `cargo xtask test` installs; nothing if it is not there. */
export function packaged(name) {
  try {
    return installed.resolve(name);
  } catch {
    return undefined;
  }
}

/** Why there is no browser to test with; false if there is one. */
export const missing =
  (!executablePath && "no Chromium is installed") ||
  (!packaged("playwright-core") && "playwright-core is not in target/npm, `cargo xtask test` installs it");

/** Starts the browser; whoever starts it closes it. */
export async function open() {
  const { default: { chromium } } = await import(pathToFileURL(packaged("playwright-core")));
  const args = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
  return chromium.launch({ executablePath, chromiumSandbox: false, args });
}
