// The other side of `client.js`: runs what the page asks for, and keeps the handles that come of it.
import * as journey from "./web.js";

const CLASSES = ["EventLog", "JourneyMap", "State", "Monitor", "Feedback"];
const handles = new Map();
/** What ends the calls that are still running, by their number. */
const running = new Map();
let last = 0;

/** What the page hands over part by part, as it is asked for. */
async function* parts(port) {
  const next = () =>
    new Promise((come) => {
      port.onmessage = ({ data }) => come(data);
      port.postMessage(true);
    });
  try {
    for (let part = await next(); !part.done; part = await next()) {
      if ("error" in part) throw part.error;
      yield part.value;
    }
  } finally {
    port.postMessage(false);
  }
}

function opened(value, id) {
  if (value?.journeyParts !== undefined) return parts(value.journeyParts);
  if (value?.journeyHandle !== undefined) {
    const handle = handles.get(value.journeyHandle);
    if (!handle) throw Object.assign(new Error("the handle was freed before; make a new one"), { name: "JourneyError", code: "invalid_handle" });
    return handle;
  }
  if (value?.journeyWatched === undefined) return value;
  const { journeyWatched: watched, ...options } = value;
  const ends = new AbortController();
  running.set(id, ends);
  options.signal = ends.signal;
  if (watched.onProgress) options.onProgress = (...progress) => void postMessage({ id, progress });
  return options;
}

function call(name, on, values) {
  if (on !== undefined) {
    const handle = opened({ journeyHandle: on });
    return typeof handle[name] === "function" ? handle[name](...values) : handle[name];
  }
  const [, made] = /^new (\w+)$/.exec(name) ?? [];
  if (made) return CLASSES.includes(made) ? new journey[made](...values) : unknown(name);
  const [owner, method] = name.split(".");
  if (method === undefined) return typeof journey[owner] === "function" ? journey[owner](...values) : unknown(name);
  return CLASSES.includes(owner) && typeof journey[owner][method] === "function" ? journey[owner][method](...values) : unknown(name);
}

function unknown(name) {
  throw Object.assign(new Error(`the package has no function \`${name}\``), { name: "JourneyError", code: "invalid_option" });
}

/** What crosses: a handle as its number, bytes without a copy, all else as it is. */
function answer(id, value) {
  const sort = CLASSES.find((one) => value instanceof journey[one]);
  if (sort === undefined) return postMessage({ id, value }, value instanceof Uint8Array ? [value.buffer] : []);
  last += 1;
  handles.set(last, value);
  postMessage({ id, handle: last, sort });
}

addEventListener("message", async ({ data: { id, name, on, values, abort, free } }) => {
  if (abort !== undefined) return running.get(abort)?.abort();
  if (free !== undefined) {
    handles.get(free)?.free();
    handles.delete(free);
    return;
  }
  try {
    await journey.init();
    answer(id, await call(name, on, values.map((value) => opened(value, id))));
  } catch (error) {
    const { name: kind, message, code, file, line, column, record, field } = error;
    postMessage({ id, error: { name: kind, message, code, file, line, column, record, field } });
  } finally {
    running.delete(id);
  }
});
