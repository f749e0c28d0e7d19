// Lines that a type checker has to understand, of the entries besides the first; nobody runs them.
import { logFromArrow } from "../pkg/arrow.js";
import { type RemoteHandle, startWorker } from "../pkg/client.js";
import { JourneyMapElement } from "../pkg/element.js";
import { type Bottlenecks, type EventLog, logFromColumns, logFromRows, readLog } from "../pkg/index.js";

const log: EventLog = await readLog(new Blob([]), { journey: "id" }, { format: "csv", onProgress: (bytes, total, events) => bytes < (total ?? events), signal: AbortSignal.timeout(1) });
const rows: EventLog = logFromRows([{ journey: "a" }], { attributes: ["device"] });
const columns: EventLog = logFromColumns({ journey: ["a"], touchpoint: { names: ["b"], codes: Uint32Array.of(0) }, time: [new Date(), 1], score: [null, 1] });
const table: EventLog = logFromArrow({ getChild: () => null }, { journey: "id", order: "as_given" });

using worker = startWorker();
const remote: RemoteHandle<EventLog> = await worker.call("readLog", new Blob([]), {}, { onProgress: () => undefined });
const report: Bottlenecks = await worker.call("bottlenecks", remote, { limit: 3 });
const few: RemoteHandle<EventLog> = await remote.call("select", { touchpoints: ["a"] });
const length: number = await few.call("length");
const state = await worker.call("new State", { steps: 3 });
await state.call("update", few);
const bytes: Uint8Array = await state.call("toBytes");

const element: JourneyMapElement = document.createElement("journey-map");
element.lanes = ["emotions"];
element.emotion = "measured";
element.draw = async (options) => worker.call("renderFlow", await worker.call("transitions", remote), null, options);
const heard = () => undefined;
element.addEventListener("journey-draw", heard);
element.removeEventListener("journey-draw", heard);
element.addEventListener("journey-select", ({ detail }) => console.log(detail.touchpoint?.length, log, rows, columns, table, report, length, bytes));
// @ts-expect-error a handle of the worker is asked there
log.select(remote);
// @ts-expect-error there is no such question
await worker.call("bottleneck", remote);
// @ts-expect-error options are checked
await worker.call("bottlenecks", remote, { limitt: 3 });
// @ts-expect-error there is no such lane
element.lanes = ["emotion"];
// @ts-expect-error there is no such choice
element.emotion = "hoped";
// @ts-expect-error a column is missing
logFromColumns({ journey: [] });
