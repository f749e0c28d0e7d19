// The page of all names is that of the types.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { PAGE, page } from "../reference.mjs";

test("the page of all names is that of the types", () => {
  const written = page();
  assert.equal(readFileSync(PAGE, "utf8"), written, "node journey-wasm/reference.mjs writes it again");
  for (const name of ["attempts(log: EventLog, success: readonly string[], options?: AttemptsOptions): Attempts", "startWorker(worker?: Worker): JourneyWorker", "toSVG(): string"]) {
    assert.ok(written.includes(name), name);
  }
  // Types that only serve others are no names of the package.
  assert.doesNotMatch(written, /#### (Callable|Given|Properties)\n/);
});
