// Lines that a type checker has to understand, of the small module; nobody runs them.
import type { Transitions as OfTheWhole } from "../pkg/index.js";
import { JourneyMapElement } from "../pkg/small/element.js";
import { type EventLog, type JourneyError, JourneyMap, type Summary, type Transitions, type TransitionRow, discover, emotionCurve, init, logFromColumns, pictureElement, renderFlow, renderMap, summary, transitions } from "../pkg/small/index.js";
// @ts-expect-error the small module has no funnels
import { funnel } from "../pkg/small/index.js";
// @ts-expect-error and reads no files
import { readLog } from "../pkg/small/index.js";
// @ts-expect-error nor rows of unknown form
import { logFromRows } from "../pkg/small/index.js";

await init();
const log: EventLog = logFromColumns({ journey: ["a"], touchpoint: ["b"], time: [new Date()] }).select({ touchpoints: ["b"] });
const report: Transitions = transitions(log, { limit: 3 });
// Reports are of the same type, whichever module gave them.
const same: OfTheWhole = report;
const row: TransitionRow | undefined = same.rows[0];
const about: Summary = summary(log);
const map: JourneyMap = discover(log);
const measured: number | null | undefined = emotionCurve(map).steps[0]?.measured;
const picture: string = renderMap(map, { emotion_curve: emotionCurve(map, log) }, { lang: "it" }) + renderFlow(report, map);
const drawn: SVGSVGElement = pictureElement(picture);

const element: JourneyMapElement = document.createElement("journey-map");
element.map = map;
element.flow = report;
element.addEventListener("journey-error", ({ detail }) => console.log((detail.error as JourneyError).code, drawn, measured, about.journeys, row?.count));
// @ts-expect-error options are checked
transitions(log, { limitt: 3 });
// @ts-expect-error the element of the small module draws no steps
element.stepFlow = null;
