// The funnel builder: steps in order, and how many get from one to the next.
import { useEffect, useRef } from "preact/hooks";
import type { Funnel, FunnelOptions, FunnelStepResult } from "journey-wasm";
import { Answered, NeedsLog, once, useAnswer } from "../answers";
import { call, type RemoteLog } from "../engine";
import { duration, interval, many, outOf, percent, points, probability, shareInterval, yes } from "../format";
import { names } from "../loading";
import { Adder, Choice, Fields, TextField } from "../parts/choice";
import { Picture } from "../parts/picture";
import { Table } from "../parts/table";
import { funnel, loaded, type FunnelPlan } from "../store";

export function FunnelView() {
  return (
    <NeedsLog>
      {(log) => (
        <>
          <p class="soft">Of the customers who take the first step, how many take the next ones?</p>
          <Steps />
          <Settings />
          {funnel.value.steps.length < 2 ? <p role="status">A funnel needs at least two steps.</p> : <Result log={log} plan={funnel.value} />}
        </>
      )}
    </NeedsLog>
  );
}

const change = (part: Partial<FunnelPlan>) => (funnel.value = { ...funnel.value, ...part });

function Steps() {
  const { steps } = funnel.value;
  const list = useRef<HTMLOListElement>(null);
  /** The button that has the focus after a step was moved, which takes it out of the page for a moment. */
  const focus = useRef<string | null>(null);
  useEffect(() => {
    if (focus.current === null) return;
    list.current?.querySelector<HTMLElement>(`[data-button="${focus.current}"]`)?.focus();
    focus.current = null;
  }, [steps]);
  const move = (from: number, by: number, button: string) => {
    const to = from + by;
    const moved = steps[from];
    if (!moved || to < 0 || to >= steps.length) return;
    const rest = steps.filter((_, place) => place !== from);
    focus.current = `${button} ${moved.id}`;
    change({ steps: [...rest.slice(0, to), moved, ...rest.slice(to)] });
  };
  const remove = (at: number) => {
    const next = steps[at + 1] ?? steps[at - 1];
    focus.current = next ? `remove ${next.id}` : null;
    change({ steps: steps.filter((_, place) => place !== at) });
  };
  const add = (touchpoint: string) => change({ steps: [...steps, { id: Math.max(-1, ...steps.map(({ id }) => id)) + 1, touchpoint }] });
  return (
    <section class="card" aria-label="Steps">
      <h2>Steps</h2>
      <ol class="steps" ref={list}>
        {steps.map(({ id, touchpoint }, place) => (
          <li key={id}>
            <bdi class="step-name">{touchpoint}</bdi>
            <span class="row">
              <button type="button" class="small" data-button={`up ${id}`} aria-disabled={place === 0} aria-label={`Move ${touchpoint} up`} onClick={() => move(place, -1, "up")}>↑</button>
              <button type="button" class="small" data-button={`down ${id}`} aria-disabled={place === steps.length - 1} aria-label={`Move ${touchpoint} down`} onClick={() => move(place, 1, "down")}>↓</button>
              <button type="button" class="small" data-button={`remove ${id}`} aria-label={`Remove ${touchpoint}`} onClick={() => remove(place)}>×</button>
            </span>
          </li>
        ))}
      </ol>
      <Adder label="Add a step" of={names()} onAdd={add} />
    </section>
  );
}

function Settings() {
  const { window, order, counting, breakdown } = funnel.value;
  const attributes = loaded.value?.summary.attributes ?? [];
  return (
    <Fields>
      <TextField label="All steps within" hint="such as 7d or 30min" size={16} value={window} onChange={(text) => change({ window: text })} />
      <Choice label="Order" value={order} onChange={(chosen) => change({ order: chosen })} of={[["ordered", "in order, others between"], ["strict", "in order, nothing between"], ["any_order", "in any order"]]} />
      <Choice label="Counted are" value={counting} onChange={(chosen) => change({ counting: chosen })} of={[["customers", "journeys"], ["attempts", "attempts"]]} />
      {attributes.length > 0 && <Choice label="Break down by" value={breakdown} none="nothing" onChange={(chosen) => change({ breakdown: chosen })} of={attributes.map((name) => [name, name] as const)} />}
    </Fields>
  );
}

