// Prints how large the modules are that it is given, plain and compressed, and fails if one is over its budget of decision 47.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BUDGETS = { full: { raw: 2_150_000, brotli: 740_000 }, small: { raw: 700_000, brotli: 250_000 } };

const kilobytes = (count) => `${Math.ceil(count / 1000)} kB`;
for (const [place, file] of process.argv.slice(2).entries()) {
  const [name, budget] = Object.entries(BUDGETS)[place];
  const bytes = readFileSync(file);
  const sizes = {
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
  };
  for (const [form, size] of Object.entries(sizes)) {
    const over = size > (budget[form] ?? Infinity);
    console.log(`${name.padEnd(6)} ${form.padEnd(6)} ${kilobytes(size).padStart(8)}${form in budget ? ` of ${kilobytes(budget[form])}` : ""}${over ? ": over the budget" : ""}`);
    if (over) process.exitCode = 1;
  }
}
