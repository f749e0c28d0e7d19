// Map files: JSON, YAML and Mermaid in; JSON and YAML out. A file that was opened and is saved keeps all that nobody changed, in
// YAML with its comments, and with the layout of each line.
import type { MapData } from "journey-wasm";
import type { JourneyWorker } from "journey-wasm/worker";
import { hasShape } from "./fields.js";
import { same } from "./path.js";
import { fresh, parsed, repeats, rewritten } from "./yaml.js";

export type Format = "json" | "yaml" | "mermaid";

/** The file that a map comes from. */
export interface MapFile {
  /** Its name without what says the format: `shop` for `shop.journey.yaml`. */
  readonly name: string;
  /** What stands between the name and the ending, such as `.journey`. */
  readonly infix: string;
  /** Its text, and the map that was read from it; nothing for a map that was begun here. */
  readonly source: { readonly format: Format; readonly text: string; readonly map: MapData } | null;
}

export interface Opened {
  readonly map: MapData;
  readonly file: MapFile;
}

type Call = JourneyWorker["call"];

/** A map file is written by people; what is larger is something else. */
export const LARGEST = 8 * 1024 * 1024;

/** A file that was begun here, with a name made of the map's. */
export function newFile(map: MapData): MapFile {
  return { name: cleaned(map.name) || "map", infix: ".journey", source: null };
}

/**
 * Reads a map file. One that the engine refuses is opened all the same if it has the shape of a map, so that it can be mended here;
 * else the engine's error is thrown as it is.
 */
export async function openFile(fileName: string, text: string, call: Call): Promise<Opened> {
  const name = fileName.replace(/\.(json|ya?ml|mmd|mermaid|md|txt)$/i, "");
  const infix = /\.[\w-]+$/.exec(name)?.[0] ?? "";
  const format = formatOf(fileName, text);
  const map = await { json: readJson, yaml: readYaml, mermaid: readMermaid }[format](text, call);
  return { map, file: { name: infix ? name.slice(0, -infix.length) : name, infix, source: { format, text, map } } };
}

/** The format, by the content; the name decides where that says nothing. */
export function formatOf(fileName: string, text: string): Format {
  const content = text.replace(/^\uFEFF/, "").trimStart();
  if (content.startsWith("{")) return "json";
  const plain = content.replace(/^---\r?\n[^]*?\n---\r?\n/, "").replace(/^\s*%%.*$/gm, "").trimStart();
  return /^journey\s*$/m.exec(plain)?.index === 0 || /\.(mmd|mermaid)$/i.test(fileName) ? "mermaid" : "yaml";
}

/** The map as JSON text; that of its file if nothing changed. */
export function toJson(map: MapData, file: MapFile): string {
  const { source } = file;
  if (source?.format === "json" && same(source.map, map)) return source.text;
  const indent = source?.format === "json" ? /\n([ \t]+)"/.exec(source.text)?.[1] : undefined;
  return `${JSON.stringify(map, null, indent ?? 2)}\n`;
}

/** The map as YAML text, with the comments of the file it comes from. */
export function toYaml(map: MapData, { source }: MapFile): string {
  return source?.format === "yaml" ? rewritten(source.text, map) : fresh(map);
}

/** The name under which the map is saved. */
export function nameOfFile({ name, infix }: MapFile, ending: string): string {
  return `${name}${ending === "svg" ? "" : infix}.${ending}`;
}

async function readJson(text: string, call: Call): Promise<MapData> {
  const [refused, map] = await asked(call, "JourneyMap.fromJson", text.replace(/^\uFEFF/, ""));
  if (map) {
    // What the engine reads it may write otherwise; the file is kept as it is.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    return hasShape(value) ? (value as MapData) : map;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused;
  }
  // A field that is there twice would vanish here.
  if (!hasShape(value) || repeats(text)) throw refused;
  return value as MapData;
}

async function readYaml(text: string, call: Call): Promise<MapData> {
  const value = parsed(text);
  if (hasShape(value)) return value as MapData;
  const [refused, map] = await asked(call, "JourneyMap.fromData", value as MapData);
  if (map) return map;
  throw refused;
}

async function readMermaid(text: string, call: Call): Promise<MapData> {
  const [refused, map] = await asked(call, "JourneyMap.fromMermaid", text);
  if (map) return map;
  throw refused;
}

/** What the engine reads, or why it does not. */
async function asked(call: Call, name: "JourneyMap.fromJson" | "JourneyMap.fromData" | "JourneyMap.fromMermaid", value: string | MapData): Promise<[unknown, MapData | null]> {
  try {
    const handle = await (call as (name: string, value: unknown) => ReturnType<typeof call<"JourneyMap.fromJson">>)(name, value);
    try {
      return [null, await handle.call("toData")];
    } finally {
      handle.free();
    }
  } catch (error) {
    return [error, null];
  }
}

/** Letters, digits and a few marks: what every file system takes. */
function cleaned(name: string): string {
  return name.replace(/[^\p{L}\p{N} _-]+/gu, " ").trim().replace(/\s+/g, "-").toLowerCase().slice(0, 80);
}
