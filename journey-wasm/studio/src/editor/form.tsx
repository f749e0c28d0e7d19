// The form of what is selected: a field for everything that its type in the schema has.
import type { MapData } from "journey-wasm";
import { useState } from "preact/hooks";
import { addItem, insert, items, move, remove, setField, titleOf, touchpoints, transitions, unusedId, wordOf } from "./document.js";
import { fieldsOf, labelOf, meaning, typeOf, type Field, type Kind } from "./fields.js";
import { anchor, Remarks } from "./findings.js";
import { ChoiceInput, DateInput, FlagInput, Help, IdInput, NumberInput, ReferenceInput, ReferencesInput, TextInput, type FieldProperties } from "./inputs.js";
import { at as valueAt, isObject, written, type Path } from "./path.js";
import { edit, explained, selected } from "./session.js";

/** Parts of the map that have rows of their own in the outline. */
const PARTS = new Set(["$schema", "personas", "segments", "stages", "channels", "touchpoints", "transitions", "outcome"]);

export function Form({ map }: { map: MapData }) {
  const path = selected.value;
  const heading = path.length === 0 ? "The map" : path.length === 1 ? labelOf(String(path[0])) : (titleOf(map, path) ?? "");
  return (
    <section class="card form" aria-labelledby="editor-form">
      <div class="row">
        <h2 id="editor-form" dir="auto">{heading}</h2>
        <label class="tick"><input type="checkbox" checked={explained.value} onChange={(event) => (explained.value = event.currentTarget.checked)} /><span>Explain the fields</span></label>
      </div>
      <Remarks place={written(path)} />
      <Selected map={map} path={path} key={written(path)} />
    </section>
  );
}

function Selected({ map, path }: { map: MapData; path: Path }) {
  const [list, index] = path;
  if (list === undefined) return <Fields map={map} type="" path={[]} value={map} skip={PARTS} />;
  if (list === "outcome") return <Fields map={map} type="Outcome" path={path} value={map.outcome} />;
  if (list === "transitions") return <Transitions map={map} from={null} />;
  if (typeof index !== "number") return <Items map={map} list={String(list)} />;
  return (
    <>
      <Fields map={map} type={typeOf(String(list))} path={path} value={valueAt(map, path)} />
      {list === "touchpoints" && <Transitions map={map} from={touchpoints(map)[index]?.id ?? ""} />}
    </>
  );
}

/** A list of the map whose items have forms of their own. */
function Items({ map, list }: { map: MapData; list: string }) {
  const word = wordOf([list]) ?? "item";
  const found = items(map, [list]);
  return (
    <>
      <p class="soft">{meaning(typeOf(list))}</p>
      <ul>{found.map(({ id, name }) => <li key={id} dir="auto">{name || id}</li>)}</ul>
      <button type="button" id={anchor(list)} onClick={() => add(list)}>Add a {word}</button>
      {list === "stages" && <Remarks place="touchpoints" />}
    </>
  );
}

/** Adds an item to a list of the map, and goes to its name. */
export function add(list: string, behind?: number): void {
  edit((map) => addItem(map, [list], behind), { focus: { place: ".name", select: true } });
}

/** The fields of a type, and what is there besides. */
function Fields({ map, type, path, value, skip }: { map: MapData; type: string; path: Path; value: unknown; skip?: ReadonlySet<string> }) {
  const here = isObject(value) ? value : {};
  const fields = fieldsOf(type);
  const unknown = Object.keys(here).filter((name) => !fields.some((field) => field.name === name));
  return (
    <div class="fields-of">
      {fields.filter(({ name }) => !skip?.has(name)).map((field) => <FieldOf key={field.name} map={map} field={field} path={[...path, field.name]} value={here[field.name]} />)}
      {unknown.map((name) => (
        <div key={name} id={anchor(written([...path, name]))} tabIndex={-1} dir="auto">
          Kept as it is: <code>{name}</code> <Remarks place={written([...path, name])} />
          <button type="button" class="small" onClick={() => edit((now) => ({ ...remove(now, [...path, name]), said: `${name} removed` }), { focus: { place: written(path) } })}>Remove <bdi>{name}</bdi></button>
        </div>
      ))}
    </div>
  );
}

function FieldOf({ map, field, path, value }: { map: MapData; field: Field; path: Path; value: unknown }) {
  const { label, help, required, kind } = field;
  return <Input map={map} path={path} value={value} label={label} help={help} required={required} kind={kind} />;
}

function Input({ kind, ...field }: FieldProperties & { kind: Kind }) {
  switch (kind.sort) {
    case "text":
    case "long":
      return <TextInput {...field} long={kind.sort === "long"} />;
    case "id":
      return <IdInput {...field} />;
    case "date":
      return <DateInput {...field} />;
    case "flag":
      return <FlagInput {...field} />;
    case "number":
      return <NumberInput {...field} kind={kind} />;
    case "choice":
      return <ChoiceInput {...field} kind={kind} />;
    case "reference":
      return <ReferenceInput {...field} kind={kind} />;
    case "references":
      return <ReferencesInput {...field} kind={kind} />;
    case "list":
      return <List {...field} of={kind.of} />;
    case "record":
      return <Named {...field} of={kind.of} />;
    case "object":
      return <Part {...field} type={kind.name} />;
    case "figures":
      return <Figures {...field} />;
  }
}

