// Prints how large the module is that it is given, plain and compressed, and fails if that is over the budget of decision 47.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const BUDGET = { raw: 2_665_000, brotli: 850_000 };

const [file] = process.argv.slice(2);
const bytes = readFileSync(file);
const sizes = {
  raw: bytes.length,
  gzip: gzipSync(bytes, { level: 9 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
};
const kilobytes = (count) => `${Math.ceil(count / 1000)} kB`;
for (const [form, size] of Object.entries(sizes)) {
  const over = size > (BUDGET[form] ?? Infinity);
  console.log(`${form.padEnd(6)} ${kilobytes(size).padStart(8)}${form in BUDGET ? ` of ${kilobytes(BUDGET[form])}` : ""}${over ? ": over the budget" : ""}`);
  if (over) process.exitCode = 1;
}