function Result({ log, plan }: { log: RemoteLog; plan: FunnelPlan }) {
  const steps = plan.steps.map(({ touchpoint }) => touchpoint);
  const options: FunnelOptions = { window: plan.window || null, order: plan.order, counting: plan.counting, breakdown: plan.breakdown || null };
  const key = JSON.stringify(["funnel", steps, options]);
  const answer = useAnswer(() => once(log, key, () => call("funnel", log, steps, options)), [log, key]);
  return (
    <Answered answer={answer}>
      {(report) => (
        <>
          <p role="status">
            <strong>{percent(report.conversion.share)}</strong> of {many(report.conversion.of, plan.counting === "attempts" ? "attempt" : "journey")} get from the first step to the last
            {report.conversion.low !== null && ` (95 % interval ${shareInterval(report.conversion)})`}.
          </p>
          <Picture name="funnel" draw={(size) => call("renderFunnel", report, size)} inputs={[report]} />
          <StepTable report={report} />
          {report.groups.length > 0 && <Groups report={report} breakdown={plan.breakdown} />}
        </>
      )}
    </Answered>
  );
}

function StepTable({ report }: { report: Funnel }) {
  const time = (row: FunnelStepResult) => row.from_previous?.median_seconds ?? null;
  return (
    <Table
      caption="Steps of the funnel"
      rows={report.steps}
      columns={[
        { name: "Step", by: (row) => row.name },
        { name: "Reached by", by: (row) => row.reached, figure: true },
        { name: "From the step before", by: (row) => row.conversion?.share ?? null, show: (row) => percent(row.conversion?.share ?? null), figure: true },
        { name: "95 % interval", by: (row) => row.conversion?.low ?? null, show: (row) => shareInterval(row.conversion), figure: true },
        { name: "n", by: (row) => row.conversion?.of ?? null, show: (row) => (row.conversion ? outOf(row.conversion) : "–"), figure: true },
        { name: "Of the first step", by: (row) => row.overall.share, show: (row) => percent(row.overall.share), figure: true },
        { name: "Lost here", by: (row) => row.lost, figure: true },
        { name: "Median time from the step before", by: time, show: (row) => duration(time(row)), figure: true },
      ]}
    />
  );
}

function Groups({ report, breakdown }: { report: Funnel; breakdown: string }) {
  return (
    <Table
      caption={`The same by ${breakdown}`}
      rows={report.groups}
      leftOut={report.groups_left_out}
      columns={[
        { name: breakdown, by: (row) => row.value ?? "(none)" },
        { name: "Entered", by: (row) => row.entered, figure: true },
        { name: "Conversion", by: (row) => row.conversion.share, show: (row) => percent(row.conversion.share), figure: true },
        { name: "95 % interval", by: (row) => row.conversion.low, show: (row) => shareInterval(row.conversion), figure: true },
        { name: "n", by: (row) => row.conversion.of, show: (row) => outOf(row.conversion), figure: true },
        { name: "Above the others by", by: (row) => row.difference?.difference ?? null, show: (row) => points(row.difference?.difference ?? null), figure: true },
        { name: "Interval of that", by: (row) => row.difference?.low ?? null, show: (row) => interval(row.difference?.low ?? null, row.difference?.high ?? null, points), figure: true },
        { name: "p, adjusted", by: (row) => row.p_adjusted, show: (row) => probability(row.p_adjusted), figure: true },
        { name: "Significant", by: (row) => row.significant, show: (row) => yes(row.significant) },
      ]}
    />
  );
}
