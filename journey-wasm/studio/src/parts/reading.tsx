// What is being read, and how far that is.
import { count } from "../format";
import { loading } from "../store";

export function Reading() {
  const state = loading.value;
  if (!state) return null;
  return (
    <section class="card" aria-label="Reading">
      <h2 dir="auto" tabIndex={-1}>{state.name}</h2>
      {state.done === null ? <progress key="unknown" aria-label="Read so far" /> : <progress key="known" aria-label="Read so far" max={1} value={state.done} />}
      <p role="status" class="soft">{state.events > 0 ? `${count(state.events)} events so far` : "Taking in the file …"}</p>
      <button type="button" onClick={() => state.cancel()}>Cancel</button>
    </section>
  );
}
