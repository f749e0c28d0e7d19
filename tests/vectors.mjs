// How a conformance vector is run in JavaScript: the same lines serve Node and a browser.

/** A runner of vectors for a module; `read` gives the bytes of a file in the folder of the data. */
export function vectors(journey, read) {
  const camel = (name) => name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());

  function log(source) {
    if (source === null) return null;
    let log = journey.EventLog.fromCsv(source.csv ?? read(source.file), source.options);
    if (source.select) log = log.select(source.select);
    for (const step of source.then ?? []) {
      const given = step.map ? [journey.JourneyMap.fromData(step.map)] : step.feedback ? [feedback(step.feedback)] : [];
      log = log[camel(step.method)](...given, ...(step.args ?? []), step.options);
    }
    return log;
  }

  function feedback(source) {
    return journey.Feedback.fromCsv(source.csv ?? read(source.file), source.options);
  }

  function call(name, one) {
    const maps = ["map", "other_map"].filter((name) => name in one).map((name) => journey.JourneyMap.fromData(one[name]));
    const logs = ["log", "other_log"].filter((name) => name in one).map((name) => log(one[name]));
    const answers = one.feedback ? [feedback(one.feedback)] : [];
    // The map of a report comes second, and may be missing.
    const both = name === "report" ? [...logs, maps[0]] : [...maps, ...logs];
    const report = journey[camel(name)](...both, ...answers, ...(one.args ?? []), one.options);
    return name === "discover" ? report.toData() : report;
  }

  function agree(expected, actual, tolerance, partly, place) {
    const wrong = () => new Error(`${place}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`);
    if (typeof expected === "number" && typeof actual === "number") {
      const apart = Math.abs(expected - actual);
      if (apart > tolerance * Math.max(Math.abs(expected), Math.abs(actual)) && apart > 1e-15) throw wrong();
    } else if (expected !== null && actual !== null && typeof expected === "object" && typeof actual === "object") {
      const [wanted, got] = [Object.keys(expected), Object.keys(actual)];
      const list = Array.isArray(expected);
      if (list !== Array.isArray(actual) || ((list || !partly) && wanted.length !== got.length)) throw wrong();
      for (const key of wanted) agree(expected[key], actual[key], tolerance, partly, `${place}.${key}`);
    } else if (expected !== actual) throw wrong();
  }

  /** Throws unless the case holds. */
  function check(name, one) {
    let report;
    try {
      report = call(name, one);
    } catch (error) {
      if (error.name === "JourneyError" && error.code === one.error) return;
      throw error;
    }
    if (one.error) throw new Error(`expected the error ${one.error}, got a report`);
    agree(one.report ?? one.part, report, one.tolerance ?? 1e-12, "part" in one, "report");
  }

  return { camel, call, check };
}
