// The fields of a map, read from the schema of map files: what there is to edit, how it is called and what it means. A field that
// the engine gets has its place in the editor at once.
import schema from "../../../../docs/schema/journey-map.schema.json";
import { isObject } from "./path.js";

/** What a field holds. */
export type Kind =
  | { readonly sort: "text" | "long" | "id" | "date" | "flag" | "figures" }
  | { readonly sort: "number"; readonly least: number | null; readonly most: number | null; readonly whole: boolean }
  | { readonly sort: "choice"; readonly choices: readonly Choice[]; readonly usual: string | null }
  | { readonly sort: "reference"; readonly to: string }
  | { readonly sort: "references"; readonly to: string }
  | { readonly sort: "list"; readonly of: Kind }
  | { readonly sort: "record"; readonly of: Kind }
  | { readonly sort: "object"; readonly name: string };

export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly help: string;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly required: boolean;
  readonly kind: Kind;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly const?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

const ROOT = schema as unknown as Schema & { readonly $defs: Readonly<Record<string, Schema>> };

/** What names things elsewhere on the map, which a schema cannot say. */
const REFERENCES: Readonly<Record<string, string>> = {
  "Touchpoint.stage": "stages",
  "Touchpoint.channel": "channels",
  "Touchpoint.personas": "personas",
  "Transition.from": "touchpoints",
  "Transition.to": "touchpoints",
  "Outcome.entries": "touchpoints",
  "Outcome.exits": "touchpoints",
  "Outcome.conversions": "touchpoints",
};
/** Texts that stay on one line; all others may have many. */
const SHORT = new Set(["name", "owner", "version", "unit", "channel", "touchpoint"]);
const LABELS: Readonly<Record<string, string>> = { id: "Id", n: "How many", kpis: "KPIs", expected_share: "Expected share of customers who go this way, 0 to 1", matches: "Events that are meant" };

/** What holds more than one value. */
const MANY: ReadonlySet<Kind["sort"]> = new Set(["list", "record", "object", "figures", "references"]);

/** The types of the schema that items of lists and parts of a map have, by their place in the map without numbers. */
const TYPES: Readonly<Record<string, string>> = { stages: "Stage", touchpoints: "Touchpoint", channels: "Channel", personas: "Persona", segments: "Segment", transitions: "Transition", outcome: "Outcome" };

/** The type of what stands in a list of the map. */
export const typeOf = (list: string): string => TYPES[list] ?? "";

/** What a type of the schema is, in a sentence. */
export const meaning = (type: string): string => plain(definition(type).description);

/** How a field is called for a reader. */
export function labelOf(name: string): string {
  return LABELS[name] ?? (name.charAt(0).toUpperCase() + name.slice(1)).replaceAll("_", " ");
}

/** The fields of a type; those of the map itself for the empty name. The name comes first, then what is one value, then lists. */
export function fieldsOf(type: string): readonly Field[] {
  const { properties = {}, required = [] } = definition(type);
  const fields = Object.entries(properties).map(([name, part]) => ({
    name,
    label: labelOf(name),
    help: plain(part.description),
    required: required.includes(name),
    kind: kindOf(part, name, `${type}.${name}`),
  }));
  const rank = ({ name, kind }: Field): number => (name === "name" ? 0 : MANY.has(kind.sort) ? 2 : 1);
  return fields.sort((one, other) => rank(one) - rank(other));
}

/** Whether a value has the shape of a map: its lists are lists, its texts texts. What it says may still be wrong. */
export function hasShape(value: unknown): boolean {
  return fits(value, ROOT);
}

function fits(value: unknown, part: Schema): boolean {
  if (part.$ref) return fits(value, definition(part.$ref.split("/").at(-1) ?? ""));
  if (part.anyOf) return part.anyOf.some((one) => fits(value, one));
  if (part.oneOf) return typeof value === "string";
  const types = typeof part.type === "string" ? [part.type] : (part.type ?? []);
  return types.some((type) => {
    if (type === "null") return value === null;
    if (type === "array") return Array.isArray(value) && value.every((one) => fits(one, part.items ?? {}));
    if (type === "object") return isObject(value) && fitsObject(value, part);
    return typeof value === (type === "integer" ? "number" : type);
  });
}

function fitsObject(value: Readonly<Record<string, unknown>>, { properties = {}, required = [], additionalProperties }: Schema): boolean {
  if (!required.every((name) => Object.hasOwn(value, name))) return false;
  return Object.entries(value).every(([name, one]) => {
    const part = Object.hasOwn(properties, name) ? properties[name] : typeof additionalProperties === "object" ? additionalProperties : undefined;
    return part === undefined || fits(one, part);
  });
}

function definition(type: string): Schema {
  return type === "" ? ROOT : (ROOT.$defs[type] ?? {});
}

function kindOf(part: Schema, name: string, place: string): Kind {
  const to = REFERENCES[place];
  const [given] = part.anyOf?.filter((one) => one.type !== "null") ?? [];
  const type = (given ?? part).$ref?.split("/").at(-1);
  if (type !== undefined) {
    const { oneOf, description } = definition(type);
    if (!oneOf) return name === "observed" ? { sort: "figures" } : { sort: "object", name: type };
    const choices = oneOf.map((one) => ({ value: one.const ?? "", label: labelOf(one.const ?? ""), help: plain(one.description ?? description) }));
    return { sort: "choice", choices, usual: typeof part.default === "string" ? part.default : null };
  }
  const [sort] = typeof part.type === "string" ? [part.type] : (part.type ?? []);
  switch (sort) {
    case "array":
      return to ? { sort: "references", to } : { sort: "list", of: kindOf(part.items ?? {}, "", "") };
    case "object":
      return { sort: "record", of: kindOf(typeof part.additionalProperties === "object" ? part.additionalProperties : {}, "", "") };
    case "boolean":
      return { sort: "flag" };
    case "number":
    case "integer":
      return { sort: "number", least: part.minimum ?? null, most: part.maximum ?? null, whole: sort === "integer" };
    default:
      if (to) return { sort: "reference", to };
      if (part.format === "date") return { sort: "date" };
      return { sort: name === "id" ? "id" : SHORT.has(name) ? "text" : "long" };
  }
}

/** The words of the schema without the marks of code. */
const plain = (text: string | undefined): string => (text ?? "").replaceAll("`", "");
