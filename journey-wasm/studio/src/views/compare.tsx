// Segments beside each other, and two of them compared.
import { useEffect, useState } from "preact/hooks";
import type { Finding, FindingKind, Segments } from "journey-wasm";
import { Answered, NeedsLog, once, useAnswer } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, decimal, duration, interval, many, outOf, percent, points, probability, shareInterval, signed, yes } from "../format";
import { Choice, Fields } from "../parts/choice";
import { Picture } from "../parts/picture";
import { Table } from "../parts/table";
import { Words } from "../parts/words";
import { funnel, goal, loaded } from "../store";

/** The most segments that are listed. */
const ROWS = 500;

export function CompareView() {
  return <NeedsLog>{(log) => <Compare log={log} attributes={loaded.value?.summary.attributes ?? []} />}</NeedsLog>;
}

function Compare({ log, attributes }: { log: RemoteLog; attributes: readonly string[] }) {
  const [chosen, choose] = useState("");
  const attribute = attributes.includes(chosen) ? chosen : (attributes[0] ?? "");
  const conversion = goal.value;
  const key = JSON.stringify(["segments", attribute, conversion]);
  const answer = useAnswer(() => (attribute === "" ? null : once(log, key, () => call("segments", log, attribute, { conversion, limit: ROWS }))), [log, key]);
  if (attribute === "") return <p>The log has no segments. <a href="#data">Read it again</a>, and give a column the role “Segment”.</p>;
  return (
    <>
      <Fields><Choice label="Segments by" value={attribute} of={attributes.map((name) => [name, name] as const)} onChange={choose} /></Fields>
      {conversion.length === 0 && <p class="soft">No goal is set, so conversion is not compared. <a href="#data">Set it under Data.</a></p>}
      <Answered answer={answer}>
        {(report) => (
          <>
            <Beside report={report} />
            {report.attribute === attribute && <Two log={log} report={report} />}
          </>
        )}
      </Answered>
    </>
  );
}

function Beside({ report }: { report: Segments }) {
  return (
    <>
      <Table
        caption={`Segments by ${report.attribute}`}
        rows={report.rows}
        leftOut={report.rows_left_out}
        columns={[
          { name: "Segment", by: (row) => row.value },
          { name: "Journeys", by: (row) => row.journeys, figure: true },
          { name: "Events per journey", by: (row) => row.events_per_journey, show: (row) => decimal(row.events_per_journey), figure: true },
          { name: "Conversion", by: (row) => row.conversion?.share ?? null, show: (row) => percent(row.conversion?.share ?? null), figure: true },
          { name: "95 % interval", by: (row) => row.conversion?.low ?? null, show: (row) => shareInterval(row.conversion), figure: true },
          { name: "n", by: (row) => row.conversion?.of ?? null, show: (row) => (row.conversion ? outOf(row.conversion) : "–"), figure: true },
          { name: "Above the others by", by: (row) => row.conversion_difference?.difference ?? null, show: (row) => points(row.conversion_difference?.difference ?? null), figure: true },
          { name: "Significant", by: (row) => row.conversion_significant, show: (row) => yes(row.conversion_significant) },
          { name: "Median length", by: (row) => row.throughput?.median_seconds ?? null, show: (row) => duration(row.throughput?.median_seconds ?? null), figure: true },
          { name: "Mean score", by: (row) => row.score, show: (row) => decimal(row.score), figure: true },
          { name: "Interval of the score", by: (row) => row.score_low, show: (row) => interval(row.score_low, row.score_high, decimal), figure: true },
          { name: "Stands out by", by: (row) => row.distinctive?.touchpoint ?? null, show: (row) => (row.distinctive ? `${row.distinctive.touchpoint}: ${percent(row.distinctive.share.share)} against ${percent(row.distinctive.rest.share)}` : "–"), wide: true },
        ]}
      />
      {report.without_value > 0 && <p class="soft">{many(report.without_value, "journey")} without a value.</p>}
    </>
  );
}

