// Logs and maps into the studio: from files, from the example, and a map from a log.
import type { FeedbackMatches, FeedbackOptions, MapData, ReadOptions, UnmatchedReason } from "journey-wasm";
import exampleLog from "../../../tests/data/ecom/ecom.csv.gz?url";
import exampleRatings from "../../../tests/data/ecom-synthetic-feedback/feedback.csv?url";
import exampleMap from "../../../docs/examples/ecom-current-state.journey.json?url";
import { feedbackOptions, guess, readOptions, type Kind } from "./columns";
import { count, percent } from "./format";
import { call, type RemoteLog } from "./engine";
import { sample } from "./sample";
import { asError, funnel, goal, go, loaded, loading, map, NO_FUNNEL, problem, source, unsaved, view, type Loaded } from "./store";

/** Of the progress that is shown, the share of taking in; the rest is reading. */
const TAKING_IN = 0.3;

/** Looks at a file, and asks what its columns hold. */
export async function choose(file: File, of: Kind = "log"): Promise<void> {
  problem.value = null;
  try {
    const begun = await sample(file);
    if (of === "ratings" && begun.format !== "csv") throw new Error(`${file.name}: ratings are read from CSV, plain or gzip`);
    source.value = { of, file, sample: begun, choice: guess(begun, of) };
    if (view.value !== "data") go("data");
  } catch (error) {
    problem.value = asError(error);
  }
}

/** Reads the file that was chosen. */
export async function readChosen(): Promise<void> {
  const chosen = source.value;
  if (!chosen) return;
  const { of, file, sample: begun, choice } = chosen;
  if (of === "ratings") return readRatings(file, feedbackOptions(begun, choice));
  const done = await watched(file.name, async (watch) => ({ log: await reading(file, readOptions(begun, choice), watch), rated: false, notes: [] }));
  if (!done) return;
  source.value = null;
  goal.value = (map.value?.outcome?.conversions ?? []).filter((one) => names().includes(one));
  funnel.value = NO_FUNNEL;
}

/** Reads what customers said, and joins it to the log that is loaded. */
async function readRatings(file: File, options: FeedbackOptions): Promise<void> {
  const before = loaded.value;
  if (!before) return;
  const done = await watched(before.name, async () => {
    const feedback = await call("Feedback.fromCsv", new Uint8Array(await file.arrayBuffer()), options);
    try {
      const matches = await call("matchFeedback", before.log, feedback);
      return { log: await before.log.call("withFeedback", feedback), rated: true, notes: [...before.notes, joined(file.name, matches)] };
    } finally {
      feedback.free();
    }
  });
  if (done) source.value = null;
}

const REASONS: Record<UnmatchedReason, string> = {
  unknown_customer: "of customers who are not in the log",
  unknown_touchpoint: "about touchpoints that are not in the log",
  no_visit_before: "from before the visit they are about",
  outside_window: "too long after the visit",
};

/** Says how many answers belong to a visit, and why others do not. */
function joined(name: string, { matched, unmatched }: FeedbackMatches): string {
  const reasons = unmatched.map(({ answers, reason }) => `${count(answers)} ${REASONS[reason]}`);
  const rest = reasons.length > 0 ? ` The others: ${reasons.join(", ")}.` : "";
  return `Ratings of ${name}: ${count(matched.n)} of ${count(matched.of)} (${percent(matched.share)}) belong to a visit.${rest}`;
}

/** Reads the example: clicks in a web shop, ratings that were made up for it, and the team's map. */
export async function openExample(): Promise<void> {
  if (unsaved.value && !confirm("The example brings its own map. The map that is open is not saved; open the example all the same?")) return;
  const notes = ["The measured scores are synthetic: ratings drawn from a seed, given by nobody."];
  const done = await watched("The example: a web shop", async (watch) => {
    const [bytes, ratings, drawn] = await Promise.all([fetched(exampleLog), fetched(exampleRatings), fetched(exampleMap)]);
    const columns: ReadOptions = {
      journey: "user_id",
      touchpoint: "event",
      time: "timestamp",
      attributes: ["platform", "acquisition_channel", "user_cohort", "user_lifecycle"],
    };
    const log = await reading(bytes, columns, watch);
    try {
      const stars = { customer: "user_id", time: "timestamp", touchpoint: "event", score: "stars", score_scale: "stars" } as const;
      const feedback = await call("Feedback.fromCsv", await ratings.text(), stars);
      try {
        const rated = await log.call("withFeedback", feedback);
        map.value = JSON.parse(await drawn.text()) as MapData;
        unsaved.value = false;
        return { log: rated, rated: true, notes };
      } finally {
        feedback.free();
      }
    } finally {
      log.free();
    }
  });
  if (!done) return;
  source.value = null;
  goal.value = map.value?.outcome?.conversions ?? [];
  const steps = ["product_view", "add_to_cart", "cart", "shipping_details", "payment_details", "purchase"];
  funnel.value = { ...NO_FUNNEL, steps: steps.map((touchpoint, id) => ({ id, touchpoint })) };
}

/** Draws a map of what the log holds. */
export async function discoverMap(): Promise<void> {
  const log = loaded.value?.log;
  if (!log) return;
  try {
    const found = await call("discover", log);
    try {
      map.value = await found.call("toData");
      unsaved.value = true;
    } finally {
      found.free();
    }
  } catch (error) {
    problem.value = asError(error);
  }
}

/** Names of the touchpoints of the log. */
export function names(): string[] {
  return loaded.value?.summary.touchpoints.map(({ touchpoint }) => touchpoint) ?? [];
}

interface Watch {
  onProgress(bytes: number, total: number | null, events: number): void;
  signal: AbortSignal;
}

/** Reads with progress, and puts the log in the place of the one before; whether it did. */
async function watched(name: string, read: (watch: Watch) => Promise<Pick<Loaded, "log" | "rated" | "notes">>): Promise<boolean> {
  loading.value?.cancel();
  problem.value = null;
  const ends = new AbortController();
  const cancel = () => ends.abort(new DOMException("reading was broken off", "AbortError"));
  const mine = () => !ends.signal.aborted;
  loading.value = { name, done: null, events: 0, cancel };
  let takenIn = false;
  const onProgress = (bytes: number, total: number | null, events: number) => {
    if (!mine()) return;
    const part = total === null || total === 0 ? null : Math.min(1, bytes / total);
    const shown = part === null ? null : takenIn ? TAKING_IN + (1 - TAKING_IN) * part : TAKING_IN * part;
    if (part === 1) takenIn = true;
    loading.value = { name, done: shown, events, cancel };
  };
  try {
    const { log, rated, notes } = await read({ onProgress, signal: ends.signal });
    const summary = await call("summary", log);
    if (!mine()) {
      log.free();
      return false;
    }
    loaded.value?.log.free();
    loaded.value = { name, log, summary, rated, notes };
    return true;
  } catch (error) {
    if (mine()) problem.value = asError(error);
    return false;
  } finally {
    if (loading.value?.cancel === cancel) loading.value = null;
  }
}

async function reading(file: Blob, options: ReadOptions, watch: Watch): Promise<RemoteLog> {
  return call("readLog", file, options, watch);
}

/** A file that lies beside the page. */
async function fetched(address: string): Promise<Blob> {
  const response = await fetch(new URL(address, document.baseURI));
  if (!response.ok) throw new Error(`the example could not be loaded: ${response.status} ${response.statusText}`);
  return response.blob();
}
