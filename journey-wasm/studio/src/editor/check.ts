// What the engine says of the map: asked a moment after each change, in its worker, one question at a time. An answer to a map that
// is no longer there is dropped.
import type { EventLog, LintReport, LintSeverity, MapData } from "journey-wasm";
import type { JourneyWorker, RemoteHandle } from "journey-wasm/worker";

/** How long nobody types before the engine is asked, in milliseconds. */
const PAUSE = 200;

/** Something to look at: a finding of lint, or the error of a map that the engine refuses. */
export interface Finding {
  readonly severity: LintSeverity | "refused";
  readonly code: string;
  readonly place: string;
  readonly message: string;
  readonly help: string;
}

export interface Verdict {
  /** The map that was looked at. */
  readonly map: MapData;
  /** Whether the engine takes it. */
  readonly valid: boolean;
  readonly findings: readonly Finding[];
  readonly assumed: LintReport["assumptions"]["whole"] | null;
}

export interface Question {
  readonly map: MapData;
  readonly log: RemoteHandle<EventLog> | null;
  /** The day on which ages are judged; empty for none. */
  readonly day: string;
}

/** Asks about maps as they come, and tells the verdict on the last. */
export function checker(call: () => JourneyWorker["call"], tell: (verdict: Verdict) => void) {
  let waiting: Question | null = null;
  let running = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function run(): Promise<void> {
    timer = undefined;
    if (running) return;
    running = true;
    while (waiting) {
      const question: Question = waiting;
      waiting = null;
      const verdict = await judged(call(), question);
      if (!waiting) tell(verdict);
    }
    running = false;
  }

  return {
    /** Asks once nobody has changed anything for a moment. */
    ask(question: Question): void {
      waiting = question;
      clearTimeout(timer);
      timer = setTimeout(() => void run(), PAUSE);
    },
    /** Asks now what would have been asked in a moment. */
    now(): void {
      if (timer === undefined) return;
      clearTimeout(timer);
      void run();
    },
  };
}

/** The verdict of the engine; what it refuses is a verdict as well. */
export async function judged(call: JourneyWorker["call"], { map, log, day }: Question): Promise<Verdict> {
  try {
    const handle = await call("JourneyMap.fromData", map);
    try {
      const report = await call("lint", handle, log, day === "" ? {} : { as_of: day });
      return { map, valid: true, findings: report.findings, assumed: report.assumptions.whole };
    } finally {
      handle.free();
    }
  } catch (error) {
    const { message, field, code } = error as Error & { readonly field?: string | null; readonly code?: string };
    const finding: Finding = { severity: "refused", code: code ?? "internal", place: field ?? "", message: field ? message.replace(`\`${field}\`: `, "") : message, help: "" };
    return { map, valid: false, findings: [finding], assumed: null };
  }
}
