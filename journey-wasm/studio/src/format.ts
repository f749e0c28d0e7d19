// Figures as people read them.
import type { Share } from "journey-wasm";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const NONE = "–";

export const count = (number: number | null): string => (number === null ? NONE : whole.format(number));
/** With the sign for minus, which is as wide as that for plus. */
const minus = (text: string): string => text.replace("-", "−");
export const decimal = (number: number | null): string => (number === null ? NONE : minus(two.format(number)));
export const percent = (share: number | null): string => (share === null ? NONE : `${minus(one.format(share * 100))} %`);
/** Figures of a form as differences, which have a sign. */
export const signed = (form: (value: number | null) => string) => (value: number | null): string => `${value !== null && value > 0 ? "+" : ""}${form(value)}`;
/** A difference of shares. */
export const points = signed((share) => (share === null ? NONE : `${minus(one.format(share * 100))} points`));

/** An interval, or that there is none. */
export function interval(low: number | null, high: number | null, form: (value: number | null) => string): string {
  return low === null || high === null ? NONE : `${form(low)} to ${form(high)}`;
}
export const shareInterval = (share: Share | null): string => (share ? interval(share.low, share.high, percent) : NONE);
export const outOf = ({ n, of }: Share): string => `${count(n)} of ${count(of)}`;

/** A length of time in its two largest units. */
export function duration(seconds: number | null): string {
  if (seconds === null) return NONE;
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds < 60) return `${seconds < 10 && !Number.isInteger(seconds) ? one.format(seconds) : Math.round(seconds)} s`;
  const units: [string, number][] = [["d", 86_400], ["h", 3600], ["min", 60], ["s", 1]];
  const first = units.findIndex(([, length]) => Math.round(seconds) >= length);
  const shown = units.slice(first, first + 2);
  const [, least] = shown.at(-1) ?? ["s", 1];
  let rest = Math.round(seconds / least) * least;
  const parts: string[] = [];
  for (const [name, length] of shown) {
    const many = Math.floor(rest / length);
    rest -= many * length;
    if (many > 0) parts.push(`${whole.format(many)} ${name}`);
  }
  return parts.join(" ");
}

/** A point in time, in UTC as the engine has it. */
export const moment = (text: string | null): string => (text === null ? NONE : text.replace("T", " ").replace(/(\.\d+)?Z$/, " UTC"));

/** A p-value. */
export const probability = (value: number | null): string => (value === null ? NONE : value < 0.001 ? "< 0.001" : value.toFixed(3));

export const yes = (value: boolean | null): string => (value === null ? NONE : value ? "yes" : "no");

/** So many of something. */
export const many = (number: number, one: string, more = `${one}s`): string => `${count(number)} ${number === 1 ? one : more}`;
