// The map that is edited: plain data that never changes, and functions that make the next map of it. What they do not know, such
// as a field of a later version, stays where it is.
import type { MapData } from "journey-wasm";
import { at, changed, isObject, written, type Path } from "./path.js";

/** What an edit makes: the next map, the place to look at, and what happened, in words. */
export interface Change {
  readonly map: MapData;
  readonly at: Path;
  readonly said: string;
}

/** A part of a map that is referred to by its id. */
export interface Item {
  readonly id: string;
  readonly name: string;
}

type Touchpoint = NonNullable<MapData["touchpoints"]>[number];
type Transition = NonNullable<MapData["transitions"]>[number];

/** What a new item of a list is called until somebody gives it a name. */
const NAMES: Readonly<Record<string, string>> = { stages: "stage", touchpoints: "touchpoint", channels: "channel", personas: "persona", segments: "segment", "outcome.kpis": "KPI" };
const ENDS = ["entries", "exits", "conversions"] as const;

/** The items of a list of the map. */
export function items(map: MapData, list: Path): readonly Item[] {
  const found = at(map, list);
  return Array.isArray(found) ? found : [];
}

export const touchpoints = (map: MapData): readonly Touchpoint[] => map.touchpoints ?? [];
export const transitions = (map: MapData): readonly Transition[] => map.transitions ?? [];

/** What the items of a list are, in one word; `null` if they are none that have ids. */
export const wordOf = (list: Path): string | null => NAMES[written(list)] ?? null;

/** The name as an id: lower case, `_` for what is no letter or digit, with a number if it is taken; the rule of the engine. */
export function unusedId(map: MapData, list: Path, name: string): string {
  const taken = new Set(items(map, list).map(({ id }) => id));
  const base = name.split(/[^\p{Alphabetic}\p{N}]+/u).filter(Boolean).join("_").toLowerCase() || "_";
  let id = base;
  for (let count = 2; taken.has(id); count += 1) id = `${base}_${count}`;
  return id;
}

/** Whether an id is one that `addItem` and `addTouchpoint` give, until the item has a name. */
export function isProvisional(list: Path, id: string): boolean {
  const word = wordOf(list);
  return word !== null && new RegExp(`^new_${word.toLowerCase()}(_\\d+)?$`).test(id);
}

/** Sets a field; `undefined` takes it out. */
export function setField(map: MapData, path: Path, value: unknown): Change {
  const next = changed(map, path, () => value) as MapData;
  return { map: next, at: path, said: `${path.filter((key) => typeof key === "string").at(-1) ?? "map"} changed`.replaceAll("_", " ") };
}

/** Adds a value to a list, at its end if no place is given. */
export function insert(map: MapData, list: Path, value: unknown, place?: number): Change {
  const before = at(map, list);
  const length = Array.isArray(before) ? before.length : 0;
  const index = Math.min(place ?? length, length);
  const next = changed(map, list, (here) => (Array.isArray(here) ? here.toSpliced(index, 0, value) : [value])) as MapData;
  return { map: next, at: [...list, index], said: `${nameOf(next, [...list, index])} added` };
}

/** Adds an item that has an id to its list, behind the item at `behind`, else at the end. */
export function addItem(map: MapData, list: Path, behind?: number): Change {
  const name = `New ${wordOf(list) ?? "item"}`;
  const kind = list[0] === "channels" ? { kind: "online" } : {};
  return insert(map, list, { id: unusedId(map, list, name), name, ...kind }, behind === undefined ? undefined : behind + 1);
}

/** Adds a touchpoint to a stage, behind the touchpoint at `behind`, else as the last of the stage. */
export function addTouchpoint(map: MapData, stage: string, behind?: number): Change {
  const last = touchpoints(map).findLastIndex((one) => one.stage === stage);
  const place = behind ?? (last < 0 ? undefined : last);
  const name = "New touchpoint";
  return insert(map, ["touchpoints"], { id: unusedId(map, ["touchpoints"], name), name, stage }, place === undefined ? undefined : place + 1);
}

