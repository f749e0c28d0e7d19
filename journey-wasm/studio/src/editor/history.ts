// What was, what is, and what was undone. Nothing is computed backwards: the maps before are kept, and share what did not change.

/** The most steps that are kept. */
const STEPS = 1000;

/** A state, and what led to it. */
export interface Step<T> {
  readonly state: T;
  /** What happened, in words; of the first step nothing did. */
  readonly said: string;
}

export interface History<T> {
  readonly past: readonly Step<T>[];
  readonly now: Step<T>;
  readonly future: readonly Step<T>[];
  /** The field in which somebody types; what is typed there is one step. */
  readonly typing: string | null;
}

export function begin<T>(state: T): History<T> {
  return { past: [], now: { state, said: "" }, future: [], typing: null };
}

/** Goes on to a next state. What is typed into one field, one key after the other, is one step. */
export function record<T>(history: History<T>, state: T, said: string, typing: string | null = null): History<T> {
  const { past, now } = history;
  if (Object.is(state, now.state)) return history;
  if (typing !== null && typing === history.typing) return { past, now: { state, said }, future: [], typing };
  return { past: [...past.slice(1 - STEPS), now], now: { state, said }, future: [], typing };
}

/** Ends the typing: what comes next is a step of its own. What was typed and taken back again is none. */
export function settle<T>(history: History<T>, same: (one: T, other: T) => boolean): History<T> {
  if (history.typing === null) return history;
  const before = history.past.at(-1);
  if (before && same(before.state, history.now.state)) return { ...history, past: history.past.slice(0, -1), now: before, typing: null };
  return { ...history, typing: null };
}

export function undo<T>(history: History<T>): History<T> {
  const before = history.past.at(-1);
  if (!before) return history;
  return { past: history.past.slice(0, -1), now: before, future: [history.now, ...history.future], typing: null };
}

export function redo<T>(history: History<T>): History<T> {
  const [next, ...future] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.now], now: next, future, typing: null };
}
