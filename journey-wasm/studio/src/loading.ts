// Logs and maps into the studio: from files, from the example, and a map from a log.
import type { FeedbackMatches, MapData, ReadOptions, UnmatchedReason } from "journey-wasm";
import exampleLog from "../../../tests/data/ecom/ecom.csv.gz?url";
import exampleRatings from "../../../tests/data/ecom-synthetic-feedback/feedback.csv?url";
import exampleMap from "../../../docs/examples/ecom-current-state.journey.json?url";
import { feedbackOptions, FIELDS, guess, readOptions, type Kind } from "./columns";
import { count, percent } from "./format";
import { call, type RemoteLog } from "./engine";
import { pause } from "./parts/pieces";
import { sample } from "./sample";
import { asError, funnel, goal, go, loaded, loading, map, mapFile, NO_FUNNEL, problem, source, unsaved, view, type Loaded, type Source } from "./store";

/** Of the progress that is shown, the share of taking in; the rest is reading. */
const TAKING_IN = 0.3;

/** Takes files that are dropped anywhere; else the browser would open them in place of the studio. */
export function takeDrops(): void {
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    const { files, items } = event.dataTransfer ?? {};
    const file = files?.[0];
    if (!files || !file) return;
    if (items?.[0]?.webkitGetAsEntry()?.isDirectory) problem.value = new Error(`${file.name} is a folder. Drop a file of it.`);
    else void choose(file, "log", files.length > 1 ? [`One file is read at a time. Of the ${files.length} files, this is ${file.name}.`] : []);
  });
}

/** Bytes of JSON that are looked through for a map; it is written by people. */
const LARGEST_MAP = 8e6;

/** What is opened as a map: by the ending of its name, and for JSON by what it holds. */
async function isMap(file: File): Promise<boolean> {
  if (/\.(ya?ml|mmd|mermaid)$/i.test(file.name)) return true;
  // In the editor a file is a map, but for what can only be a log.
  if (view.value === "map") return !/\.(csv|tsv|xes|gz|ndjson|jsonl|xlsx?)$/i.test(file.name) && !/^\s*\[/.test(await file.slice(0, 99).text());
  if (!/\.json$/i.test(file.name) || file.size > LARGEST_MAP) return false;
  try {
    return "stages" in JSON.parse(await file.text());
  } catch {
    return false;
  }
}

/** Looks at a file, and asks what its columns hold; one that is a map goes to the editor. */
export async function choose(file: File, of: Kind = "log", notes: readonly string[] = []): Promise<void> {
  problem.value = null;
  try {
    if (of === "log" && (await isMap(file))) {
      mapFile.value = file;
      return go("map");
    }
    const begun = await sample(file);
    await pause();
    if (of === "ratings" && begun.format !== "csv") throw new Error(`${file.name}: ratings are read from CSV, plain or gzip`);
    source.value = { of, file, notes, sample: begun, choice: guess(begun, of) };
    go("data");
  } catch (error) {
    problem.value = asError(error);
  }
}

/** Reads the file that was chosen. */
export async function readChosen(): Promise<void> {
  const chosen = source.value;
  if (!chosen) return;
  const { of, file, sample: begun, choice } = chosen;
  const done = of === "ratings" ? await readRatings(chosen) : await watched(file.name, async (watch) => {
    const log = await reading(await begun.read(), readOptions(begun, choice), watch);
    return { log, bare: log, notes: [] };
  });
  if (!done) return;
  // Another file may have been dropped meanwhile.
  if (source.value === chosen) source.value = null;
  if (of === "ratings") return;
  goal.value = (map.value?.outcome?.conversions ?? []).filter((one) => names().includes(one));
  funnel.value = NO_FUNNEL;
}

/** Reads what customers said, and joins it to the log that is loaded, in the place of what was joined before. */
async function readRatings({ file, sample: begun, choice }: Source): Promise<boolean> {
  const before = loaded.value;
  if (!before) return false;
  const { name, bare } = before;
  return watched(name, async () => {
    const bytes = new Uint8Array(await new Response(await begun.read()).arrayBuffer());
    const feedback = await call("Feedback.fromCsv", bytes, feedbackOptions(begun, choice));
    try {
      const matches = await call("matchFeedback", bare, feedback);
      return { log: await bare.call("withFeedback", feedback), bare, notes: [joined(file.name, matches)] };
    } finally {
      feedback.free();
    }
  });
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
    const bare = await reading(bytes, columns, watch);
    const stars = { customer: "user_id", time: "timestamp", touchpoint: "event", score: "stars", score_scale: "stars" } as const;
    const feedback = await call("Feedback.fromCsv", await ratings.text(), stars);
    try {
      const log = await bare.call("withFeedback", feedback);
      map.value = JSON.parse(await drawn.text()) as MapData;
      unsaved.value = false;
      return { log, bare, notes };
    } finally {
      feedback.free();
    }
  });
  if (!done) return;
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
async function watched(name: string, read: (watch: Watch) => Promise<Pick<Loaded, "log" | "bare" | "notes">>): Promise<boolean> {
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
    // Of a stream nobody knows how long it is until it is taken in.
    if (part === 1 || part === null) takenIn = true;
    loading.value = { name, done: shown, events, cancel };
  };
  try {
    const next = await read({ onProgress, signal: ends.signal });
    const summary = await call("summary", next.log);
    const before = loaded.value;
    if (!mine() || summary.events === 0) {
      release(next, before);
      if (mine()) throw new Error(`${name} has no events.`);
      return false;
    }
    loaded.value = { name, summary, ...next };
    release(before, next);
    return true;
  } catch (error) {
    if (mine()) problem.value = told(error);
    return false;
  } finally {
    if (loading.value?.cancel === cancel) loading.value = null;
  }
}

type Logs = Pick<Loaded, "log" | "bare">;

/** Gives back logs, but for those that are still in use. */
function release(logs: Logs | null, used: Logs | null): void {
  for (const log of new Set([logs?.log, logs?.bare])) if (log !== used?.log && log !== used?.bare) log?.free();
}

/** An error in which options have the names that they have on the page. */
function told(thrown: unknown): Error {
  const error: Error & { field?: string } = asError(thrown);
  for (const [option, field] of Object.entries(FIELDS)) {
    error.message = error.message.replace(new RegExp(`(the option )?\`${option}\``), `“${field}”`);
    if (error.field === option) error.field = field;
  }
  return error;
}

async function reading(file: Blob | ReadableStream<Uint8Array>, options: ReadOptions, watch: Watch): Promise<RemoteLog> {
  return call("readLog", file, options, watch);
}

/** A file that lies beside the page. */
async function fetched(address: string): Promise<Blob> {
  const response = await fetch(new URL(address, document.baseURI));
  if (!response.ok) throw new Error(`the example could not be loaded: ${response.status} ${response.statusText}`);
  return response.blob();
}