/** Why an item cannot have this id; `null` if it can. */
export function idProblem(map: MapData, item: Path, id: string): string | null {
  if (id === "") return "an id has at least one character";
  const index = item.at(-1);
  const other = items(map, item.slice(0, -1)).find((one, i) => i !== index && one.id === id);
  return other ? `“${other.name}” has the id “${id}” already` : null;
}

/** Gives an item another id, and everything that refers to it as well. An id that it cannot have leaves all as it is. */
export function rename(map: MapData, item: Path, id: string): Change {
  const before = at(map, [...item, "id"]);
  if (typeof before !== "string" || before === id || idProblem(map, item, id)) return { map, at: item, said: "nothing changed" };
  const list = item.slice(0, -1);
  const next = changed(map, [...item, "id"], () => id) as MapData;
  const said = `id of ${nameOf(map, item)} changed`;
  // Where two items had the id, what refers to it means the one that still has it.
  if (items(next, list).some((one) => one.id === before)) return { map: next, at: item, said };
  return { map: referring(next, written(list), (one) => (one === before ? id : one)), at: item, said };
}

/**
 * Takes out what is at a place, and what cannot be without it: with a stage its touchpoints, with a touchpoint its transitions,
 * with a channel or a persona the fields that name it.
 */
export function remove(map: MapData, path: Path): Change {
  const key = path.at(-1);
  const list = path.slice(0, -1);
  const said = `${nameOf(map, path)} removed`;
  if (typeof key !== "number") return { map: changed(map, path, () => undefined) as MapData, at: list, said };
  const gone = at(map, [...path, "id"]);
  let next = changed(map, list, (here) => {
    const left = Array.isArray(here) ? here.toSpliced(key, 1) : here;
    return list.length > 1 && Array.isArray(left) && left.length === 0 ? undefined : left;
  }) as MapData;
  const beside = Math.min(key, items(next, list).length - 1);
  const where = beside < 0 ? list : [...list, beside];
  if (typeof gone !== "string" || items(next, list).some((one) => one.id === gone)) return { map: next, at: where, said };
  if (list[0] !== "stages") return { map: referring(next, written(list), (id) => (id === gone ? null : id)), at: where, said };
  const ids = new Set(touchpoints(map).filter((one) => one.stage === gone).map((one) => one.id));
  next = changed(next, ["touchpoints"], (here) => (ids.size > 0 ? touchpoints(map).filter((one) => one.stage !== gone) : here)) as MapData;
  for (const { id } of touchpoints(next)) ids.delete(id);
  next = referring(next, "touchpoints", (id) => (ids.has(id) ? null : id));
  return { map: next, at: where, said: ids.size > 0 ? `${said}, and its touchpoints` : said };
}

/** Moves what is at a place of a list by so many places; at the ends of the list it stays. */
export function move(map: MapData, path: Path, by: number): Change {
  const from = path.at(-1);
  const list = path.slice(0, -1);
  const here = at(map, list);
  if (typeof from !== "number" || !Array.isArray(here)) return { map, at: path, said: "nothing moved" };
  const to = Math.max(0, Math.min(here.length - 1, from + by));
  if (to === from) return { map, at: path, said: "nothing moved" };
  const next = changed(map, list, () => here.toSpliced(from, 1).toSpliced(to, 0, here[from])) as MapData;
  return { map: next, at: [...list, to], said: `${nameOf(map, path)} moved to place ${to + 1} of ${here.length}` };
}

/** Moves a touchpoint one place on or back: past its neighbour in the stage, else into the stage beside. */
export function moveTouchpoint(map: MapData, index: number, by: 1 | -1): Change {
  const still = { map, at: ["touchpoints", index], said: "nothing moved" };
  const all = touchpoints(map);
  const moved = all[index];
  if (!moved) return still;
  const mates = all.flatMap((one, i) => (one.stage === moved.stage ? [i] : []));
  const mate = mates[mates.indexOf(index) + by];
  if (mate !== undefined) return place(map, index, moved.stage, mate, by);
  return moveToStage(map, index, by) ?? still;
}

