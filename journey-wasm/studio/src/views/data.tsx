// Where the log comes from: a file and what its columns hold, or the example; then what is in it.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ScoreScale } from "journey-wasm";
import exampleNotice from "../../../../tests/data/ecom/SOURCE.md?url";
import { FIELDS, given, missing, timeForm, type Kind, type Role } from "../columns";
import { count, decimal, duration, moment } from "../format";
import { choose, names, openExample, readChosen } from "../loading";
import { Adder, Choice, Fields, TextField } from "../parts/choice";
import { Reading } from "../parts/reading";
import { Table } from "../parts/table";
import { goal, loaded, loading, source, type Loaded, type Source } from "../store";

export function DataView() {
  const place = useRef<HTMLDivElement>(null);
  const phase = loading.value ? "reading" : source.value ? "columns" : (loaded.value?.name ?? "nothing");
  const shown = useRef(phase);
  // What had the focus is gone when one step follows another.
  useEffect(() => {
    if (shown.current !== phase) place.current?.querySelector("h2")?.focus();
    shown.current = phase;
  }, [phase]);
  return <div ref={place}>{loading.value ? <Reading /> : source.value ? <Columns source={source.value} /> : <Home />}</div>;
}

function Home() {
  return (
    <>
      {loaded.value && <Held loaded={loaded.value} />}
      <Open again={loaded.value !== null} />
    </>
  );
}

/** A button to choose a file. */
function ChooseFile({ of, primary, children }: { of: Kind; primary: boolean; children: string }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={primary ? "primary" : ""} onClick={() => input.current?.click()}>{children}</button>
      <input ref={input} type="file" hidden onChange={(event) => {
        const file = event.currentTarget.files?.[0];
        event.currentTarget.value = "";
        if (file) void choose(file, of);
      }} />
    </>
  );
}

/** A place to drop a file at, a button to choose one, and the example. */
function Open({ again }: { again: boolean }) {
  const [over, set] = useState(false);
  return (
    <section class={`card drop${over ? " over" : ""}`} aria-label="Open a log"
      onDragOver={(event) => (event.preventDefault(), set(true))} onDragLeave={() => set(false)}
      onDrop={() => set(false)}>
      <h2 tabIndex={-1}>{again ? "Open another log" : "Open an event log"}</h2>
      <p>Drop a file here: CSV, JSON, NDJSON or XES, plain or gzip. A row is an event: who, what, when.</p>
      <div class="row">
        <ChooseFile of="log" primary={!again}>Choose a file</ChooseFile>
        <button type="button" onClick={() => void openExample()}>Open the example</button>
      </div>
      <p class="soft">The file is read in this page and is sent nowhere. Nothing is kept when the page is closed.</p>
      <p class="soft">The example holds clicks in a web shop, <a href={exampleNotice}>a made-up data set</a> by the authors of Retentioneering (Apache-2.0), and synthetic ratings.</p>
    </section>
  );
}

const ROLE_NAMES: Record<Kind, readonly (readonly [Role, string])[]> = {
  log: [
    ["none", "Leave out"],
    ["journey", "Journey: who"],
    ["touchpoint", "Touchpoint: what"],
    ["time", "Time: when"],
    ["start", "Time of the start"],
    ["lifecycle", "Which end: start or complete"],
    ["instance", "What joins start and complete"],
    ["channel", "Channel"],
    ["score", "Experience score"],
    ["value", "Value, such as money"],
    ["segment", "Segment"],
  ],
  ratings: [
    ["none", "Leave out"],
    ["customer", "Customer: who"],
    ["time", "Time: when they answered"],
    ["score", "Score"],
    ["scale", "Scale of each score, such as nps"],
    ["touchpoint", "Touchpoint it is about"],
    ["text", "What they wrote"],
  ],
};

const SCALES: readonly (readonly [ScoreScale, string])[] = [
  ["experience", "-2 to 2"],
  ["one_to_five", "1 to 5"],
  ["stars", "1 to 5 stars"],
  ["csat", "CSAT, 1 to 5"],
  ["ces", "CES, 1 to 7"],
  ["nps", "NPS, 0 to 10"],
  ["sentiment", "Sentiment, -1 to 1"],
];

/** Examples of values that are shown of a column. */
const VALUES = 3;

