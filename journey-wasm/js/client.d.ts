import type * as journey from "./index.js";

type Handle = journey.EventLog | journey.JourneyMap | journey.State | journey.Monitor | journey.Feedback;
type Callable = (...values: any[]) => unknown;

/** What a value of the worker is in the page: handles stay there, all else comes over. */
export type Remote<T> = T extends Handle ? RemoteHandle<T> : T;
type Values<V extends readonly unknown[]> = { [K in keyof V]: Remote<V[K]> };
type Answer<F> = F extends Callable ? Promise<Remote<Awaited<ReturnType<F>>>> : Promise<Remote<F>>;
type Given<F> = F extends (...values: infer V) => unknown ? Values<V> : [];

type Functions = { [K in keyof typeof journey as (typeof journey)[K] extends Callable ? K : never]: (typeof journey)[K] };
type Statics<N extends string, C> = { [K in keyof C & string as C[K] extends Callable ? `${N}.${K}` : never]: C[K] };
type Calls = Functions &
  Statics<"EventLog", typeof journey.EventLog> &
  Statics<"JourneyMap", typeof journey.JourneyMap> &
  Statics<"State", typeof journey.State> &
  Statics<"Feedback", typeof journey.Feedback> & {
    "new State": (...values: ConstructorParameters<typeof journey.State>) => journey.State;
    "new Monitor": (...values: ConstructorParameters<typeof journey.Monitor>) => journey.Monitor;
  };

/** A handle of the worker. */
export interface RemoteHandle<T> {
  /** The class of the handle, such as `EventLog`. */
  readonly sort: string;
  /** Calls a method of the handle, or reads a property: `log.call("select", {…})`, `log.call("length")`. */
  call<K extends keyof T & string>(name: K, ...values: Given<T[K]>): Answer<T[K]>;
  /** Gives back what the handle holds. */
  free(): void;
  [Symbol.dispose](): void;
}

/** A worker that has the package. */
export interface JourneyWorker {
  /**
   * Calls a function of the package there: `call("bottlenecks", log, {…})`, `call("EventLog.fromCsv", text)`,
   * `call("new State", {…})`. `readLog` takes `onProgress` and a `signal`, which ends the wait at once.
   */
  call<K extends keyof Calls & string>(name: K, ...values: Given<Calls[K]>): Answer<Calls[K]>;
  /** Ends the worker and everything in it. */
  terminate(): void;
  [Symbol.dispose](): void;
}

/** Starts a worker that has the package. */
export function startWorker(worker?: Worker): JourneyWorker;

// Without this line, every type of this file would be a name of the entry.
export {};