/** Moves a touchpoint into the stage beside: on, as its first; back, as its last. Nothing if there is no stage. */
export function moveToStage(map: MapData, index: number, by: 1 | -1): Change | null {
  const moved = touchpoints(map)[index];
  const stages = items(map, ["stages"]);
  const own = stages.findIndex(({ id }) => id === moved?.stage);
  const stage = own < 0 ? undefined : stages[own + by];
  if (!moved || !stage) return null;
  const mates = touchpoints(map).flatMap((one, i) => (one.stage === stage.id ? [i] : []));
  const mate = by > 0 ? mates[0] : mates.at(-1);
  return place(map, index, stage.id, mate, by > 0 ? -1 : 1);
}

/** Puts a touchpoint into a stage, before (-1) or behind (1) another touchpoint; without one it keeps its place in the list. */
function place(map: MapData, index: number, stage: string, mate: number | undefined, side: 1 | -1): Change {
  const moved = touchpoints(map)[index];
  if (!moved) return { map, at: ["touchpoints", index], said: "nothing moved" };
  const put = moved.stage === stage ? moved : { ...moved, stage };
  const target = mate === undefined ? index : (mate > index ? mate - 1 : mate) + (side > 0 ? 1 : 0);
  const next = changed(map, ["touchpoints"], () => touchpoints(map).toSpliced(index, 1).toSpliced(target, 0, put)) as MapData;
  const mates = touchpoints(next).filter((one) => one.stage === stage);
  const name = items(map, ["stages"]).find(({ id }) => id === stage)?.name ?? stage;
  return { map: next, at: ["touchpoints", target], said: `“${moved.name}” moved: ${mates.indexOf(put) + 1} of ${mates.length} in “${name}”` };
}

/** What somebody called what is at a place; `null` if it has no name. */
export function titleOf(map: MapData, path: Path): string | null {
  const here = at(map, path);
  if (!isObject(here)) return null;
  const name = [here.name, here.text, here.id].find((text) => typeof text === "string" && text !== "");
  return typeof name === "string" ? name : null;
}

/** What is at a place, in a sentence. */
function nameOf(map: MapData, path: Path): string {
  const title = titleOf(map, path);
  return title === null ? (path.filter((key) => typeof key === "string").at(-1)?.replaceAll("_", " ") ?? "map") : `“${title}”`;
}

/** Changes what refers to the items of a list by their ids: `null` takes the reference out. */
function referring(map: MapData, list: string, to: (id: string) => string | null): MapData {
  switch (list) {
    case "stages":
      return eachTouchpoint(map, (one) => ({ ...one, stage: to(one.stage) ?? one.stage }));
    case "channels":
      return eachTouchpoint(map, (one) => {
        const { channel, ...others } = one;
        if (typeof channel !== "string") return one;
        const id = to(channel);
        return id === null ? others : { ...one, channel: id };
      });
    case "personas":
      return eachTouchpoint(map, (one) => {
        const { personas, ...others } = one;
        if (!personas) return one;
        const left = personas.flatMap((id) => to(id) ?? []);
        return left.length === 0 && personas.length > 0 ? others : { ...one, personas: left };
      });
    case "touchpoints":
      return referringToTouchpoints(map, to);
    default:
      return map;
  }
}

function eachTouchpoint(map: MapData, change: (one: Touchpoint) => Touchpoint): MapData {
  return changed(map, ["touchpoints"], (here) => (Array.isArray(here) ? (here as Touchpoint[]).map(change) : here)) as MapData;
}

function referringToTouchpoints(map: MapData, to: (id: string) => string | null): MapData {
  let next = changed(map, ["transitions"], (here) => {
    if (!Array.isArray(here)) return here;
    return (here as Transition[]).flatMap((one) => {
      const [from, until] = [to(one.from), to(one.to)];
      return from === null || until === null ? [] : [from === one.from && until === one.to ? one : { ...one, from, to: until }];
    });
  }) as MapData;
  for (const end of ENDS) {
    next = changed(next, ["outcome", end], (here) => (Array.isArray(here) ? (here as string[]).flatMap((id) => to(id) ?? []) : here)) as MapData;
  }
  return next;
}