/** What a log showed; it is not for editing. */
function Figures({ value, label, path }: FieldProperties) {
  if (!isObject(value)) return null;
  return (
    <div id={anchor(written(path))} tabIndex={-1}>
      <h3>{label}</h3>
      <dl>{Object.entries(value).map(([name, figure]) => <div key={name}><dt>{labelOf(name)}</dt><dd>{String(figure)}</dd></div>)}</dl>
    </div>
  );
}

/** A part that may be there or not, such as the baseline. */
function Part({ map, path, value, label, help, required, type }: FieldProperties & { type: string }) {
  const place = written(path);
  const there = value !== undefined && value !== null;
  return (
    <fieldset id={anchor(place)} tabIndex={-1}>
      <legend>{label}</legend>
      <Help place={place} text={help} />
      <Remarks place={place} />
      {there && <Fields map={map} type={type} path={path} value={value} />}
      {!required && (there
        ? <button type="button" class="small" onClick={() => edit((now) => remove(now, path), { focus: { place: `${place}:add` } })}>Remove the {label.toLowerCase()}</button>
        : <button type="button" class="small" id={anchor(place, "add")} onClick={() => edit((now) => setField(now, path, blank(type, now, path)), { focus: { place: `${place}.name`, select: true } })}>Add a {label.toLowerCase()}</button>)}
    </fieldset>
  );
}

/** What a new item of a list holds, so that the map is one at once. */
function blank(type: string, map: MapData, path: Path): unknown {
  switch (type) {
    case "Evidence":
      return { kind: "assumption" };
    case "PainPoint":
      return { text: "New pain point" };
    case "Opportunity":
      return { text: "New opportunity", kind: "fix" };
    case "MatchRule":
      return { touchpoint: valueAt(map, [...path.slice(0, 2), "id"]) };
    case "Kpi":
      return { id: unusedId(map, path, "New KPI"), name: "New KPI" };
    default:
      return { name: `New ${labelOf(type).toLowerCase()}` };
  }
}

/** The word for one of a list, where it is not the label without its `s`. */
const ONE: Readonly<Record<string, string>> = { [labelOf("matches")]: "Rule", [labelOf("opportunities")]: "Opportunity" };

/** A list of texts or of parts, each of which can be moved and removed. */
function List({ map, path, value, label, help, of }: FieldProperties & { of: Kind }) {
  const place = written(path);
  const all: readonly unknown[] = Array.isArray(value) ? value : [];
  const one = ONE[label] ?? label.replace(/s$/, "");
  const made = (now: MapData): unknown => (of.sort === "object" ? blank(of.name, now, path) : `New ${one.toLowerCase()}`);
  const first = of.sort === "object" ? `.${fieldsOf(of.name)[0]?.name ?? ""}` : "";
  return (
    <fieldset id={anchor(place)} tabIndex={-1}>
      <legend>{label}</legend>
      <Help place={place} text={help} />
      <Remarks place={place} />
      {all.map((item, i) => {
        const here = [...path, i];
        const called = `${one} ${i + 1}`;
        return of.sort === "object" ? (
          <fieldset class="item" key={i} id={anchor(written(here))} tabIndex={-1}>
            <legend>{called}</legend>
            <Fields map={map} type={of.name} path={here} value={item} />
            <Moves path={here} of={all.length} called={called} />
          </fieldset>
        ) : (
          <div class="item" key={i}>
            <Input map={map} path={here} value={item} label={called} help="" required kind={of} />
            <Moves path={here} of={all.length} called={called} />
          </div>
        );
      })}
      <button type="button" class="small" id={anchor(place, "add")} onClick={() => edit((now) => insert(now, path, made(now)), { focus: { place: `${place}[${all.length}]${first}`, select: true } })}>
        Add {article(one)}{one === "KPI" ? one : one.toLowerCase()}
      </button>
    </fieldset>
  );
}

const article = (word: string): string => (word === "Evidence" ? "" : /^[AEIO]/.test(word) ? "an " : "a ");

/** Buttons that move and remove an item of a list; the focus goes with it. */
function Moves({ path, of, called }: { path: Path; of: number; called: string }) {
  const index = Number(path.at(-1));
  const list = written(path.slice(0, -1));
  const go = (by: number): void => {
    const to = index + by;
    // At the ends of the list one of the buttons is no longer there to be pressed.
    const button = to === 0 ? "down" : to === of - 1 ? "up" : by < 0 ? "up" : "down";
    edit((map) => move(map, path, by), { focus: { place: `${list}[${to}]:${button}` } });
  };
  return (
    <div class="row moves">
      <button type="button" class="small" id={anchor(written(path), "up")} aria-label={`Move ${called} up`} disabled={index === 0} onClick={() => go(-1)}>↑</button>
      <button type="button" class="small" id={anchor(written(path), "down")} aria-label={`Move ${called} down`} disabled={index === of - 1} onClick={() => go(1)}>↓</button>
      <button type="button" class="small" aria-label={`Remove ${called}`} onClick={() => edit((map) => remove(map, path), { focus: { place: `${list}:add` } })}>Remove</button>
    </div>
  );
}

