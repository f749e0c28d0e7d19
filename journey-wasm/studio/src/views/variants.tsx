// The paths that journeys take, the most frequent first.
import { useState } from "preact/hooks";
import { Answered, NeedsLog, once, useAnswer } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, decimal, many, outOf, percent, shareInterval } from "../format";
import { Fields, NumberField } from "../parts/choice";
import { Table } from "../parts/table";

export function VariantsView() {
  return <NeedsLog>{(log) => <Paths log={log} />}</NeedsLog>;
}

/** How many touchpoints of a path are shown before the rest has to be asked for. */
const SHOWN = 12;

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
  const [limit, setLimit] = useState(100);
  const answer = useAnswer(() => once(log, `variants ${limit}`, () => call("variants", log, { limit })), [log, limit]);
  return (
    <>
      <Fields><NumberField label="Variants listed" value={limit} least={1} most={5000} onChange={setLimit} /></Fields>
      <Answered answer={answer}>
        {(report) => (
          <>
            <p>
              {many(report.journeys, "journey")} take {many(report.variants, "distinct path")}; {count(report.singletons)} of them are taken by one journey only.
              The {many(report.variants_for_coverage, "most frequent path", "most frequent paths")} cover {percent(report.coverage)} of the journeys.
              Entropy: {decimal(report.normalised_entropy)} of 1, where every journey would take a path of its own.
            </p>
            <Table
              caption="Variants"
              rows={report.rows.map((row, place) => ({ ...row, rank: place + 1 }))}
              leftOut={report.rows_left_out}
              columns={[
                { name: "Rank", by: (row) => row.rank },
                { name: "Path", by: (row) => row.touchpoints.join(" "), show: (row) => <Path touchpoints={row.touchpoints} />, wide: true },
                { name: "Events", by: (row) => row.touchpoints.length, figure: true },
                { name: "Journeys", by: (row) => row.coverage.n, show: (row) => outOf(row.coverage), figure: true },
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