function Columns({ source: chosen }: { source: Source }) {
  const { of, file, notes, sample, choice } = chosen;
  const log = of === "log";
  const set = (change: Partial<Source["choice"]>) => (source.value = { ...chosen, choice: { ...choice, ...change } });
  // By the keyboard a list passes other roles on the way to one, which must not take them from their columns.
  const before = useRef<Source["choice"] | null>(null);
  const lack = missing(sample, choice, of);
  const form = timeForm(sample, choice.roles);
  return (
    <form class="card" onSubmit={(event) => (event.preventDefault(), void readChosen())}>
      <h2 dir="auto" tabIndex={-1}>{file.name}</h2>
      {[...notes, sample.note].map((note) => note && <p key={note} role="status">{note}</p>)}
      {sample.format === "other" ? (
        <p>The file names its columns by itself, as XES does.</p>
      ) : (
        <>
          <p>What do the columns hold? This is a guess by their names and first values.</p>
          <ul class="columns">
            {sample.columns.map(({ name, values }, place) => (
              <li key={`${place} ${name}`}>
                <div class="column">
                  <label for={`column-${place}`} dir="auto">{name || "(no name)"}</label>
                  <select id={`column-${place}`} class="small" value={choice.roles[place] ?? "none"}
                    onFocus={() => (before.current = choice)} onBlur={() => (before.current = null)}
                    onChange={(event) => set(given(sample, before.current ?? choice, place, event.currentTarget.value as Role))}>
                    {ROLE_NAMES[of].map(([role, said]) => <option key={role} value={role}>{said}</option>)}
                  </select>
                </div>
                <span class="soft values" dir="auto">{[...new Set(values.filter((value) => value !== ""))].slice(0, VALUES).join(" · ") || "empty at the beginning"}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <Fields>
        {choice.roles.includes("score") && <Choice label="Scale of the score" value={choice.scale} of={SCALES} onChange={(scale) => set({ scale })} />}
        <TextField label={FIELDS.time_format} hint="known by its looks" size={18} value={choice.timeFormat} onChange={(timeFormat) => set({ timeFormat })} />
        <TextField label={FIELDS.time_zone} hint="+00:00" value={choice.timeZone} onChange={(timeZone) => set({ timeZone })} />
      </Fields>
      {form.other !== null && choice.timeFormat === form.pattern && <p role="status">Whether the day or the month is first does not show in these times. They are read with the day first; if the month is first, write {form.other} as their form.</p>}
      <p class="soft">A form is written as %d.%m.%Y %H:%M, or is epoch_s, epoch_ms or epoch_us.</p>
      {lack ? <p id="lack" role="status">{lack}</p> : log && !choice.roles.includes("time") && sample.format !== "other" && <p role="status">Without a time, events stand in the order of the rows, and nothing is said about time.</p>}
      <div class="row">
        <button type="submit" class="primary" disabled={lack !== null} aria-describedby={lack ? "lack" : undefined}>{log ? "Read the log" : "Join to the log"}</button>
        <button type="button" onClick={() => (source.value = null)}>{log ? "Choose another file" : "Cancel"}</button>
      </div>
    </form>
  );
}

function Held({ loaded: { name, log, bare, summary, notes } }: { loaded: Loaded }) {
  const facts: [string, string][] = [
    ["Events", count(summary.events)],
    ["Journeys", count(summary.journeys)],
    ["Events per journey, mean", decimal(summary.events_per_journey)],
    ["Touchpoints", count(summary.touchpoints.length)],
    ["From", moment(summary.first)],
    ["To", moment(summary.last)],
    ["Median length of a journey", duration(summary.throughput?.median_seconds ?? null)],
    ["Events with a score of their own", count(summary.scored_events)],
    ["Segments by", summary.attributes.join(", ") || "–"],
  ];
  return (
    <>
      <h2 dir="auto" tabIndex={-1}>{name}</h2>
      {notes.map((note) => <p key={note} class="soft">{note}</p>)}
      <dl class="facts">
        {facts.map(([term, said]) => <div key={term}><dt>{term}</dt><dd dir="auto">{said}</dd></div>)}
      </dl>
      <Goal />
      {summary.first !== null && <Ratings again={log !== bare} />}
      <Table
        caption="Touchpoints"
        rows={summary.touchpoints}
        columns={[
          { name: "Touchpoint", by: (row) => row.touchpoint },
          { name: "Events", by: (row) => row.events, figure: true },
          { name: "Journeys", by: (row) => row.journeys, figure: true },
          { name: "First in", meaning: "Journeys whose first event it was", by: (row) => row.starts, figure: true },
          { name: "Last in", meaning: "Journeys whose last event it was", by: (row) => row.ends, figure: true },
        ]}
      />
      {summary.channels.length > 0 && (
        <Table caption="Channels" rows={summary.channels} columns={[{ name: "Channel", by: (row) => row.channel }, { name: "Events", by: (row) => row.events, figure: true }]} />
      )}
    </>
  );
}

/** What customers said, from a file of its own. */
function Ratings({ again }: { again: boolean }) {
  return (
    <section class="card" aria-label="Ratings">
      <h2>Ratings</h2>
      <p class="soft">What customers said in surveys or ratings: a CSV file that says who answered, when, and the score. Each answer belongs to the last visit before it, at the touchpoint that it names.</p>
      <ChooseFile of="ratings" primary={false}>{again ? "Replace the ratings" : "Add ratings"}</ChooseFile>
    </section>
  );
}

/** What counts as success: it is what segments are compared by, and what the report is about. */
function Goal() {
  const rest = names().filter((name) => !goal.value.includes(name));
  return (
    <section class="card" aria-label="The goal">
      <h2>The goal</h2>
      <p class="soft">A journey that reaches one of these touchpoints has converted. Without a goal, segments and the report say nothing about conversion.</p>
      <div class="row">
        {goal.value.map((name) => (
          <button key={name} type="button" class="small" onClick={() => (goal.value = goal.value.filter((one) => one !== name))}>
            <bdi>{name}</bdi> <span aria-hidden="true">×</span><span class="visually-hidden">: remove from the goal</span>
          </button>
        ))}
        <Adder label="Add a touchpoint to the goal" of={rest} onAdd={(name) => (goal.value = [...goal.value, name])} />
      </div>
    </section>
  );
}