/** Values by name, such as the attributes of a segment. */
function Named({ map, path, value, label, help, of }: FieldProperties & { of: Kind }) {
  const place = written(path);
  const here = isObject(value) ? value : {};
  const names = Object.keys(here);
  const free = (name: string): string => (names.includes(name) ? free(`${name} 2`) : name);
  const change = (next: Record<string, unknown>, focus?: string): void =>
    edit((now) => setField(now, path, Object.keys(next).length === 0 ? undefined : next), focus === undefined ? {} : { focus: { place: focus, select: true } });
  return (
    <fieldset id={anchor(place)} tabIndex={-1}>
      <legend>{label}</legend>
      <Help place={place} text={help} />
      <Remarks place={place} />
      {names.map((name) => (
        <fieldset class="item" key={name}>
          <legend dir="auto">{name}</legend>
          <NameInput place={`${place}.${name}:name`} name={name} taken={names} onName={(next) => change(Object.fromEntries(Object.entries(here).map(([key, one]) => [key === name ? next : key, one])))} />
          <Input map={map} path={[...path, name]} value={here[name]} label={of.sort === "list" ? "Values" : "Value"} help="" required kind={of} />
          <button type="button" class="small" aria-label={`Remove ${name}`} onClick={() => change(Object.fromEntries(Object.entries(here).filter(([key]) => key !== name)), `${place}:add`)}>Remove</button>
        </fieldset>
      ))}
      <button type="button" class="small" id={anchor(place, "add")} onClick={() => {
        const name = free("new name");
        change({ ...here, [name]: of.sort === "list" ? ["new value"] : "new value" }, `${place}.${name}:name`);
      }}>Add a value with a name</button>
    </fieldset>
  );
}

/** The name of a value; it changes when it is whole, and only to one that is not taken. */
function NameInput({ place, name, taken, onName }: { place: string; name: string; taken: readonly string[]; onName(name: string): void }) {
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = draft !== null && draft !== name && (draft === "" || taken.includes(draft));
  return (
    <div class="field">
      <label for={anchor(place)}>Name</label>
      <input type="text" id={anchor(place)} dir="auto" value={draft ?? name} aria-invalid={wrong} onInput={(event) => setDraft(event.currentTarget.value)} onBlur={() => setDraft(null)} onChange={(event) => {
        const next = event.currentTarget.value;
        if (next !== name && next !== "" && !taken.includes(next)) onName(next);
      }} />
      {wrong && <p class="remark refused" role="alert">this name is empty or taken: it stays “{name}”</p>}
    </div>
  );
}

/** The transitions that leave a touchpoint, or all of them. */
function Transitions({ map, from }: { map: MapData; from: string | null }) {
  const all = transitions(map).flatMap((one, i) => (from === null || one.from === from ? [i] : []));
  const targets = touchpoints(map).filter(({ id }) => !transitions(map).some((one) => one.from === from && one.to === id));
  const [wanted, choose] = useState("");
  const chosen = (targets.find(({ id }) => id === wanted) ?? targets[0])?.id;
  const fields = new Set(from === null ? [] : ["from"]);
  return (
    <fieldset id={anchor(from === null ? "transitions" : "transitions:here")} tabIndex={-1}>
      <legend>{from === null ? "All transitions" : "Transitions from here"}</legend>
      {from === null && <Remarks place="transitions" />}
      {all.map((i) => {
        const one = transitions(map)[i];
        const called = `Transition to ${items(map, ["touchpoints"]).find(({ id }) => id === one?.to)?.name ?? one?.to ?? ""}`;
        return (
          <fieldset class="item" key={i} id={anchor(`transitions[${i}]`)} tabIndex={-1}>
            <legend dir="auto">{called}</legend>
            <Fields map={map} type="Transition" path={["transitions", i]} value={one} skip={fields} />
            <Remarks place={`transitions[${i}]`} />
            <button type="button" class="small" aria-label={`Remove ${called}`} onClick={() => edit((now) => ({ ...remove(now, ["transitions", i]), at: selected.value }), { focus: { place: "transitions:add" } })}>Remove</button>
          </fieldset>
        );
      })}
      {from === null ? <p class="soft">A transition is added at the touchpoint that it leaves.</p> : (
        <div class="row adding">
          <label for={anchor("transitions", "add")}>Add a transition to</label>
          <select id={anchor("transitions", "add")} value={chosen} dir="auto" onChange={(event) => choose(event.currentTarget.value)}>
            {targets.map(({ id, name }) => <option key={id} value={id}>{name || id}</option>)}
          </select>
          <button type="button" class="small" disabled={chosen === undefined} onClick={() => edit((now) => ({ ...insert(now, ["transitions"], { from, to: chosen }), at: selected.value, said: "transition added" }))}>Add</button>
        </div>
      )}
    </fieldset>
  );
}
