// Prints how large the studio is that it is given, plain and compressed, and fails if that is over the budget of decision 49. The
// page is all that is loaded to use it but for the module, which has a budget of its own; the example is loaded when it is opened.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

const BUDGET = { raw: 350_000, brotli: 93_000 };

const [folder] = process.argv.slice(2);
const files = readdirSync(folder, { recursive: true });
const sizes = (ending) => {
  const contents = files.filter((file) => ending.test(file)).map((file) => readFileSync(join(folder, file)));
  return { raw: sum(contents), brotli: sum(contents.map((bytes) => brotliCompressSync(bytes))) };
};
const sum = (contents) => contents.reduce((total, { length }) => total + length, 0);
const kilobytes = (count) => `${Math.ceil(count / 1000)} kB`.padStart(8);

const page = sizes(/\.(html|css|js|svg)$/);
const module = sizes(/\.wasm$/);
const over = Object.keys(BUDGET).filter((form) => page[form] > BUDGET[form]);
console.log(`the page   ${kilobytes(page.raw)}, Brotli ${kilobytes(page.brotli)}; budget ${kilobytes(BUDGET.raw)}, Brotli ${kilobytes(BUDGET.brotli)}`);
console.log(`the module ${kilobytes(module.raw)}, Brotli ${kilobytes(module.brotli)}`);
console.log(`first load ${kilobytes(page.raw + module.raw)}, Brotli ${kilobytes(page.brotli + module.brotli)}`);
if (over.length > 0) {
  console.log(`over the budget: ${over.join(", ")}`);
  process.exitCode = 1;
}
