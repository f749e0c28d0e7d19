// The journey graph: which touchpoint follows which.
import { useState } from "preact/hooks";
import type { FlowColor, Transitions } from "journey-wasm";
import { Answered, NeedsLog, once, useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, duration, outOf, percent, shareInterval } from "../format";
import { Choice, Fields, NumberField } from "../parts/choice";
import { Picture } from "../parts/picture";
import { Table } from "../parts/table";
import { map } from "../store";

const COLOURS: readonly (readonly [FlowColor, string])[] = [["time", "how long it takes"], ["share", "how many go this way"], ["none", "nothing"]];

/** The most ways that are listed: more would be for nobody to read, and long to hand over. */
const ROWS = 5000;

export function GraphView() {
  return <NeedsLog>{(log) => <Graph log={log} />}</NeedsLog>;
}

function Graph({ log }: { log: RemoteLog }) {
  const [colour, setColour] = useState<FlowColor>("time");
  const [touchpoints, setTouchpoints] = useState(24);
  const [transitions, setTransitions] = useState(48);
  const [inStages, setInStages] = useState(false);
  const answer = useAnswer(() => once(log, "transitions", () => call("transitions", log, { limit: ROWS })), [log]);
  const stages = inStages ? map.value : null;
  const draw = (report: Transitions, size: { width: number; theme: "auto" | "light" | "dark" }) => {
    const options = { ...size, color_by: colour, limit: touchpoints, transitions };
    return stages ? withMap(stages, (drawn) => call("renderFlow", report, drawn, options)) : call("renderFlow", report, null, options);
  };
  return (
    <>
      <p class="soft">Touchpoints and the ways between them; the wider a line, the more often the way was taken.</p>
      <Fields>
        <Choice label="Colour says" value={colour} of={COLOURS} onChange={setColour} />
        <NumberField label="Touchpoints drawn" value={touchpoints} least={1} most={200} onChange={setTouchpoints} />
        <NumberField label="Ways drawn" value={transitions} least={1} most={400} onChange={setTransitions} />
        {map.value && (
          <label class="row tick"><input type="checkbox" checked={inStages} onChange={(event) => setInStages(event.currentTarget.checked)} /> In the stages of the map</label>
        )}
      </Fields>
      <Answered answer={answer}>
        {(report) => (
          <>
            <Picture name="journey-graph" draw={(size) => draw(report, size)} inputs={[report, colour, touchpoints, transitions, stages]} />
            <Table
              caption={`Ways taken, ${count(report.total)} in ${count(report.journeys)} journeys`}
              rows={report.rows}
              leftOut={report.rows_left_out}
              columns={[
                { name: "From", by: (row) => row.source ?? "(start)" },
                { name: "To", by: (row) => row.target ?? "(end)" },
                { name: "Times taken", by: (row) => row.count, figure: true },
                { name: "Journeys", by: (row) => row.journeys, figure: true },
                { name: "Of all ways out", by: (row) => row.p_out.share, show: (row) => percent(row.p_out.share), figure: true },
                { name: "95 % interval", by: (row) => row.p_out.low, show: (row) => shareInterval(row.p_out), figure: true },
                { name: "n", by: (row) => row.p_out.of, show: (row) => outOf(row.p_out), figure: true },
                { name: "Median time", by: (row) => row.time?.median_seconds ?? null, show: (row) => duration(row.time?.median_seconds ?? null), figure: true },
                { name: "90th percentile", by: (row) => row.time?.p90_seconds ?? null, show: (row) => duration(row.time?.p90_seconds ?? null), figure: true },
              ]}
            />
          </>
        )}
      </Answered>
    </>
  );
}
