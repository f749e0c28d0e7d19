// Stands between the glue and the module. A panic leaves the module in a state that nobody knows, so from then on every call
// throws a `JourneyError` with the text of the panic, until `init` makes a new instance.

/** What stopped the module; `undefined` as long as it runs. */
let stopped;
/** What the panic said that is about to end a call. */
let said;

function journeyError(code, message, cause) {
  const error = new Error(message, cause && { cause });
  return Object.assign(error, { name: "JourneyError", code });
}

/** Stands for the exports of the module until it is loaded. */
export const unready = new Proxy({}, {
  get() {
    throw journeyError("not_ready", "the module is not loaded yet; `await init()` comes before everything else");
  },
});

/** Keeps the text of a panic; the module calls it. */
export function panicked(text) {
  said = text;
}

/** What the glue throws where a handle was freed, is of another class, or is of an instance that is gone. */
export function refused(message) {
  const [, expected] = /^expected instance of (\w+)$/.exec(message) ?? [];
  if (expected) return journeyError("invalid_handle", `expected a handle of the class \`${expected}\` of this module, got something else`);
  if (/stale object/.test(message)) return journeyError("invalid_handle", "the handle was lost when the module stopped; make a new one");
  if (/null pointer/.test(message)) return journeyError("invalid_handle", "the handle was freed before; make a new one");
  if (/recursive use|while it was borrowed/.test(message)) return journeyError("invalid_handle", "the handle is in use by a call that has not ended");
  return journeyError("internal", message);
}

/** The exports of an instance, whose calls know of a panic. */
export function guarded(exports) {
  const guard = (name, call) => (...values) => {
    if (stopped) {
      if (/^__wbg_\w+_free$/.test(name)) return undefined; // What is lost need not be given back.
      throw stopped;
    }
    try {
      return call(...values);
    } catch (error) {
      // Too deep a recursion within the module is a `RangeError`; errors of ours are thrown by the glue, outside of calls.
      if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) {
        const text = said ?? error.message;
        stopped = journeyError("panicked", `the module stopped, which is a fault of it: ${text}; call \`init\` to start it again, all handles are lost`, error);
        throw stopped;
      }
      throw error;
    }
  };
  return Object.fromEntries(Object.entries(exports).map(([name, value]) => [name, typeof value === "function" ? guard(name, value) : value]));
}

/** Makes a new instance, if the one there is has stopped. */
export function revive(reset) {
  if (!stopped) return;
  stopped = said = undefined;
  reset();
}
