// What the editor knows: the steps of editing, what is selected, what the engine says. It outlives the component, so that who looks
// at another view of the page and comes back finds all of it, undo as well.
import { signal } from "@preact/signals";
import type { MapData } from "journey-wasm";
import { checker, type Verdict } from "./check.js";
import { isProvisional, rename, touchpoints, unusedId, type Change } from "./document.js";
import { newFile, type MapFile } from "./files.js";
import { begin, record, redo, settle, undo, type History } from "./history.js";
import { rowOf } from "./outline.js";
import { at, read, same, written, type Path } from "./path.js";
import type { Api } from "../engine.js";

/** What the page gives the editor. */
export interface Given {
  /** The map, or nothing yet. */
  map: MapData | null;
  /** Is told the map a moment after each change, if the engine takes it as it is. */
  onChange(map: MapData | null): void;
  /** Is told that the map is in a file as it is. */
  onSaved(): void;
  api: Api;
}

/** A map with the file it comes from. */
interface Draft {
  readonly map: MapData;
  readonly file: MapFile;
  /** Where the change was made, and what was selected before it. */
  readonly at: Path;
  readonly was: Path;
}

/** Where the focus goes once the page shows the next state; `select` marks its text. */
export interface Target {
  /** A place of the map; one that begins with a point is within what was changed. */
  readonly place: string;
  readonly select?: boolean;
}

export const history = signal<History<Draft> | null>(null);
/** The row that is selected: a place of the map. */
export const selected = signal<Path>([]);
export const verdict = signal<Verdict | null>(null);
/** The last map that the engine took. */
export const sound = signal<MapData | null>(null);
/** What happened last, for those who cannot see it. */
export const said = signal("");
/** The map as it was opened or saved last. */
export const kept = signal<MapData | null>(null);
export const day = signal("");
/** Whether the meaning of each field is shown under it. */
export const explained = signal(false);
export const problem = signal<Error | null>(null);
export const target = signal<Target | null>(null);

let api: Api | null = null;
let tell: Pick<Given, "onChange" | "onSaved"> = { onChange: () => undefined, onSaved: () => undefined };
/** The map that the page has: what it was told last, or what it gave. */
let known: MapData | null = null;

const check = checker(
  () => (api as Api).call,
  (next) => {
    verdict.value = next;
    if (!next.valid) return;
    sound.value = next.map;
    if (next.map === known) return;
    known = next.map;
    tell.onChange(next.map);
    if (next.map === kept.value) tell.onSaved();
  },
);

const ask = (): void => {
  const map = history.value?.now.state.map;
  if (map && api) check.ask({ map, log: api.log, day: day.value });
};

/** Takes what the page hands in; a map that it does not have from here is opened. */
export function attach(given: Given): void {
  const logged = api?.log !== given.api.log;
  api = given.api;
  tell = given;
  if (given.map && given.map !== known) {
    known = given.map;
    open(given.map, newFile(given.map));
  } else if (logged) ask();
}

/** The map as it is was written to a file. */
export function saved(map: MapData, name: string): void {
  kept.value = map;
  said.value = `Saved as ${name}`;
  tell.onSaved();
}

/** What waits is asked before the editor goes. */
export const detach = (): void => check.now();

/** Opens a map. What was open can be had back by undoing. */
export function open(map: MapData, file: MapFile): void {
  const draft = { map, file, at: [], was: selected.value };
  history.value = history.value ? record(history.value, draft, `“${map.name}” opened`) : begin(draft);
  kept.value = map;
  problem.value = null;
  arrived([], `“${map.name}” opened`);
}

/** Makes what is done to the map a step of the history. */
export function edit(does: (map: MapData) => Change, options: { typing?: string; focus?: Target } = {}): void {
  const steps = history.value;
  if (!steps) return;
  const change = does(steps.now.state.map);
  if (change.map === steps.now.state.map) return;
  const { file } = steps.now.state;
  history.value = record(steps, { map: change.map, file, at: change.at, was: selected.value }, change.said, options.typing ?? null);
  if (options.typing !== undefined) return ask();
  arrived(change.at, change.said);
  const { focus } = options;
  if (focus) target.value = focus.place.startsWith(".") ? { ...focus, place: written(change.at) + focus.place } : focus;
}

/** Ends the typing in a field. What was added here and has its first name gets an id that is made of it. */
export function left(path: Path = []): void {
  const steps = history.value;
  if (steps?.typing && path.at(-1) === "name") {
    const item = path.slice(0, -1);
    const { map } = steps.now.state;
    const [id, name] = [at(map, [...item, "id"]), at(map, path)];
    if (typeof id === "string" && typeof name === "string" && name !== "" && isProvisional(item.slice(0, -1), id)) {
      edit((now) => rename(now, item, unusedId(now, item.slice(0, -1), name)), { typing: steps.typing });
    }
  }
  if (history.value) history.value = settle(history.value, (one, other) => same(one.map, other.map) && one.file === other.file);
}

export function undone(): void {
  left();
  const before = history.value;
  if (!before || before.past.length === 0) return;
  history.value = undo(before);
  arrived(before.now.state.was, `Undone: ${before.now.said}`);
}

export function redone(): void {
  const before = history.value;
  if (!before || before.future.length === 0) return;
  const next = redo(before);
  history.value = next;
  arrived(next.now.state.at, `Redone: ${next.now.said}`);
}

/** Selects the row of a place. */
export function select(path: Path): void {
  const map = history.value?.now.state.map;
  if (!map) return;
  const row = rowOf(map, path);
  if (written(row) !== written(selected.value)) selected.value = row;
}

/** Selects the row of a place that the engine named, and goes to the field. */
export function visit(place: string): void {
  select(read(place));
  target.value = { place };
}

/** The place of a touchpoint with an id; the map itself if there is none. */
export function touchpointOf(id: string | null): Path {
  const index = touchpoints(history.value?.now.state.map ?? { name: "" }).findIndex((one) => one.id === id);
  return index < 0 ? [] : ["touchpoints", index];
}

export function judgeOn(date: string): void {
  day.value = date;
  ask();
}

/** Says what happened, shows where, and asks the engine. */
function arrived(path: Path, words: string): void {
  said.value = words;
  const map = history.value?.now.state.map;
  // After undoing, what was changed may not be there any more; then what it was in is.
  let there = path;
  while (there.length > 0 && at(map, there) === undefined) there = there.slice(0, -1);
  // The rows of transitions are shown at their touchpoints, and all together.
  if (there[0] !== "transitions" || selected.value[0] !== "transitions") select(there);
  ask();
}
