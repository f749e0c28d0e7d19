// Fields for one value each: a text, a number, a day, a choice, an id.
import type { MapData } from "journey-wasm";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { idProblem, items, rename, setField } from "./document.js";
import type { Kind } from "./fields.js";
import { anchor, Remarks, remarksOf } from "./findings.js";
import { written, type Path } from "./path.js";
import { edit, explained, left } from "./session.js";

export interface FieldProperties {
  readonly map: MapData;
  readonly path: Path;
  readonly value: unknown;
  readonly label: string;
  readonly help: string;
  /** A field that has to be there is empty rather than gone. */
  readonly required: boolean;
}

type Of<S extends Kind["sort"]> = Extract<Kind, { readonly sort: S }>;

/** What an input has so that its meaning and what is wrong with it are told with it. */
export function described(path: Path) {
  const place = written(path);
  return { id: anchor(place), "aria-describedby": anchor(place, "help", "remarks"), "aria-invalid": remarksOf(place).some(({ severity }) => severity === "refused") };
}

/** A label above its input; under it what the engine says of it. */
export function Labelled({ path, label, help, children }: Pick<FieldProperties, "path" | "label" | "help"> & { children: ComponentChildren }) {
  const place = written(path);
  return (
    <div class="field">
      <label for={anchor(place)}>{label}</label>
      {children}
      <Help place={place} text={help} />
      <Remarks place={place} />
    </div>
  );
}

/** What a field means: shown if asked for, and always told to who hears the page. */
export function Help({ place, text }: { place: string; text: string }) {
  return <p class="help soft" id={anchor(place, "help")} hidden={!explained.value}>{text}</p>;
}

/** A text on one line, or on as many as it has. */
export function TextInput({ path, value, label, help, required, long }: FieldProperties & { long: boolean }) {
  const type = (text: string) => edit((map) => setField(map, path, text === "" && !required ? undefined : text), { typing: written(path) });
  const shared = { ...described(path), dir: "auto" as const, value: typeof value === "string" ? value : "", onBlur: () => left(path) };
  return (
    <Labelled path={path} label={label} help={help}>
      {long ? <textarea rows={1} {...shared} onInput={(event) => type(event.currentTarget.value)} /> : <input type="text" {...shared} onInput={(event) => type(event.currentTarget.value)} />}
    </Labelled>
  );
}

/** A day; what is there and is none can be seen and mended as a text. */
export function DateInput({ path, value, label, help }: FieldProperties) {
  const shown = typeof value === "string" ? value : "";
  const isDay = shown === "" || /^\d{4}-\d\d-\d\d$/.test(shown);
  const [asText, setAsText] = useState(!isDay);
  const shared = {
    ...described(path),
    value: shown,
    onInput: (event: InputEvent & { currentTarget: HTMLInputElement }) => {
      const text = event.currentTarget.value;
      edit((map) => setField(map, path, text === "" ? undefined : text), { typing: written(path) });
    },
    onBlur: () => {
      setAsText(!isDay);
      left();
    },
  };
  return (
    <Labelled path={path} label={label} help={help}>
      {asText ? <input type="text" {...shared} /> : <input type="date" {...shared} />}
    </Labelled>
  );
}

/** A number. What is typed stays as it is while somebody types, since `1.` is on the way to `1.5`. */
export function NumberInput({ path, value, label, help, kind }: FieldProperties & { kind: Of<"number"> }) {
  const [draft, setDraft] = useState<string | null>(null);
  const { least, most, whole } = kind;
  const bounds = { ...(least === null ? {} : { min: least }), ...(most === null ? {} : { max: most }) };
  return (
    <Labelled path={path} label={label} help={help}>
      <input
        type="number"
        {...bounds}
        step={whole ? 1 : "any"}
        {...described(path)}
        value={draft ?? (typeof value === "number" ? String(value) : "")}
        onInput={(event) => {
          const { value: text, valueAsNumber, validity } = event.currentTarget;
          setDraft(text);
          if (validity.badInput) return;
          edit((map) => setField(map, path, Number.isNaN(valueAsNumber) ? undefined : valueAsNumber), { typing: written(path) });
        }}
        onBlur={() => {
          setDraft(null);
          left();
        }}
      />
    </Labelled>
  );
}

