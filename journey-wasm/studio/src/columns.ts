// Which column of a file holds what: a guess by their names and values, and what a reader makes of it.
import type { FeedbackOptions, ReadOptions, ScoreScale } from "journey-wasm";
import type { Column, Sample } from "./sample";
import { formOf, isTime, type Form } from "./times";

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

/** Names of columns, the likeliest first; those of the command line, and more, also in German, Italian, French and Spanish. */
const words = (text: string) => text.split(" ");
const WHO = words(
  "journey journey_id case_id case:concept:name case customer_id customer user_id user client_id client visitor_id visitor patient_id patient " +
    "account_id session_id session visit_id kunde kunden_id kundennummer kundennr nutzer besucher cliente id_cliente utente id_utente " +
    "id_client utilisateur visiteur usuario id_usuario",
);
const WHAT = words(
  "touchpoint concept:name activity event event_name event_type page page_name action step handling task path url " +
    "seite ereignis aktivität schritt aktion pagina evento attività azione passo événement activité étape página actividad acción paso",
);
const WHEN = words(
  "time timestamp time:timestamp event_time event_timestamp datetime date_time occurred_at answered_at created_at at ts end_time start_time date " +
    "zeit zeitstempel zeitpunkt datum data_ora horodatage fecha fecha_hora",
);
const SCORE = words("score experience_score rating stars csat nps ces sentiment satisfaction emotion bewertung voto punteggio valutazione puntuación valoración");

/** What columns are often called. */
const NAMES: Record<Kind, [Role, readonly string[]][]> = {
  log: [
    ["journey", WHO],
    ["touchpoint", WHAT],
    ["time", WHEN],
    ["start", words("start start_time start_timestamp started_at begin begin_time")],
    ["lifecycle", words("lifecycle lifecycle:transition lifecycle_transition transition registration_type status")],
    ["channel", words("channel event_channel medium source_channel kanal canale canal")],
    ["score", SCORE],
    ["value", words("value revenue amount price order_value wert betrag umsatz importo valore montant importe")],
  ],
  ratings: [
    ["customer", WHO],
    ["touchpoint", WHAT],
    ["time", WHEN],
    ["score", SCORE],
    ["scale", words("scale score_scale type question")],
    ["text", words("text comment answer verbatim feedback review note kommentar commento commentaire comentario")],
  ],
};

const SCALES: Record<string, ScoreScale> = {
  rating: "one_to_five", stars: "stars", csat: "csat", satisfaction: "csat", nps: "nps", ces: "ces", sentiment: "sentiment",
};

/** Text that is the same however a name is written. */
const plain = (name: string) => name.normalize("NFD").replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
const isEnd = (value: string) => /^(start|complete)$/i.test(value);
const isNumber = (value: string) => value.trim() !== "" && Number.isFinite(Number(value));

const isScale = (value: string) => (Object.values(SCALES) as string[]).includes(value);

/** How the values of a column have to look that holds this. */
const FORMS: Partial<Record<Role, (value: string) => boolean>> = { score: isNumber, value: isNumber, lifecycle: isEnd, scale: isScale };

/** The bounds of scales, the likeliest of those that values fit into first. */
const BOUNDS: readonly (readonly [ScoreScale, number, number])[] = [
  ["sentiment", -1, 1], ["experience", -2, 2], ["one_to_five", 1, 5], ["stars", 1, 5], ["csat", 1, 5], ["ces", 1, 7], ["nps", 0, 10],
];

/** The scale that scores seem to have: that of the name of their column, if they lie within it. */
function scaleOf(score: Column): ScoreScale {
  const values = filled(score).map(Number);
  const fitting = BOUNDS.filter(([, low, high]) => values.every((value) => low <= value && value <= high)).map(([scale]) => scale);
  const named = SCALES[plain(score.name)];
  if (named && fitting.includes(named)) return named;
  // Whole numbers are no sentiment.
  return fitting.find((scale) => scale !== "sentiment" || !values.every(Number.isInteger)) ?? "experience";
}

/** The form of the times in the columns that hold them. */
export function timeForm({ columns }: Sample, roles: readonly Role[]): Form {
  return formOf(columns.flatMap((column, place) => (roles[place] === "time" || roles[place] === "start" ? filled(column) : [])));
}

/** The most values that a column of segments has among the rows that are looked at. */
const SEGMENTS = 12;

/** What the columns seem to hold. */
export function guess(sample: Sample, kind: Kind): Choice {
  const { columns } = sample;
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
  return { roles, scale: score ? scaleOf(score) : "experience", timeFormat: timeForm(sample, roles).pattern, timeZone: "" };
}

/** The choice with another role for a column, and what follows of it for scale and times. */
export function given(sample: Sample, choice: Choice, place: number, role: Role): Choice {
  const column = sample.columns[place];
  // A file has one journey, one touchpoint and so on; segments are as many as there are.
  const roles = choice.roles.map((before, at) => (at === place ? role : before === role && role !== "segment" ? "none" : before));
  const { pattern } = timeForm(sample, roles);
  return {
    ...choice,
    roles,
    ...(role === "score" && column && { scale: scaleOf(column) }),
    ...(pattern !== timeForm(sample, choice.roles).pattern && { timeFormat: pattern }),
  };
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

/** What options of the reader are called on the page. */
export const FIELDS = { time_format: "Form of the times", time_zone: "Offset of times without a zone" };

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
