// The rows of the outline: the map, its stages with their touchpoints, and its other parts, from top to bottom.
import type { MapData } from "journey-wasm";
import { items, touchpoints, type Item } from "./document.js";
import { written, type Path } from "./path.js";

export interface Row {
  /** The place of what the row stands for. */
  readonly path: Path;
  readonly key: string;
  readonly label: string;
  /** Whether the label is a name that somebody gave. */
  readonly named: boolean;
  /** 1 for parts of the map, 2 for what is in them, 3 for touchpoints. */
  readonly level: number;
  /** Its place among the rows beside it, from 1, and how many these are. */
  readonly place: number;
  readonly of: number;
  readonly hasRows: boolean;
}

const PARTS: readonly (readonly [string, string])[] = [["stages", "Stages"], ["transitions", "Transitions"], ["channels", "Channels"], ["personas", "Personas"], ["segments", "Segments"], ["outcome", "Outcome"]];

/** All rows, in their order. */
export function rowsOf(map: MapData): readonly Row[] {
  const rows: Row[] = [];
  const count = PARTS.length + 1;
  const add = (path: Path, label: string, level: number, place: number, of: number, hasRows: boolean): void => {
    rows.push({ path, key: written(path), label, named: level > 1, level, place, of, hasRows });
  };
  const all = touchpoints(map);
  add([], "The map", 1, 1, count, false);
  for (const [part, [list, label]] of PARTS.entries()) {
    // Transitions have neither a name nor an id; they are rows of a form.
    const inside = list === "transitions" || list === "outcome" ? [] : items(map, [list]);
    const strays = list === "stages" ? homeless(map) : [];
    const of = inside.length + strays.length;
    add([list], label, 1, part + 2, count, of > 0);
    for (const [i, { id, name }] of inside.entries()) {
      const own = list === "stages" ? all.flatMap((one, index) => (one.stage === id ? [index] : [])) : [];
      add([list, i], name || id, 2, i + 1, of, own.length > 0);
      for (const [place, index] of own.entries()) add(["touchpoints", index], called(all[index]), 3, place + 1, own.length, false);
    }
    for (const [i, index] of strays.entries()) add(["touchpoints", index], called(all[index]), 2, inside.length + i + 1, of, false);
  }
  return rows;
}

/** The row to which a place belongs, such as `["touchpoints", 2]` for `touchpoints[2].owner`. */
export function rowOf(map: MapData, path: Path): Path {
  const [list, index] = path;
  if (list === "touchpoints" && (typeof index !== "number" || index >= touchpoints(map).length)) return ["stages"];
  if (list === "transitions" && typeof index === "number") {
    const from = map.transitions?.[index]?.from;
    const leaves = touchpoints(map).findIndex(({ id }) => id === from);
    return leaves < 0 ? ["transitions"] : ["touchpoints", leaves];
  }
  if (list === "touchpoints" && typeof index === "number") return ["touchpoints", index];
  if (!PARTS.some(([name]) => name === list) || list === undefined) return [];
  return typeof index === "number" && index < items(map, [list]).length ? [list, index] : [list];
}

/** Touchpoints whose stage the map does not have: they stand behind the stages. */
function homeless(map: MapData): readonly number[] {
  const stages = new Set(items(map, ["stages"]).map(({ id }) => id));
  return touchpoints(map).flatMap((one, index) => (stages.has(one.stage) ? [] : [index]));
}

const called = (item: Item | undefined): string => item?.name || item?.id || "";
