// The emotion curve: what the team expects, and what customers said.
import { useEffect, useRef } from "preact/hooks";
import type { JourneyMapElement } from "journey-wasm/element";
import type { EmotionStep, MapData, MapReports } from "journey-wasm";
import { Answered, onMap, useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, decimal, interval, probability, yes } from "../format";
import { discoverMap } from "../loading";
import { Fit } from "../parts/fit";
import { Table } from "../parts/table";
import { loaded, map, theme } from "../store";

export function EmotionsView() {
  const data = map.value;
  if (!data) {
    return (
      <>
        <p>The emotion curve follows a map. <a href="#map">Open or draw one under Map.</a></p>
        {loaded.value && <button type="button" onClick={() => void discoverMap()}>Make a map of the log</button>}
      </>
    );
  }
  return <Curve data={data} log={loaded.value?.log ?? null} />;
}

interface Feelings extends MapReports {
  emotion_curve: NonNullable<MapReports["emotion_curve"]>;
  emotion_dips: NonNullable<MapReports["emotion_dips"]>;
}

function Curve({ data, log }: { data: MapData; log: RemoteLog | null }) {
  const answer = useAnswer<Feelings>(
    () =>
      withMap(data, async (drawn) => {
        const ask = async (named: RemoteLog | null) => ({
          emotion_curve: await call("emotionCurve", drawn, named),
          emotion_dips: await call("emotionDips", drawn, named),
        });
        return log ? onMap(log, drawn, ask) : ask(null);
      }),
    [data, log],
  );
  const touchpoint = new Map((data.touchpoints ?? []).map(({ id, name }) => [id, name]));
  const stage = new Map((data.stages ?? []).map(({ id, name }) => [id, name]));
  const named = (id: string) => touchpoint.get(id) ?? id;
  return (
    <Answered answer={answer}>
      {(reports) => (
        <>
          <p class="soft">
            {!log ? "No log is loaded, so only what the team expects is drawn." : reports.emotion_curve.scored_events + reports.emotion_curve.feedback_events === 0
              ? "The log has no scores at touchpoints of this map, so only what the team expects is drawn."
              : "Solid with discs: the mean of what customers said, with its interval. Dashed with diamonds: what the team expects."}
          </p>
          {log && <Fit data={data} log={log} />}
          {(loaded.value?.notes ?? []).map((note) => <p key={note} class="soft">{note}</p>)}
          <MapPicture data={data} reports={reports} />
          <Table
            caption="Scores, from −2 to 2"
            rows={reports.emotion_curve.steps}
            columns={[
              { name: "Touchpoint", by: (row) => named(row.touchpoint) },
              { name: "Stage", by: (row) => stage.get(row.stage) ?? row.stage },
              { name: "Expected", by: (row) => row.expected, show: (row) => decimal(row.expected), figure: true },
              { name: "Measured", by: (row) => row.measured, show: (row) => decimal(row.measured), figure: true },
              { name: "95 % interval", by: (row) => row.low, show: (row) => interval(row.low, row.high, decimal), figure: true },
              { name: "n", by: (row) => row.n, show: (row) => count(row.n), figure: true },
              { name: "Below what is expected by", by: shortfall, show: (row) => decimal(shortfall(row)), figure: true },
            ]}
          />
          <Table
            caption={`Dips of the ${reports.emotion_dips.source} curve`}
            rows={reports.emotion_dips.dips}
            columns={[
              { name: "Touchpoint", by: (row) => named(row.touchpoint) },
              { name: "Score", by: (row) => row.score, show: (row) => decimal(row.score), figure: true },
              { name: "Depth", by: (row) => row.prominence, show: (row) => decimal(row.prominence), figure: true },
              { name: "95 % interval", by: (row) => row.low, show: (row) => interval(row.low, row.high, decimal), figure: true },
              { name: "n", by: (row) => row.n, figure: true },
              { name: "p, adjusted", by: (row) => row.p_adjusted, show: (row) => probability(row.p_adjusted), figure: true },
              { name: "Significant", by: (row) => row.significant, show: (row) => yes(row.significant) },
            ]}
          />
        </>
      )}
    </Answered>
  );
}

const shortfall = (row: EmotionStep) => (row.expected === null || row.measured === null ? null : row.expected - row.measured);

/** The least width of the picture in pixels. */
const LEAST = 720;

/** The map, with what was measured. */
function MapPicture({ data, reports }: { data: MapData; reports: MapReports }) {
  const place = useRef<JourneyMapElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    // Of the ways between touchpoints nothing is drawn; a map that a log draws can have thousands.
    element.map = { ...data, transitions: [] };
    element.reports = reports;
    element.controls = true;
    element.lanes ??= ["emotions"];
  }, [data, reports]);
  // The element follows its width by itself. On a phone a curve to be scrolled is read more easily than one that is cut into a piece
  // for each touchpoint.
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const narrow = element.clientWidth < LEAST;
      if (narrow !== Boolean(element.options)) element.options = narrow ? { width: LEAST } : null;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return <journey-map ref={place} theme={theme.value} />;
}
