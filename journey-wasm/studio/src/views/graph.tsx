// The journey graph: which touchpoint follows which.
import { useEffect, useRef, useState } from "preact/hooks";
import type { FlowColor, JourneyMap, MapData, RenderFlowOptions, Transitions } from "journey-wasm";
import type { JourneyMapElement, JourneyMapEventMap } from "journey-wasm/element";
import type { RemoteHandle } from "journey-wasm/worker";
import { Answered, NeedsLog, once, useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, duration, outOf, percent, shareInterval } from "../format";
import { Choice, Fields, NumberField } from "../parts/choice";
import { Table } from "../parts/table";
import { map, theme } from "../store";

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
  return (
    <>
      <p class="soft">Touchpoints and the ways between them; the wider a line, the more often the way was taken. Select a touchpoint to list its ways alone.</p>
      <Fields>
        <Choice label="Colour says" value={colour} of={COLOURS} onChange={setColour} />
        <NumberField label="Touchpoints drawn" value={touchpoints} least={1} most={200} onChange={setTouchpoints} />
        <NumberField label="Ways drawn" value={transitions} least={1} most={400} onChange={setTransitions} />
        {map.value && (
          <label class="row tick"><input type="checkbox" checked={inStages} onChange={(event) => setInStages(event.currentTarget.checked)} /> In the stages of the map</label>
        )}
      </Fields>
      <Answered answer={answer}>
        {(report) => <Ways report={report} stages={inStages ? map.value : null} colour={colour} touchpoints={touchpoints} transitions={transitions} />}
      </Answered>
    </>
  );
}

interface Properties {
  report: Transitions;
  /** The map in whose stages touchpoints stand, if they do. */
  stages: MapData | null;
  colour: FlowColor;
  touchpoints: number;
  transitions: number;
}

/** The picture of the ways, and their table: of all, or of the touchpoint that is selected. */
function Ways({ report, stages, colour, touchpoints, transitions }: Properties) {
  const place = useRef<JourneyMapElement>(null);
  const [selected, select] = useState<string | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const options: RenderFlowOptions = { color_by: colour, limit: touchpoints, transitions };
    // In the worker: to read a long report takes longer than the page should be held up.
    element.draw = (size) => {
      const draw = (drawn: RemoteHandle<JourneyMap> | null) => call("renderFlow", report, drawn, { ...size, ...options });
      return stages ? withMap(stages, draw) : draw(null);
    };
    element.controls = true;
  }, [report, stages, colour, touchpoints, transitions]);
  useEffect(() => {
    const element = place.current;
    const onSelect = ({ detail }: JourneyMapEventMap["journey-select"]): void => select(detail.touchpoint);
    element?.addEventListener("journey-select", onSelect);
    return () => element?.removeEventListener("journey-select", onSelect);
  }, []);
  useEffect(() => select(null), [report]);
  useEffect(() => {
    if (place.current) place.current.selected = selected;
  }, [selected]);
  const rows = selected === null ? report.rows : report.rows.filter(({ source, target }) => source === selected || target === selected);
  return (
    <>
      <journey-map ref={place} theme={theme.value} />
      <p role="status">
        {selected !== null && <>Ways to and from <bdi>{selected}</bdi>. <button type="button" class="small" onClick={() => select(null)}>List all ways</button></>}
      </p>
      <Table
        caption={`Ways taken, ${count(report.total)} in ${count(report.journeys)} journeys`}
        rows={rows}
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
  );
}