function Two({ log, report }: { log: RemoteLog; report: Segments }) {
  const values = report.rows.map((row) => row.value);
  const [a, setA] = useState(values[0] ?? "");
  const [b, setB] = useState(values[1] ?? "");
  useEffect(() => {
    setA(values[0] ?? "");
    setB(values[1] ?? "");
  }, [report.attribute]);
  const options = { conversion: goal.value, steps: funnel.value.steps.length > 1 ? funnel.value.steps.map(({ touchpoint }) => touchpoint) : [] };
  const known = values.includes(a) && values.includes(b) && a !== b;
  const key = JSON.stringify(["compare", report.attribute, a, b, options]);
  const answer = useAnswer(() => (known ? once(log, key, () => call("compareGroups", log, report.attribute, a, b, options)) : null), [log, key, known]);
  if (values.length < 2) return <p>There is one segment only, so there is nothing to compare.</p>;
  const named = values.map((value) => [value, value] as const);
  return (
    <section aria-label="Two segments compared">
      <h2>Two segments compared</h2>
      <Fields>
        <Choice label="Compare" value={b} of={named} onChange={setB} />
        <Choice label="with" value={a} of={named} onChange={setA} />
      </Fields>
      {!known && <p role="status">Choose two different segments.</p>}
      <Answered answer={answer}>
        {(comparison) => (
          <>
            <p>
              {many(comparison.b.journeys, "journey")} of <bdi>{comparison.b.name}</bdi>, {count(comparison.a.journeys)} of <bdi>{comparison.a.name}</bdi>: {count(comparison.significant)} of {many(comparison.tests, "test")} found
              a significant difference, at a false discovery rate of {percent(comparison.false_discovery_rate)}.
            </p>
            <p class="soft">
              This can differ from the table above: there, each segment is compared with all others together, and only the few tests of that table are corrected for; here,
              two segments are compared, and p is corrected for all {many(comparison.tests, "test")}. An interval is that of one difference by itself.
            </p>
            {comparison.warnings.map((warning) => <p key={warning} class="soft" dir="auto"><Words of={warning} /></p>)}
            <Sentences findings={comparison.findings} />
            <Picture name="comparison" draw={(size) => call("renderComparison", comparison, size)} inputs={[comparison]} />
            <Differences findings={comparison.findings} leftOut={comparison.findings_left_out} a={comparison.a.name} b={comparison.b.name} />
          </>
        )}
      </Answered>
    </section>
  );
}

const KINDS: Record<FindingKind, string> = {
  conversion: "Conversion",
  step_reach: "Reach of a step",
  step_conversion: "From step to step",
  visit: "Visits",
  transition: "Goes this way",
  throughput_time: "Length of a journey",
  transition_time: "Time between",
  events_per_journey: "Events per journey",
  score: "Score",
  touchpoint_score: "Score at a touchpoint",
  variant_mix: "Mix of paths",
};

/** What a finding is about. */
function about({ kind, touchpoint, source, target }: Finding): string {
  const between = kind === "transition" || kind === "transition_time" || kind === "step_conversion";
  const place = touchpoint ?? (between ? `${source ?? "(start)"} → ${target ?? "(end)"}` : null);
  return place === null ? KINDS[kind] : `${KINDS[kind]}: ${place}`;
}

/** The most differences that are said in words. */
const SAID = 5;

/** The largest differences that are more than chance, in words. */
function Sentences({ findings }: { findings: readonly Finding[] }) {
  const said = findings.filter(({ significant }) => significant).slice(0, SAID);
  return <ul>{said.map(({ sentence }) => <li key={sentence} dir="auto"><Words of={sentence} /></li>)}</ul>;
}

/** A figure of a finding, by what it is. */
function figure(finding: Finding): (value: number | null) => string {
  if (finding.a_share) return percent;
  return finding.kind.endsWith("time") ? duration : decimal;
}

function Differences({ findings, leftOut, a, b }: { findings: readonly Finding[]; leftOut: number; a: string; b: string }) {
  const difference = (row: Finding) => (row.a_share ? points : signed(figure(row)));
  return (
    <Table
      caption="Differences, the largest significant ones first"
      rows={findings}
      leftOut={leftOut}
      columns={[
        { name: "What", by: about },
        { name: b, by: (row) => row.b, show: (row) => figure(row)(row.b), figure: true },
        { name: `n, ${b}`, by: (row) => row.b_n, figure: true },
        { name: a, by: (row) => row.a, show: (row) => figure(row)(row.a), figure: true },
        { name: `n, ${a}`, by: (row) => row.a_n, figure: true },
        { name: "Difference", by: (row) => row.difference, show: (row) => difference(row)(row.difference), figure: true },
        { name: "95 % interval", by: (row) => row.low, show: (row) => interval(row.low, row.high, difference(row)), figure: true },
        { name: "Effect", meaning: "On the scale of Cohen's d: 0.2 is called small, 0.5 medium, 0.8 large", by: (row) => row.effect_as_d, show: (row) => signed(decimal)(row.effect_as_d), figure: true },
        { name: "p, adjusted", by: (row) => row.p_adjusted, show: (row) => probability(row.p_adjusted), figure: true },
        { name: "Significant", by: (row) => row.significant, show: (row) => yes(row.significant) },
      ]}
    />
  );
}
