// Writes a module as JavaScript that holds it as text, for the entry `journey-wasm/inline`.
import { readFileSync, writeFileSync } from "node:fs";

const [from, to] = process.argv.slice(2);
writeFileSync(to, `export default "${readFileSync(from).toString("base64")}";\n`);
