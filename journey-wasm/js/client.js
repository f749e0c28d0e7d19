// The package in a worker: calls go there as messages, so that the page stays fluid. Handles stay in the worker.

class RemoteHandle {
  #client;
  #number;

  constructor(client, number, sort) {
    this.#client = client;
    this.#number = number;
    /** The class of the handle, such as `EventLog`. */
    this.sort = sort;
  }

  /** Calls a method of the handle, or reads a property. */
  call(name, ...values) {
    return this.#client.send(name, this.#number, values);
  }

  /** Gives back what the handle holds. */
  free() {
    this.#client.post({ free: this.#number });
    this.#client = { send: () => Promise.reject(failed("invalid_handle", "the handle was freed before; make a new one")), post: () => undefined };
  }

  /** What stands for the handle in a message. */
  toMessage() {
    return { journeyHandle: this.#number };
  }
}
if (Symbol.dispose) RemoteHandle.prototype[Symbol.dispose] = RemoteHandle.prototype.free;

function failed(code, message) {
  return Object.assign(new Error(message), { name: "JourneyError", code });
}

/** What hands over a stream, or what comes one after the other, part by part. */
function parts(value) {
  const stream = typeof Response === "function" && value instanceof Response ? value.body : value;
  if (typeof stream?.getReader !== "function") return stream?.[Symbol.asyncIterator]?.();
  // Taken when the worker asks first, so that a call that is refused leaves the stream as it was.
  let reader;
  return { next: () => (reader ??= stream.getReader()).read(), return: () => (reader ?? stream).cancel() };
}

/** A port by which the worker asks for parts: not every browser lets streams themselves go to a worker. */
function served(source) {
  const { port1: here, port2: there } = new MessageChannel();
  here.onmessage = async ({ data: more }) => {
    try {
      if (more) return here.postMessage(await source.next());
      await source.return?.();
    } catch (error) {
      here.postMessage({ error: error instanceof Error ? error : String(error) });
    }
    here.close();
  };
  return there;
}

/** Starts a worker that has the package; `init` there is called before the first question. */
export function startWorker(worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" })) {
  const waiting = new Map();
  let last = 0;
  let ended;

  function end(error) {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  const client = {
    post: (message, transfer) => ended ?? worker.postMessage(message, transfer),
    send(name, on, values) {
      if (ended) return Promise.reject(ended);
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        let signal, onProgress;
        const transfer = [];
        const sent = values.map((value) => {
          if (value instanceof RemoteHandle) return value.toMessage();
          const source = parts(value);
          if (source) {
            const journeyParts = served(source);
            transfer.push(journeyParts);
            return { journeyParts };
          }
          if (!(value?.signal instanceof AbortSignal) && typeof value?.onProgress !== "function") return value;
          ({ signal, onProgress, ...value } = value);
          return { ...value, journeyWatched: { onProgress: onProgress !== undefined } };
        });
        if (signal?.aborted) return reject(signal.reason);
        const abort = () => {
          client.post({ abort: id });
          reject(signal.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
        const done = (settle) => (value) => (signal?.removeEventListener("abort", abort), settle(value));
        waiting.set(id, { resolve: done(resolve), reject: done(reject), onProgress, gone: () => signal?.aborted });
        try {
          client.post({ id, name, on, values: sent }, transfer);
        } catch (error) {
          waiting.delete(id);
          done(reject)(error);
        }
      });
    },
  };

  worker.addEventListener("message", ({ data: { id, value, handle, sort, error, progress } }) => {
    const call = waiting.get(id);
    if (!call) return;
    if (progress) {
      let problem;
      try {
        if (!call.gone() && call.onProgress?.(...progress) === false) problem = failed("cancelled", "reading was broken off");
      } catch (error) {
        problem = error;
      }
      if (problem) {
        call.gone = () => true;
        client.post({ abort: id });
        call.reject(problem);
      }
      return;
    }
    waiting.delete(id);
    if (error) call.reject(Object.assign(new Error(error.message), error));
    else if (handle === undefined) call.resolve(value);
    else if (call.gone()) client.post({ free: handle });
    else call.resolve(new RemoteHandle(client, handle, sort));
  });
  worker.addEventListener("error", (event) => end(failed("internal", `the worker failed: ${event.message ?? "it could not be loaded"}`)));

  const remote = {
    call: (name, ...values) => client.send(name, undefined, values),
    terminate() {
      worker.terminate();
      end(failed("cancelled", "the worker was ended"));
    },
  };
  if (Symbol.dispose) remote[Symbol.dispose] = remote.terminate;
  return remote;
}
