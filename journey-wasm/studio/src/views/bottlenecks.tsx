// Where customers lose time, and where they are lost.
import { useState } from "preact/hooks";
import type { Bottlenecks, TimeRows, TimeStats } from "journey-wasm";
import { Answered, NeedsLog, once, useAnswer } from "../answers";
import { call, type RemoteLog } from "../engine";
import { count, duration, interval, outOf, percent, shareInterval, signed, yes } from "../format";
import { Choice, Fields } from "../parts/choice";
import { Picture } from "../parts/picture";
import { Table, type TableColumn } from "../parts/table";
import { funnel, loaded } from "../store";

/** The most rows of each list. */
const ROWS = 1000;

export function BottlenecksView() {
  return <NeedsLog>{(log) => <Stuck log={log} />}</NeedsLog>;
}

function Stuck({ log }: { log: RemoteLog }) {
  const [rows, setRows] = useState<TimeRows>("transitions");
  const steps = funnel.value.steps.length > 1 ? funnel.value.steps.map(({ touchpoint }) => touchpoint) : [];
  const key = JSON.stringify(["bottlenecks", steps]);
  const answer = useAnswer(() => once(log, key, () => call("bottlenecks", log, { steps, limit: ROWS })), [log, key]);
  return (
    <Answered answer={answer}>
      {(report) => (
        <>
          {report.total_seconds === null ? (
            <p>The log has no times, so only losses are listed.</p>
          ) : (
            <>
              <p class="soft">{report.measure === "waiting" ? "Time from the end of one event to the start of the next." : "Time from one event to the next."} The bottlenecks are the fewest that together make up 80 % of all delay.</p>
              <Fields>
                <Choice label="Time between" value={rows} onChange={setRows} of={[["transitions", "touchpoints, each pair"], ["touchpoints", "a touchpoint and whatever is next"]]} />
              </Fields>
              <Picture name="bottlenecks" draw={(size) => call("renderTimes", report, loaded.value?.summary ?? null, { ...size, rows })} inputs={[report, rows]} />
              {rows === "transitions" ? <Ways report={report} /> : <Places report={report} />}
            </>
          )}
          <Losses report={report} />
        </>
      )}
    </Answered>
  );
}

/** The columns of times. */
function times<Row>(of: (row: Row) => TimeStats | null): TableColumn<Row>[] {
  const figure = (name: string, seconds: (stats: TimeStats) => number | null): TableColumn<Row> => {
    const by = (row: Row) => {
      const stats = of(row);
      return stats && seconds(stats);
    };
    return { name, by, show: (row) => duration(by(row)), figure: true };
  };
  return [
    { name: "n", by: (row) => of(row)?.n ?? null, show: (row) => count(of(row)?.n ?? null), figure: true },
    figure("Median", (stats) => stats.median_seconds),
    figure("Mean", (stats) => stats.mean_seconds),
    {
      name: "95 % interval of the mean",
      by: (row) => of(row)?.mean_low_seconds ?? null,
      show: (row) => interval(of(row)?.mean_low_seconds ?? null, of(row)?.mean_high_seconds ?? null, duration),
      figure: true,
    },
    figure("90th percentile", (stats) => stats.p90_seconds),
    figure("95th percentile", (stats) => stats.p95_seconds),
  ];
}

function Ways({ report }: { report: Bottlenecks }) {
  const waiting = report.measure === "waiting";
  return (
    <Table
      caption="Delay between touchpoints"
      rows={report.transitions}
      leftOut={report.transitions_left_out}
      columns={[
        { name: "From", by: (row) => row.source },
        { name: "To", by: (row) => row.target },
        { name: "Share of all delay", by: (row) => row.delay_share, show: (row) => percent(row.delay_share), figure: true },
        ...times<Bottlenecks["transitions"][number]>((row) => (waiting ? row.waiting : row.time)),
        { name: "Bottleneck", by: (row) => row.bottleneck, show: (row) => yes(row.bottleneck) },
        {
          name: "Trend a day",
          meaning: "By how much it changes in a day, where that is more than chance",
          by: (row) => row.trend?.slope_seconds_per_day ?? null,
          show: (row) => signed(duration)(row.trend?.slope_seconds_per_day ?? null),
          figure: true,
        },
      ]}
    />
  );
}

function Places({ report }: { report: Bottlenecks }) {
  const waiting = report.measure === "waiting";
  return (
    <Table
      caption={waiting ? "Waiting for a touchpoint" : "From a touchpoint to what is next"}
      rows={report.touchpoints}
      leftOut={report.touchpoints_left_out}
      columns={[
        { name: "Touchpoint", by: (row) => row.touchpoint },
        { name: "Share of all delay", by: (row) => row.delay_share, show: (row) => percent(row.delay_share), figure: true },
        ...times<Bottlenecks["touchpoints"][number]>((row) => (waiting ? row.waiting : row.time)),
        { name: "Bottleneck", by: (row) => row.bottleneck, show: (row) => yes(row.bottleneck) },
      ]}
    />
  );
}

function Losses({ report }: { report: Bottlenecks }) {
  return (
    <Table
      caption={funnel.value.steps.length > 1 ? "Losses between the steps of the funnel" : "Losses: journeys that went no further than here"}
      rows={report.conversions}
      leftOut={report.conversions_left_out}
      columns={[
        { name: "From", by: (row) => row.source },
        { name: "To", by: (row) => row.target ?? "(anything)" },
        { name: "Lost", by: (row) => row.lost, figure: true },
        { name: "Went on", by: (row) => row.conversion.share, show: (row) => percent(row.conversion.share), figure: true },
        { name: "95 % interval", by: (row) => row.conversion.low, show: (row) => shareInterval(row.conversion), figure: true },
        { name: "n", by: (row) => row.conversion.of, show: (row) => outOf(row.conversion), figure: true },
        { name: "Bottleneck", by: (row) => row.bottleneck, show: (row) => yes(row.bottleneck) },
      ]}
    />
  );
}