/** One of a few values. */
export function ChoiceInput({ path, value, label, help, required, kind }: FieldProperties & { kind: Of<"choice"> }) {
  const shown = typeof value === "string" ? value : (kind.usual ?? "");
  const known = kind.choices.some((one) => one.value === shown);
  return (
    <Labelled path={path} label={label} help={[help, kind.choices.find((one) => one.value === shown)?.help].filter(Boolean).join(" ")}>
      <select {...described(path)} value={shown} onChange={(event) => pick(path, event.currentTarget.value)}>
        {!required && kind.usual === null && <option value="">not said</option>}
        {shown !== "" && !known && <option value={shown}>{shown}</option>}
        {kind.choices.map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}
      </select>
    </Labelled>
  );
}

/** An item of the map, by its id. */
export function ReferenceInput({ map, path, value, label, help, required, kind }: FieldProperties & { kind: Of<"reference"> }) {
  const all = items(map, [kind.to]);
  const shown = typeof value === "string" ? value : "";
  return (
    <Labelled path={path} label={label} help={help}>
      <select {...described(path)} dir="auto" value={shown} onChange={(event) => pick(path, event.currentTarget.value)}>
        {(!required || shown === "") && <option value="">none</option>}
        {shown !== "" && !all.some(({ id }) => id === shown) && <option value={shown}>{shown} (not on the map)</option>}
        {all.map(({ id, name }) => <option key={id} value={id}>{name || id}</option>)}
      </select>
    </Labelled>
  );
}

const pick = (path: Path, value: string): void => edit((map) => setField(map, path, value === "" ? undefined : value));

/** Items of the map, by their ids, in the order in which they were chosen. */
export function ReferencesInput({ map, path, value, label, help, kind }: FieldProperties & { kind: Of<"references"> }) {
  const place = written(path);
  const chosen: readonly string[] = Array.isArray(value) ? value : [];
  const all = items(map, [kind.to]);
  const strays = chosen.filter((id) => !all.some((one) => one.id === id)).map((id) => ({ id, name: `${id} (not on the map)` }));
  const toggle = (id: string, on: boolean): void => {
    const next = on ? [...chosen, id] : chosen.filter((one) => one !== id);
    edit((now) => setField(now, path, next.length === 0 && path.length > 2 ? undefined : next));
  };
  return (
    <fieldset class="choices" id={anchor(place)} tabIndex={-1} aria-describedby={anchor(place, "help", "remarks")}>
      <legend>{label}</legend>
      {all.length + strays.length === 0 && <p class="soft">There are none on the map.</p>}
      <div class="ticks">
        {[...all, ...strays].map(({ id, name }) => (
          <label key={id}>
            <input type="checkbox" checked={chosen.includes(id)} onChange={(event) => toggle(id, event.currentTarget.checked)} />
            <span dir="auto">{name || id}</span>
          </label>
        ))}
      </div>
      <Help place={place} text={help} />
      <Remarks place={place} />
    </fieldset>
  );
}

/** Yes or no; no is not written. */
export function FlagInput({ path, value, label, help }: FieldProperties) {
  const place = written(path);
  return (
    <div class="field">
      <label class="tick">
        <input type="checkbox" {...described(path)} checked={value === true} onChange={(event) => {
          const on = event.currentTarget.checked;
          edit((map) => setField(map, path, on ? true : undefined));
        }} />
        <span>{label}</span>
      </label>
      <Help place={place} text={help} />
      <Remarks place={place} />
    </div>
  );
}

/** An id: other parts of the map refer to it, so that it is changed when it is whole, and with it all that refers to it. */
export function IdInput({ map, path, value, label, help }: FieldProperties) {
  const item = path.slice(0, -1);
  const [draft, setDraft] = useState<string | null>(null);
  const shown = typeof value === "string" ? value : "";
  const wrong = draft === null || draft === shown ? null : idProblem(map, item, draft);
  const place = written(path);
  const { "aria-invalid": refused, ...attributes } = described(path);
  return (
    <Labelled path={path} label={label} help={help}>
      <input
        type="text"
        {...attributes}
        aria-describedby={anchor(place, "help", "remarks", "wrong")}
        aria-invalid={refused || wrong !== null}
        spellcheck={false}
        autocomplete="off"
        value={draft ?? shown}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onChange={(event) => {
          const id = event.currentTarget.value;
          edit((now) => rename(now, item, id));
        }}
        onBlur={() => setDraft(null)}
        onKeyDown={(event) => event.key === "Escape" && setDraft(null)}
      />
      <p class="remark refused" id={anchor(place, "wrong")} role="alert" hidden={wrong === null}>{wrong && `${wrong}: it stays “${shown}”`}</p>
    </Labelled>
  );
}
