// The outline: a tree that is walked by arrows, whose rows are moved by arrows with Alt.
import type { MapData } from "journey-wasm";
import { useLayoutEffect, useRef } from "preact/hooks";
import { add } from "./form.js";
import { addTouchpoint, items, move, moveToStage, moveTouchpoint, remove, touchpoints, wordOf, type Change } from "./document.js";
import { rowsOf, type Row } from "./outline.js";
import { read, written, type Path } from "./path.js";
import { edit, select, selected, target, verdict } from "./session.js";

export function Outline({ map }: { map: MapData }) {
  const rows = rowsOf(map);
  const current = rows.find(({ key }) => key === written(selected.value)) ?? rows[0];
  const tree = useRef<HTMLDivElement>(null);
  const focused = useRef(false);
  // The focus is on the row that is selected, wherever that goes.
  useLayoutEffect(() => {
    const row = tree.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    row?.scrollIntoView({ block: "nearest" });
    if (focused.current) row?.focus({ preventScroll: true });
  }, [current?.key, map]);
  const counts = new Map<string, number>();
  for (const { place } of verdict.value?.findings ?? []) {
    const key = written(read(place).slice(0, 2).filter((part, i) => i === 0 || typeof part === "number"));
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!current || event.ctrlKey || event.metaKey) return;
    const does = event.altKey ? moves(current)[event.key] : walks(rows, current)[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  };
  return (
    <section class="card outline" aria-labelledby="editor-outline">
      <h2 id="editor-outline">Outline</h2>
      <Buttons map={map} row={current} />
      <div role="tree" aria-labelledby="editor-outline" aria-describedby="editor-keys" ref={tree} onKeyDown={onKeyDown} onFocusIn={() => (focused.current = true)} onFocusOut={() => (focused.current = false)}>
        {rows.map((row) => (
          <div
            role="treeitem"
            key={row.key}
            data-row={row.key}
            class={`level-${row.level}`}
            aria-level={row.level}
            aria-posinset={row.place}
            aria-setsize={row.of}
            aria-selected={row === current}
            {...(row.hasRows ? { "aria-expanded": true } : {})}
            tabIndex={row === current ? 0 : -1}
            onClick={() => choose(row)}
            dir={row.named ? "auto" : undefined}
          >
            <span>{row.label}</span>
            {counts.has(row.key) && <span class="count"><span aria-hidden="true">{counts.get(row.key)}</span><span class="visually-hidden">, {counts.get(row.key)} to look at</span></span>}
          </div>
        ))}
      </div>
      <p class="soft keys" id="editor-keys">Arrows walk, Enter goes to the fields, Alt with arrows moves, Delete removes.</p>
    </section>
  );
}

/** Selects a row. Where the form is below the outline it comes into sight, once the outline has scrolled to the row. */
function choose({ path }: Row): void {
  select(path);
  requestAnimationFrame(() => {
    const [outline, form] = ["editor-outline", "editor-form"].map((id) => document.getElementById(id)?.closest("section"));
    if (outline && form && form.getBoundingClientRect().top >= outline.getBoundingClientRect().bottom) form.scrollIntoView();
  });
}

/** Adding, moving and removing by buttons. */
function Buttons({ map, row }: { map: MapData; row: Row | undefined }) {
  const path = row?.path ?? [];
  const [list, index] = path;
  const other = list === "channels" || list === "personas" || list === "segments" ? list : null;
  const can = row ? moves(row) : {};
  const removable = typeof index === "number";
  const moving = (key: string, label: string, sign: string) => (
    <button type="button" class="small" aria-label={label} disabled={!can[key]} onClick={() => can[key]?.()}>{sign}</button>
  );
  return (
    <div class="row" role="group" aria-label="Add and move">
      <button type="button" class="small" onClick={() => add("stages", list === "stages" && typeof index === "number" ? index : undefined)}>Add stage</button>
      <button type="button" class="small" disabled={stageOf(map, path) === null} onClick={addHere}>Add touchpoint</button>
      {other && <button type="button" class="small" onClick={() => add(other, typeof index === "number" ? index : undefined)}>Add {wordOf([other])}</button>}
      {moving("ArrowUp", "Move up", "↑")}
      {moving("ArrowDown", "Move down", "↓")}
      {list === "touchpoints" && moving("ArrowLeft", "Move to the stage before", "←")}
      {list === "touchpoints" && moving("ArrowRight", "Move to the next stage", "→")}
      <button type="button" class="small" disabled={!removable} onClick={() => row && removes(row)}>Remove</button>
    </div>
  );
}

/** Adds a touchpoint where the selection is when it comes to it: a name that is left just then may have changed an id. */
function addHere(): void {
  const add = (map: MapData): Change => {
    const [list, index] = selected.value;
    const stage = stageOf(map, selected.value);
    if (stage === null) return { map, at: selected.value, said: "" };
    return addTouchpoint(map, stage, list === "touchpoints" && typeof index === "number" ? index : undefined);
  };
  edit(add, { focus: { place: ".name", select: true } });
}

/** The stage to which a new touchpoint goes: that of what is selected, else the last. */
function stageOf(map: MapData, [list, index]: Path): string | null {
  const stages = items(map, ["stages"]);
  if (list === "touchpoints" && typeof index === "number") return touchpoints(map)[index]?.stage ?? null;
  const own = list === "stages" && typeof index === "number" ? stages[index] : stages.at(-1);
  return own?.id ?? null;
}

/** What arrows with Alt do to a row. */
function moves({ path }: Row): Readonly<Record<string, () => void>> {
  const [list, index] = path;
  if (typeof index !== "number") return {};
  const by = (does: (map: MapData, by: 1 | -1) => Change) => [() => edit((map) => does(map, -1)), () => edit((map) => does(map, 1))] as const;
  if (list !== "touchpoints") {
    const [back, on] = by((map, step) => move(map, path, step));
    return { ArrowUp: back, ArrowDown: on, ArrowLeft: back, ArrowRight: on };
  }
  const [up, down] = by((map, step) => moveTouchpoint(map, index, step));
  const [back, on] = by((map, step) => moveToStage(map, index, step) ?? { map, at: path, said: "" });
  return { ArrowUp: up, ArrowDown: down, ArrowLeft: back, ArrowRight: on };
}

const removes = ({ path }: Row): void => edit((map) => remove(map, path));

/** What keys without Alt do: they walk through the rows, and into the form. */
function walks(rows: readonly Row[], current: Row): Readonly<Record<string, () => void>> {
  const here = rows.indexOf(current);
  const to = (row: Row | undefined) => () => row && select(row.path);
  const parent = rows.slice(0, here).findLast(({ level }) => level < current.level);
  const child = (rows[here + 1]?.level ?? 0) > current.level ? rows[here + 1] : undefined;
  return {
    ArrowUp: to(rows[here - 1]),
    ArrowDown: to(rows[here + 1]),
    ArrowLeft: to(parent),
    ArrowRight: to(child),
    Home: to(rows[0]),
    End: to(rows.at(-1)),
    Enter: () => (target.value = { place: "editor-form" }),
    ...(current.level > 1 ? { Delete: () => removes(current) } : {}),
  };
}
