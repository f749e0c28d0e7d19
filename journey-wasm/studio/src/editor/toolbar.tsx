// What is done with the whole map: new, open, save, undo, redo.
import type { MapKind } from "journey-wasm";
import type { JourneyMapElement } from "journey-wasm/element";
import { useRef, useState } from "preact/hooks";
import { LARGEST, nameOfFile, newFile, openFile, toJson, toYaml } from "./files.js";
import { fieldsOf } from "./fields.js";
import { same } from "./path.js";
import { history, kept, open, problem, redone, saved, undone } from "./session.js";
import type { Api } from "../engine.js";
import { save } from "../parts/save.js";

/** Opens what a file holds; an error of the engine is shown as it is. */
export async function openMap(file: File, api: Api): Promise<void> {
  await tried(async () => {
    if (file.size > LARGEST) throw new Error(`${file.name} has ${file.size} bytes; a map file has at most ${LARGEST}`);
    const opened = await openFile(file.name, await file.text(), api.call).catch((error: unknown) => {
      throw error instanceof Error ? Object.assign(error, { file: file.name }) : error;
    });
    open(opened.map, opened.file);
  });
}

/** Does what may fail, and shows how it did. */
async function tried(does: () => Promise<void>): Promise<void> {
  problem.value = null;
  try {
    await does();
  } catch (error) {
    problem.value = error instanceof Error ? error : new Error(String(error));
  }
}

const KINDS = fieldsOf("").flatMap(({ name, kind }) => (name === "kind" && kind.sort === "choice" ? kind.choices : []));

export function Toolbar({ api, element }: { api: Api; element: JourneyMapElement | null }) {
  const [kind, setKind] = useState("empty");
  const chooser = useRef<HTMLInputElement>(null);
  const steps = history.value;
  const draft = steps?.now.state;
  const isChanged = draft !== undefined && draft.map !== kept.value && !same(draft.map, kept.value);

  const begin = () =>
    tried(async () => {
      if (kind === "empty") {
        const map = { name: "New map", kind: "current_state" as const, stages: [{ id: "stage_1", name: "First stage" }], channels: [], touchpoints: [], transitions: [], outcome: { entries: [], exits: [], conversions: [] } };
        return open(map, newFile(map));
      }
      if (kind === "log" && api.log) {
        const handle = await api.call("discover", api.log);
        try {
          const map = await handle.call("toData");
          return open(map, newFile(map));
        } finally {
          handle.free();
        }
      }
      const opened = await openFile(`${kind.replaceAll("_", "-")}.journey.yaml`, await api.call("JourneyMap.template", kind as MapKind), api.call);
      open(opened.map, opened.file);
    });

  const write = (ending: "json" | "yaml" | "svg") =>
    tried(async () => {
      if (!draft) return;
      const { map, file } = draft;
      const text = ending === "json" ? toJson(map, file) : ending === "yaml" ? toYaml(map, file) : (await element?.drawn, element?.toSVG() ?? "");
      const name = nameOfFile(file, ending);
      save(new Blob([text], { type: { json: "application/json", yaml: "application/yaml", svg: "image/svg+xml" }[ending] }), name);
      if (ending !== "svg") saved(map, name);
    });

  return (
    <div class="row toolbar" role="group" aria-label="Map file">
      <label class="row">
        <span class="soft">New</span>
        <select class="small" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="empty">empty map</option>
          {api.log && <option value="log">map of what the log shows</option>}
          {KINDS.map(({ value, label }) => <option key={value} value={value}>starter: {label.toLowerCase()}</option>)}
        </select>
      </label>
      <button type="button" class="small" onClick={() => void begin()}>Begin</button>
      <button type="button" class="small" onClick={() => chooser.current?.click()}>Open…</button>
      <input ref={chooser} type="file" hidden accept=".json,.yaml,.yml,.mmd,.mermaid,.txt" aria-label="Map file" onChange={(event) => {
        const input = event.currentTarget;
        const file = input.files?.[0];
        // The same file can be chosen again.
        if (file) void openMap(file, api).finally(() => (input.value = ""));
      }} />
      <button type="button" class="small" disabled={!draft} onClick={() => void write("json")}>Save JSON</button>
      <button type="button" class="small" disabled={!draft} onClick={() => void write("yaml")}>Save YAML</button>
      <button type="button" class="small" disabled={!draft || !element} onClick={() => void write("svg")}>Save picture</button>
      <button type="button" class="small" disabled={!steps || steps.past.length === 0} title={steps && steps.past.length > 0 ? `Undo: ${steps.now.said}` : undefined} onClick={undone}>Undo</button>
      <button type="button" class="small" disabled={!steps || steps.future.length === 0} title={steps?.future[0] ? `Redo: ${steps.future[0].said}` : undefined} onClick={redone}>Redo</button>
      {draft && <span class="soft file" dir="auto">{nameOfFile(draft.file, draft.file.source?.format === "yaml" ? "yaml" : "json")}{isChanged && ", changed"}</span>}
    </div>
  );
}
