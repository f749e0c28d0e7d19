// Lines that a type checker has to understand; `tsc --strict` reads this file, nobody runs it.
import { type Bottlenecks, EventLog, type JourneyError, JourneyMap, Monitor, State, bottlenecks, emotionCurve, explainFunnels, funnel, init, pictureElement, renderMap } from "../pkg/index.js";

await init();
const log: EventLog = EventLog.fromCsv(new ArrayBuffer(0), { journey: "customer", score_scale: "stars" });
const paid: EventLog = log.mark("paid", { with_path: "pay" }, { yes: "paid" }).splitSessions("30m").collapseRepeats();
const few: EventLog = paid.selectJourneys({ max_events: 3, with_event: { channels: ["web"] } }).rename({ a: "b" });
const steps = ["cart", "pay"] as const;
const report: Bottlenecks = bottlenecks(log.select(), { steps, pareto: 0.9 });
const median: number | undefined = report.transitions[0]?.time.median_seconds;
const target: string | null | undefined = report.conversions[0]?.target;
const map = JourneyMap.fromData({
  name: "Shop",
  stages: [{ id: "buy", name: "Buy" }],
  touchpoints: [{ id: "pay", name: "Pay", stage: "buy", expected_score: 1 }],
});
const measured: number | null | undefined = emotionCurve(map).steps[0]?.measured;
const picture: string = renderMap(map, { emotion_curve: emotionCurve(map) }, { lang: "it" });
const drawn: SVGSVGElement = pictureElement(picture);
const checkout = { name: "checkout", touchpoints: ["cart", "basket"] };
const reached: number | undefined = funnel(log, ["visit", checkout], { window: "7d" }).steps[1]?.reached;
const why = explainFunnels(log, ["visit", "pay"], { preset: "mixpanel" }, { preset: "posthog" }, { examples: 1 });
const example: string | undefined = why.reasons[0]?.examples[0]?.journey;
const state = new State({ conversion: ["pay"], quantile_error: 0.005 });
state.update(log);
const exact: number | null | undefined = State.fromBytes(state.toBytes()).transitions({ limit: 5 }).quantile_error;
const monitor = new Monitor({ inactive_after: "30m", state: { steps: 5 } });
monitor.feed([{ journey: "ann", touchpoint: "visit", time: "2024-03-13", score: 1 }]);
const open: number = monitor.status().open_journeys + (exact ?? 0);
try {
  emotionCurve(map, log, { confidence: 0.9 });
} catch (error) {
  const code: "internal" | "invalid_option" | string = (error as JourneyError).code;
  console.log(code, median, target, measured, few.length, picture, drawn.viewBox);
  console.log(code, median, target, measured, reached, example, open);
}
// @ts-expect-error the option is called `steps`
bottlenecks(log, { stepps: [] });
// @ts-expect-error an event has a touchpoint
monitor.feed([{ journey: "ann", time: "2024-03-13" }]);
// @ts-expect-error there is no such scale
EventLog.fromCsv("", { score_scale: "starz" });
// @ts-expect-error reports are read only
report.journeys = 3;
