// Writes docs/reference/javascript.md from the types of the package, which `cargo xtask wasm` makes: node journey-wasm/reference.mjs
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const ts = createRequire(path("../target/npm/"))("typescript");
const PAGES = path("../docs/reference/");
export const PAGE = `${PAGES}javascript.md`;

const HEAD = `# JavaScript and TypeScript: all names

What each entry of the package exports, by its types, which editors show as well. This page is written by \`journey-wasm/reference.mjs\`, and a test
holds it to the types. How the entries are used is told [in a web page](../guide/in-a-web-page.md). Whatever is made by a class has \`free()\` and
\`Symbol.dispose\`, which give back the memory it holds.
`;

/** What wasm-bindgen adds to a module; `init` serves for all of them. */
const GENERATED = ["InitInput", "InitOutput", "SyncInitInput", "initSync"];

const ENTRIES = [
  ["journey-wasm", "index", "The functions, in Node, Deno and Bun ready at once, elsewhere after `await init()`."],
  ["journey-wasm/inline", "inline", "The same with the module within the JavaScript. What is other here:"],
  ["journey-wasm/worker", "client", "The functions in a Web Worker; handles stay there."],
  ["journey-wasm/arrow", "arrow", "Logs from the tables of Arrow libraries."],
  ["journey-wasm/element", "element", "The element `<journey-map>`; importing the entry defines it."],
  ["journey-wasm/react", "react", "The element as a component."],
  ["journey-wasm/small", "small/index", "Maps, flows and a first look at a log in a module of a third of the size. It has of `journey-wasm`:"],
];

const file = (name) => path(`pkg/${name}.d.ts`);
const program = ts.createProgram(ENTRIES.map(([, name]) => file(name)), { strict: true, target: ts.ScriptTarget.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext });
const checker = program.getTypeChecker();

const words = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)).replace(/\s+/g, " ").trim();
const byName = (one, other) => (one.name < other.name ? -1 : 1);
const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A declaration without comments, in one line. */
function text(declaration) {
  const kept = ts.createPrinter({ removeComments: true }).printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile());
  return kept.replace(/\s+/g, " ").replace(/^export (declare )?(function |const )?/, "").replace(/;$/, "");
}

/** What an entry exports, behind the names by which files hand it on. */
function exported(name) {
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file(name))));
  return symbols.map((symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)).filter(({ name }) => !GENERATED.includes(name)).sort(byName);
}

/** The page on which the fields of a type stand, by its name. */
const pages = new Map();
for (const page of readdirSync(PAGES).sort()) {
  for (const [, type] of readFileSync(PAGES + page, "utf8").matchAll(/<!-- table: (\w+)/g)) {
    if (!pages.has(type)) pages.set(type, page);
  }
}

/** A function, with the page that tells more of it. */
function described(symbol) {
  const page = `${snake(symbol.name)}.md`;
  const more = existsSync(PAGES + page) ? ` More: [${page.slice(0, -3)}](${page}).` : "";
  return [`#### ${symbol.name}`, "", "```ts", text(symbol.declarations[0]), "```", "", `${words(symbol)}${more}`, ""];
}

/** What a class or an object has, but for what has no words. */
function members(symbol) {
  const list = (members) => [...(members?.values() ?? [])].sort(byName).filter(words).map((member) => `- \`${text(member.declarations[0])}\`: ${words(member)}`);
  return [...list(symbol.exports), ...list(symbol.members)];
}

function types(symbols) {
  const lines = [];
  const elsewhere = symbols.filter(({ name }) => pages.has(name));
  for (const symbol of symbols) {
    if (elsewhere.includes(symbol)) continue;
    const [declaration] = symbol.declarations;
    lines.push(`#### ${symbol.name}`, "", words(symbol), "");
    if (ts.isInterfaceDeclaration(declaration)) lines.push(...members(symbol), "");
    else lines.push("```ts", text(declaration), "```", "");
  }
  if (elsewhere.length > 0) {
    lines.push("Options and reports, each with the page of its fields:", "", "| type | what it is | fields |", "|---|---|---|");
    for (const symbol of elsewhere) lines.push(`| \`${symbol.name}\` | ${words(symbol).replaceAll("|", "\\|")} | [${pages.get(symbol.name).slice(0, -3)}](${pages.get(symbol.name)}) |`);
    lines.push("");
  }
  return lines;
}

/** The page, as it has to be. */
export function page() {
  const lines = [HEAD];
  const told = new Set();
  for (const [entry, name, what] of ENTRIES) {
    lines.push(`## ${entry}`, "", what, "");
    const all = exported(name);
    const symbols = all.filter((symbol) => !told.has(symbol));
    if (name.startsWith("small/")) {
      const values = all.filter(({ flags }) => flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class));
      lines.push(`${values.map((symbol) => `\`${symbol.name}\``).join(", ")}.`, "");
      continue;
    }
    for (const symbol of symbols) told.add(symbol);
    const of = (flag) => symbols.filter(({ flags }) => flags & flag);
    const [functions, classes] = [of(ts.SymbolFlags.Function), of(ts.SymbolFlags.Class)];
    const rest = symbols.filter((symbol) => !functions.includes(symbol) && !classes.includes(symbol));
    if (functions.length > 0) lines.push("### Functions", "", ...functions.flatMap((symbol) => described(symbol)));
    if (classes.length > 0) lines.push("### Classes", "", ...classes.flatMap((symbol) => [`#### ${symbol.name}`, "", words(symbol), "", ...members(symbol), ""]));
    if (rest.length > 0) lines.push("### Types", "", ...types(rest));
  }
  return `${lines.join("\n").trim()}\n`;
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, page());
