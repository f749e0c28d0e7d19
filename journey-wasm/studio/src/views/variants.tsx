// The paths that journeys take, the most frequent first.
import { useState } from "preact/hooks";
import type { MapData } from "journey-wasm";
import { Answered, NeedsLog, onMap, useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, decimal, many, outOf, percent, shareInterval } from "../format";
import { Choice, Fields, NumberField } from "../parts/choice";
import { Fit } from "../parts/fit";
import { Table } from "../parts/table";
import { loaded, map } from "../store";

export function VariantsView() {
  return <NeedsLog>{(log) => <Paths log={log} />}</NeedsLog>;
}

/** How many touchpoints of a path are shown before the rest has to be asked for. */
const SHOWN = 12;
/** From so many events on, two journeys are hardly ever alike, and single visits say more. */
const LONG = 20;
/** The time without an event that ends a visit. */
const GAP = "30min";

const arrows = (touchpoints: readonly string[]) => touchpoints.map((name, place) => <span key={place}>{place > 0 && <span class="soft"> → </span>}<bdi>{name}</bdi></span>);

function Path({ touchpoints }: { touchpoints: readonly string[] }) {
  const rest = touchpoints.slice(SHOWN);
  if (rest.length === 0) return <>{arrows(touchpoints)}</>;
  return (
    <details>
      <summary>{arrows(touchpoints.slice(0, SHOWN))} <span class="soft">and {count(rest.length)} more</span></summary>
      <span class="soft">→ </span>{arrows(rest)}
    </details>
  );
}

function Paths({ log }: { log: RemoteLog }) {
  const summary = loaded.value?.summary;
  const hasTimes = summary?.first != null;
  const [limit, setLimit] = useState(100);
  const [stages, setStages] = useState(map.value?.stages?.length ? "stages" : "touchpoints");
  const [length, setLength] = useState(hasTimes && (summary?.events_per_journey ?? 0) >= LONG ? "visit" : "journey");
  const [joined, join] = useState(true);
  const data = stages === "stages" ? map.value : null;
  const byVisit = length === "visit";
  const answer = useAnswer(() => simpler(log, data, byVisit, joined, (simple) => call("variants", simple, { limit })), [log, data, byVisit, joined, limit]);
  const [word, Word] = byVisit ? ["visit", "Visits"] : ["journey", "Journeys"];
  return (
    <>
      <Fields>
        {map.value?.stages?.length && <Choice label="Paths of" value={stages} onChange={setStages} of={[["touchpoints", "touchpoints"], ["stages", "stages of the map"]]} />}
        {hasTimes && <Choice label="One path is" value={length} onChange={setLength} of={[["journey", "a whole journey"], ["visit", "a visit, up to 30 minutes without an event"]]} />}
        <NumberField label="Variants listed" value={limit} least={1} most={5000} onChange={setLimit} />
        <label class="row tick"><input type="checkbox" checked={joined} onChange={(event) => join(event.currentTarget.checked)} /> Repeats count once</label>
      </Fields>
      {data && <Fit data={data} log={log} />}
      <Answered answer={answer}>
        {(report) => (
          <>
            <p>
              {many(report.journeys, word)} take {many(report.variants, "distinct path")}; {count(report.singletons)} of them are taken by one {word} only.
              The {many(report.variants_for_coverage, "most frequent path", "most frequent paths")} cover {percent(report.coverage)} of the {word}s.
              Entropy: {decimal(report.normalised_entropy)} of 1, where every {word} would take a path of its own.
            </p>
            {report.singletons * 2 > report.journeys && <p class="soft">Most take a path of their own. Paths of stages, of single visits, or with repeats counted once are more alike.</p>}
            <Table
              caption="Variants"
              rows={report.rows.map((row, place) => ({ ...row, rank: place + 1 }))}
              leftOut={report.rows_left_out}
              columns={[
                { name: "Rank", by: (row) => row.rank, figure: true },
                { name: "Path", by: (row) => row.touchpoints.join(" "), show: (row) => <Path touchpoints={row.touchpoints} />, wide: true },
                { name: "Steps", by: (row) => row.touchpoints.length, figure: true },
                { name: Word, by: (row) => row.coverage.n, show: (row) => outOf(row.coverage), figure: true },
                { name: "Share", by: (row) => row.coverage.share, show: (row) => percent(row.coverage.share), figure: true },
                { name: "95 % interval", by: (row) => row.coverage.low, show: (row) => shareInterval(row.coverage), figure: true },
                { name: "With those above", by: (row) => row.cumulative.share, show: (row) => percent(row.cumulative.share), figure: true },
              ]}
            />
          </>
        )}
      </Answered>
    </>
  );
}

/** Asks of a log whose paths are more alike: those of the stages of a map, of single visits, with repeats as one. */
async function simpler<T>(log: RemoteLog, data: MapData | null, byVisit: boolean, joined: boolean, ask: (log: RemoteLog) => Promise<T>): Promise<T> {
  const steps: ((log: RemoteLog) => Promise<RemoteLog>)[] = [];
  if (data) steps.push((from) => inStages(from, data));
  if (byVisit) steps.push((from) => from.call("splitSessions", GAP));
  if (joined) steps.push((from) => from.call("collapseRepeats"));
  const made: RemoteLog[] = [];
  try {
    for (const step of steps) made.push(await step(made.at(-1) ?? log));
    return await ask(made.at(-1) ?? log);
  } finally {
    for (const one of made) one.free();
  }
}

/** The log with the names of stages in place of touchpoints; what is not on the map keeps its name. */
function inStages(log: RemoteLog, data: MapData): Promise<RemoteLog> {
  return withMap(data, async (drawn) => {
    const { touchpoints } = await call("matchEvents", drawn, log, { limit: 1 });
    const found = new Set(touchpoints.filter(({ events }) => events > 0).map(({ touchpoint }) => touchpoint));
    const stage = new Map((data.stages ?? []).map(({ id, name }) => [id, name]));
    const names = (data.touchpoints ?? []).filter(({ id }) => found.has(id)).map((one) => [one.id, stage.get(one.stage) || one.stage]);
    return onMap(log, drawn, (named) => named.call("rename", Object.fromEntries(names)));
  });
}
