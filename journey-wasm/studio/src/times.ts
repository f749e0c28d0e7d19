// The form of times, where the engine does not know it by their looks: found by the values of a column.

export interface Form {
  /** As the reader takes it; nothing if it is known by its looks, or not found. */
  pattern: string;
  /** The same with day and month changed over, where the values do not say which is which. */
  other: string | null;
}

/** Milliseconds and the like are told apart by their digits, as they are from the year 2001 on. */
const NUMBERS: readonly (readonly [RegExp, string])[] = [
  [/^\d{10}(\.\d+)?$/, "epoch_s"],
  [/^\d{13}$/, "epoch_ms"],
  [/^\d{16}$/, "epoch_us"],
];
const DATE = /^(\d{1,4})([./-])(\d\d?)\2(\d{4}|\d\d?)(?:(,? |T)\d\d?:\d\d(:\d\d(\.\d+)?)?( ?[ap]m)?)?$/i;

/** Whether it looks like a date, with or without a clock. */
export const isTime = (value: string) => DATE.test(value) || /^\d{4}-\d\d-\d\d/.test(value);

export function formOf(values: readonly string[]): Form {
  const none = { pattern: "", other: null };
  const dates = values.map((value) => DATE.exec(value));
  const [pattern = "", ...others] = new Set(values.map((value, at) => {
    const date = dates[at];
    return date ? patternOf(date) : (NUMBERS.find(([form]) => form.test(value))?.[1] ?? "");
  }));
  if (others.length > 0) return none;
  if (!pattern.startsWith("%d")) return { pattern, other: null };
  const exceeds = (place: number) => dates.some((date) => Number(date?.[place]) > 12);
  const other = pattern.replace(/%d(.)%m/, "%m$1%d");
  if (exceeds(3)) return exceeds(1) ? none : { pattern: other, other: null };
  // With dots the day is first wherever dates are written so.
  return { pattern, other: exceeds(1) || pattern[2] === "." ? null : other };
}

/** What one date says about the form, with the day before the month. */
function patternOf([, first = "", mark = "", , last = "", gap, seconds, fraction, half]: RegExpExecArray): string {
  const isYearFirst = first.length === 4;
  // That is SQL, which the engine knows.
  if (isYearFirst && mark === "-") return "";
  const date = isYearFirst ? ["%Y", "%m", "%d"] : ["%d", "%m", last.length === 4 ? "%Y" : "%y"];
  const clock = gap && `${gap}${half ? "%I" : "%H"}:%M${seconds ? ":%S" : ""}${fraction ? "%.f" : ""}${half?.replace(/\S+/, "%p") ?? ""}`;
  return date.join(mark) + (clock ?? "");
}
