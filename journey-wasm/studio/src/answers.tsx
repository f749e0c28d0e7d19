// Questions to the engine and their answers, which are kept for as long as the log is.
import { useEffect, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import type { JourneyMap, MapData } from "journey-wasm";
import type { RemoteHandle } from "journey-wasm/worker";
import { call, type RemoteLog } from "./engine";
import { Problem } from "./parts/problem";
import { Reading } from "./parts/reading";
import { asError, loaded, loading, problem } from "./store";

export interface Answer<T> {
  value: T | null;
  error: Error | null;
  busy: boolean;
}

const kept = new WeakMap<RemoteLog, Map<string, Promise<unknown>>>();
/** The most answers that are kept of a log. */
const MOST = 200;

/** Asks once of a log what is named so, and gives the same answer afterwards. */
export function once<T>(log: RemoteLog, name: string, ask: () => Promise<T>): Promise<T> {
  const answers = kept.get(log) ?? new Map<string, Promise<unknown>>();
  kept.set(log, answers);
  const known = answers.get(name);
  if (known) return known as Promise<T>;
  if (answers.size >= MOST) answers.clear();
  const answer = ask();
  answers.set(name, answer);
  answer.catch(() => answers.delete(name));
  return answer;
}

/**
 * The answer to a question that is asked anew when one of the inputs is another one; until then, the answer before stays. A
 * question that is `null` is none, one that is `undefined` will be asked soon.
 */
export function useAnswer<T>(ask: () => Promise<T> | null | undefined, inputs: readonly unknown[]): Answer<T> {
  const [answer, set] = useState<Answer<T>>({ value: null, error: null, busy: true });
  useEffect(() => {
    let current = true;
    const asked = ask();
    if (asked === undefined) return;
    if (asked === null) return set({ value: null, error: null, busy: false });
    set((before) => ({ ...before, busy: true }));
    asked.then(
      (value) => current && set({ value, error: null, busy: false }),
      (error: unknown) => current && set({ value: null, error: failed(error), busy: false }),
    );
    return () => {
      current = false;
    };
  }, inputs);
  return answer;
}

/** What was thrown; after a fault in the engine no log is there any more. */
function failed(thrown: unknown): Error {
  const error = asError(thrown);
  if ("code" in error && error.code === "panicked") {
    problem.value = error;
    loaded.value = null;
  }
  return error;
}

/** Shows an answer, that it is being worked on, or why there is none. */
export function Answered<T>({ answer, children }: { answer: Answer<T>; children: (value: T) => ComponentChildren }) {
  return (
    <div class="answered" aria-busy={answer.busy}>
      <p class="busy" role="status">{answer.busy ? "Working …" : ""}</p>
      {answer.error && <Problem error={answer.error} />}
      {answer.value !== null && children(answer.value)}
    </div>
  );
}

/** Does something with a map in the worker, and gives the map back. */
export async function withMap<T>(data: MapData, use: (map: RemoteHandle<JourneyMap>) => Promise<T>): Promise<T> {
  const map = await call("JourneyMap.fromData", data);
  try {
    return await use(map);
  } finally {
    map.free();
  }
}

/** Does something with the log as the map names its touchpoints. */
export async function onMap<T>(log: RemoteLog, map: RemoteHandle<JourneyMap>, use: (log: RemoteLog) => Promise<T>): Promise<T> {
  const named = await log.call("withMap", map, { stage: null });
  try {
    return await use(named);
  } finally {
    named.free();
  }
}

/** What a view shows where there is no log yet. */
export function NeedsLog({ children }: { children: (log: RemoteLog) => ComponentChildren }) {
  const log = loaded.value?.log;
  if (log) return <>{children(log)}</>;
  if (loading.value) return <Reading />;
  return <p>No log is loaded. <a href="#data">Choose a file, or open the example.</a></p>;
}
