// What the engine says of the map: all of it in a list, and each under its field.
import type { MapData } from "journey-wasm";
import { Words } from "../parts/words.js";
import type { Finding } from "./check.js";
import { titleOf } from "./document.js";
import { labelOf } from "./fields.js";
import { read } from "./path.js";
import { history, judgeOn, day, verdict, visit } from "./session.js";

const WORDS: Readonly<Record<Finding["severity"], string>> = { refused: "Not a map yet", error: "Error", warning: "Warning", hint: "Hint" };

/** The id of the element for a place, or those of what stands beside it. */
export function anchor(place: string, ...beside: readonly string[]): string {
  return beside.length === 0 ? `map:${place}` : beside.map((one) => `map:${place}:${one}`).join(" ");
}

/** What is said of exactly this place. */
export function remarksOf(place: string): readonly Finding[] {
  return verdict.value?.findings.filter((finding) => finding.place === place) ?? [];
}

/** What is said of a place, under its field. */
export function Remarks({ place }: { place: string }) {
  return (
    <div class="remarks" id={anchor(place, "remarks")}>
      {remarksOf(place).map((finding) => (
        <p class={`remark ${finding.severity}`} key={finding.code + finding.message} dir="auto">
          <strong>{WORDS[finding.severity]}:</strong> <Words of={finding.message} />{finding.help && <>; <Words of={helpOf(finding)} /></>}
        </p>
      ))}
    </div>
  );
}

/** What to do, with fields as the form calls them. */
const helpOf = ({ help }: Finding): string => help.replace(/`([\w.]+)`/g, (_, field: string) => `\`${field.split(".").map(labelOf).join(", ")}\``);

/** A place as the form calls it, such as `Cart: Expected score`. */
function placeOf(map: MapData, place: string): string {
  const path = read(place);
  const title = titleOf(map, path.slice(0, 2));
  const within = path.length < 2 || title === null ? path : path.slice(2);
  const field = within.map((key) => (typeof key === "number" ? ` ${key + 1}` : `, ${labelOf(key)}`)).join("").slice(2);
  return path.length < 2 || title === null ? field : field === "" ? title : `${title}: ${field}`;
}

/** Counts in words, such as `2 errors and 1 hint`. */
function counted(findings: readonly Finding[]): string {
  const of = (severity: Finding["severity"]) => findings.filter((one) => one.severity === severity).length;
  const parts = (["error", "warning", "hint"] as const).flatMap((severity) => (of(severity) > 0 ? [`${of(severity)} ${severity}${of(severity) === 1 ? "" : "s"}`] : []));
  return parts.length > 0 ? parts.join(", ") : "Nothing to say";
}

/** All findings; a click goes to the place. */
export function Findings() {
  const found = verdict.value;
  const stale = found !== null && found.map !== history.value?.now.state.map;
  return (
    <section class="card findings" aria-labelledby="editor-findings" aria-busy={stale}>
      <h2 id="editor-findings">What is wrong or missing</h2>
      <p class="soft" role="status">
        {found === null ? "Looking at the map." : found.valid ? `${counted(found.findings)}.` : "The engine does not take the map as it is; the picture shows it as it was before."}
      </p>
      {found?.assumed && <p class="soft">{found.assumed.n} of {found.assumed.of} statements are assumed.</p>}
      <ol>
        {found?.findings.map((finding) => (
          <li key={`${finding.code} ${finding.place} ${finding.message}`}>
            <button type="button" class={`finding ${finding.severity}`} title={finding.code} onClick={() => visit(finding.place)}>
              <strong>{WORDS[finding.severity]}</strong> <span class="soft" dir="auto">{placeOf(found.map, finding.place)}</span>
              <span class="message" dir="auto"><Words of={finding.message} /></span>
              {finding.help && <span class="soft message"><Words of={helpOf(finding)} /></span>}
            </button>
          </li>
        ))}
      </ol>
      <label class="field">
        <span>Say what is out of date on this day</span>
        <input type="date" value={day.value} onInput={(event) => judgeOn(event.currentTarget.value)} />
      </label>
    </section>
  );
}
