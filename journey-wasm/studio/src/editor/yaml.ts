// YAML as map files have it: one document, no tags, no merge keys.
import { Document, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, stringify, visit, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { asItStood } from "./layout.js";
import { isObject, same } from "./path.js";

/** What is wrong with a text, with its place; of the same form as the engine's errors. */
function refused(message: string, line?: number, column?: number): Error {
  return Object.assign(new Error(message), { name: "JourneyError", code: "invalid_map", line: line ?? null, column: column ?? null });
}

/** The value of a text; an error says where it is not YAML, or more than a map file may have. */
export function parsed(text: string): unknown {
  return value(document(text));
}

/** Whether a field of a JSON text is there twice. */
export function repeats(text: string): boolean {
  return parseDocument(text, { prettyErrors: false }).errors.some(({ code }) => code === "DUPLICATE_KEY");
}

/** A value as a new text. */
export function fresh(map: unknown): string {
  return stringify(map, { lineWidth: 0 });
}

/**
 * The text with the values of the map: lines that did not change stand as they stood, with their comments, what is new is added. Where
 * parts stand for each other (`&` and `*`), a change of one could be one of all: then the text is written anew, without comments.
 */
export function rewritten(text: string, map: unknown): string {
  const found = document(text);
  if (same(value(found), map)) return text;
  const indent = /:[^\S\n]*\n( {2,8})\S/.exec(text)?.[1]?.length ?? 2;
  const layout = { lineWidth: 0, indent, flowCollectionPadding: /\{ \S/.test(text), indentSeq: !/^[\w-]+:[^\S\n]*\n- /m.test(text) };
  const before = String(found.toString(layout));
  found.contents = merged(found, found.contents, map);
  const written = String(found.toString(layout));
  return [asItStood(text, before, written), written].find((one) => same(valueOf(one), map)) ?? fresh(map);
}

/** The value of a text, if it is YAML. */
function valueOf(text: string): unknown {
  try {
    return parsed(text);
  } catch {
    return undefined;
  }
}

function document(text: string): Document<Node> {
  let found: ReturnType<typeof parseDocument>;
  try {
    found = parseDocument(text, { version: "1.2", merge: false });
  } catch (error) {
    throw error instanceof RangeError ? refused("the file has too many levels within each other") : error;
  }
  const [error] = found.errors;
  if (error) throw refused(error.message.split("\n")[0]?.replace(/ at line \d+.*$/, "") ?? "", error.linePos?.[0].line, error.linePos?.[0].col);
  visit(found, {
    Node(_, node) {
      if (isNode(node) && "tag" in node && node.tag !== undefined) throw refused(`a map file has no tags such as ${node.tag}`);
    },
  });
  return found as unknown as Document<Node>;
}

/** Aliases may stand for much, but not without end. */
function value(found: Document<Node>): unknown {
  try {
    return found.toJS({ maxAliasCount: 1000 });
  } catch (error) {
    throw refused(error instanceof Error ? error.message : String(error));
  }
}

/** The node, if it can say what the value says, else one that does. */
function merged(document: Document<Node>, node: Node | null, now: unknown): Node {
  if (isMap(node) && isObject(now)) return mergedMap(document, node, now);
  if (isSeq(node) && Array.isArray(now)) return mergedList(document, node, now);
  if (node && same(node.toJS(document), now)) return node;
  if (isScalar(node) && (now === null || typeof now !== "object")) {
    // The way a number was written is not that of the next.
    if (typeof now !== "string") for (const key of ["source", "format", "minFractionDigits"] as const) delete node[key];
    node.value = now;
    return node;
  }
  return document.createNode(now);
}

function mergedMap(document: Document<Node>, node: YAMLMap, now: Readonly<Record<string, unknown>>): Node {
  const nameOf = (key: unknown): string => String(isScalar(key) ? key.value : key);
  node.items = node.items.filter(({ key }) => Object.hasOwn(now, nameOf(key)));
  for (const pair of node.items) pair.value = merged(document, isNode(pair.value) ? pair.value : null, now[nameOf(pair.key)]);
  const there = new Set(node.items.map(({ key }) => nameOf(key)));
  for (const [key, one] of Object.entries(now)) {
    if (!there.has(key)) node.add(document.createPair(key, one));
  }
  return node;
}

/** Items are the same if their ids are, or all of them; what is left over is taken one after the other. */
function mergedList(document: Document<Node>, node: YAMLSeq, now: readonly unknown[]): Node {
  const before = node.items.filter(isNode).map((item) => ({ item, was: item.toJS(document) as unknown, used: false }));
  const take = (fits: (was: unknown) => boolean) => {
    const one = before.find(({ was, used }) => !used && fits(was));
    if (one) one.used = true;
    return one?.item;
  };
  const idOf = (one: unknown): unknown => (isObject(one) ? one.id : undefined);
  const found = now.map((one) => take((was) => same(was, one)));
  for (const [i, one] of now.entries()) found[i] ??= idOf(one) === undefined ? undefined : take((was) => idOf(was) === idOf(one));
  const left = now.map((one, i) => found[i] ?? take((was) => isObject(was) === isObject(one) && (idOf(one) === undefined) === (idOf(was) === undefined)));
  const inline = now.length > 0 && before.length > 0 && before.every(({ item }) => !isAlias(item) && "flow" in item && item.flow === true);
  node.items = now.map((one, i) => {
    const made = merged(document, left[i] ?? null, one);
    // A new item looks like those beside it.
    if (inline && !left[i] && (isMap(made) || isSeq(made))) made.flow = true;
    return made;
  });
  return node;
}
