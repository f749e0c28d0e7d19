// Which column of a file holds what: a guess by their names and values, and what a reader makes of it.
import type { FeedbackOptions, ReadOptions, ScoreScale } from "journey-wasm";
import type { Column, Sample } from "./sample";

/** What files hold: events, or what customers said about them. */
export type Kind = "log" | "ratings";
export type Role =
  | "none" | "journey" | "touchpoint" | "time" | "start" | "lifecycle" | "instance" | "channel" | "score" | "value" | "segment"
  | "customer" | "scale" | "text";

/** How a file is to be read. */
export interface Choice {
  /** What each column holds, in their order. */
  roles: readonly Role[];
  scale: ScoreScale;
  /** The form of times; nothing if they are known by their looks. */
  timeFormat: string;
  /** The offset of times that name no zone; nothing is UTC. */
  timeZone: string;
}

/** Names of columns, the likeliest first; those of the command line, and more. */
const WHO = [
  "journey", "journey_id", "case_id", "case:concept:name", "case", "customer_id", "customer", "user_id", "user", "client_id", "client",
  "visitor_id", "visitor", "patient_id", "patient", "account_id", "session_id", "session", "visit_id",
];
const WHAT = [
  "touchpoint", "concept:name", "activity", "event", "event_name", "event_type", "page", "page_name", "action", "step", "handling", "task", "path", "url",
];
const WHEN = [
  "time", "timestamp", "time:timestamp", "event_time", "event_timestamp", "datetime", "date_time", "occurred_at", "answered_at", "created_at", "at", "ts",
  "end_time", "start_time", "date",
];
const SCORE = ["score", "experience_score", "rating", "stars", "csat", "nps", "ces", "sentiment", "satisfaction", "emotion"];

/** What columns are often called. */
const NAMES: Record<Kind, [Role, readonly string[]][]> = {
  log: [
    ["journey", WHO],
    ["touchpoint", WHAT],
    ["time", WHEN],
    ["start", ["start", "start_time", "start_timestamp", "started_at", "begin", "begin_time"]],
    ["lifecycle", ["lifecycle", "lifecycle:transition", "lifecycle_transition", "transition", "registration_type", "status"]],
    ["channel", ["channel", "event_channel", "medium", "source_channel"]],
    ["score", SCORE],
    ["value", ["value", "revenue", "amount", "price", "order_value"]],
  ],
  ratings: [
    ["customer", WHO],
    ["touchpoint", WHAT],
    ["time", WHEN],
    ["score", SCORE],
    ["scale", ["scale", "score_scale", "type", "question"]],
    ["text", ["text", "comment", "answer", "verbatim", "feedback", "review", "note"]],
  ],
};

const SCALES: Record<string, ScoreScale> = {
  rating: "one_to_five", stars: "stars", csat: "csat", satisfaction: "csat", nps: "nps", ces: "ces", sentiment: "sentiment",
};

/** Text that is the same however a name is written. */
const plain = (name: string) => name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
const isTime = (value: string) => /^\d{4}-\d\d-\d\d|^\d{1,2}[./]\d{1,2}[./]\d{2,4}/.test(value);
const isEnd = (value: string) => /^(start|complete)$/i.test(value);
const isNumber = (value: string) => value.trim() !== "" && Number.isFinite(Number(value));

const isScale = (value: string) => (Object.values(SCALES) as string[]).includes(value);

/** How the values of a column have to look that holds this. */
const FORMS: Partial<Record<Role, (value: string) => boolean>> = { score: isNumber, value: isNumber, lifecycle: isEnd, scale: isScale };

/** The most values that a column of segments has among the rows that are looked at. */
const SEGMENTS = 12;

/** What the columns seem to hold. */
export function guess({ columns }: Sample, kind: Kind): Choice {
  const roles: Role[] = columns.map(() => "none");
  const free = (column: Column) => roles[columns.indexOf(column)] === "none";
  const fits = (role: Role, column: Column) => filled(column).every(FORMS[role] ?? (() => true));
  for (const [role, names] of NAMES[kind]) {
    const known = names.flatMap((name) => columns.filter((column) => plain(column.name) === plain(name)));
    const found = known.find((column) => free(column) && fits(role, column));
    const place = found ? columns.indexOf(found) : -1;
    if (place >= 0) roles[place] = role;
  }
  if (!roles.includes("time")) {
    const place = columns.findIndex((column, at) => roles[at] === "none" && filled(column).length > 0 && filled(column).every(isTime));
    if (place >= 0) roles[place] = "time";
  }
  if (kind === "log") columns.forEach((column, place) => {
    if (roles[place] === "none" && isSegment(column)) roles[place] = "segment";
  });
  const score = columns[roles.indexOf("score")];
  return { roles, scale: (score && SCALES[plain(score.name)]) ?? "experience", timeFormat: "", timeZone: "" };
}

function filled({ values }: Column): string[] {
  return values.filter((value) => value !== "");
}

/** Few values, none of them a number or a time, and no ids. */
function isSegment(column: Column): boolean {
  const values = filled(column);
  const distinct = new Set(values).size;
  const named = /(^|[^a-z])id$/i.test(column.name) || /[a-z]Id$/.test(column.name);
  return !named && distinct > 0 && distinct <= SEGMENTS && distinct * 3 <= values.length && !values.every(isNumber) && !values.every(isTime);
}

/** What is missing before the file can be read, as a sentence; nothing if it can. */
export function missing({ format }: Sample, { roles }: Choice, kind: Kind): string | null {
  if (kind === "ratings") {
    if (!roles.includes("customer")) return "Choose the column that says which customer answered.";
    if (!roles.includes("time")) return "Choose the column that says when they answered.";
    return roles.includes("score") ? null : "Choose the column with the score.";
  }
  if (format === "other") return null;
  if (!roles.includes("journey")) return "Choose the column that says which customer or journey an event belongs to.";
  if (!roles.includes("touchpoint")) return "Choose the column that says what happened: the touchpoint.";
  return null;
}

/** How times are written. */
const times = ({ timeFormat, timeZone }: Choice) => ({ ...(timeFormat && { time_format: timeFormat }), ...(timeZone && { time_zone: timeZone }) });
/** The name of the column that holds something. */
const namer = ({ columns }: Sample, { roles }: Choice) => (role: Role) => columns[roles.indexOf(role)]?.name ?? null;

/** The options of the reader of ratings. */
export function feedbackOptions(sample: Sample, choice: Choice): FeedbackOptions {
  const named = namer(sample, choice);
  return {
    ...times(choice),
    customer: named("customer") ?? "",
    time: named("time") ?? "",
    touchpoint: named("touchpoint"),
    score: named("score"),
    score_scale: choice.scale,
    scale: named("scale"),
    text: named("text"),
  };
}

/** The options of the reader of logs. */
export function readOptions(sample: Sample, choice: Choice): ReadOptions {
  const { format, columns } = sample;
  const { roles, scale } = choice;
  const shared: ReadOptions = times(choice);
  if (format === "other") return shared;
  const named = namer(sample, choice);
  return {
    ...shared,
    journey: named("journey"),
    touchpoint: named("touchpoint"),
    time: named("time"),
    start: named("start"),
    lifecycle: named("lifecycle"),
    instance: named("instance"),
    channel: named("channel"),
    score: named("score"),
    score_scale: scale,
    value: named("value"),
    attributes: columns.filter((_, place) => roles[place] === "segment").map(({ name }) => name),
    order: named("time") === null ? "as_given" : "by_time",
  };
}
