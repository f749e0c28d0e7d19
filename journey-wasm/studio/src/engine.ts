// The engine in a worker of its own, so that the page stays fluid whatever it is asked.
import type { EventLog } from "journey-wasm";
import { startWorker, type JourneyWorker, type RemoteHandle } from "journey-wasm/worker";

const worker = startWorker();

/** A log, which stays in the worker. */
export type RemoteLog = RemoteHandle<EventLog>;

/** Asks the engine: a function of the package by its name, and its arguments. */
export const call: JourneyWorker["call"] = worker.call;

/** What a part of the page asks the engine with. */
export interface Api {
  readonly call: JourneyWorker["call"];
  /** The log that is loaded. */
  readonly log: RemoteLog | null;
}

/** Loads the module for the worker and for `<journey-map>`, so that nothing has to be asked for later. */
export async function ready(): Promise<void> {
  await call("init");
  const { init } = await import("./drawing");
  await init();
}
