// The editor of maps: outline, form, findings and picture of one map, with undo.
import type { JourneyMapElement } from "journey-wasm/element";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";
import { Problem } from "../parts/problem.js";
import { anchor, Findings } from "./findings.js";
import { Form } from "./form.js";
import { Picture } from "./picture.js";
import { attach, detach, history, kept, problem, redone, said, target, undone, type Given } from "./session.js";
import { Toolbar } from "./toolbar.js";
import { Outline } from "./tree.js";
import "./editor.css";

export { openMap } from "./toolbar.js";

export function Editor(given: Given) {
  const { api } = given;
  const [element, setElement] = useState<JourneyMapElement | null>(null);
  useLayoutEffect(() => attach(given));
  useEffect(() => detach, []);
  useKeys();
  useTarget();
  useLeaving();
  const now = history.value?.now.state;
  return (
    <div class="editor">
      <Toolbar api={api} element={element} />
      <p class="visually-hidden" role="status">{said.value}</p>
      {problem.value && <Problem error={problem.value} onClose={() => (problem.value = null)} />}
      {now ? (
        <div class="panes">
          <Picture map={now.map} element={element} onElement={setElement} />
          <Outline map={now.map} />
          <Form map={now.map} />
          <Findings />
        </div>
      ) : (
        <p>No map is open. Begin a new one, or open or drop a file: JSON, YAML or a Mermaid journey diagram.</p>
      )}
    </div>
  );
}

/** Ctrl+Z and Ctrl+Shift+Z or Ctrl+Y, but not in a field that has an undo of its own. */
function useKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
      const key = event.key.toLowerCase();
      if (key === "z" && !event.shiftKey) undone();
      else if ((key === "z" && event.shiftKey) || key === "y") redone();
      else return;
      event.preventDefault();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "file"].includes(target.type);
}

/** Puts the focus where the last change wants it; where there is no such field, on what it would be in. */
function useTarget(): void {
  const wanted = target.value;
  useEffect(() => {
    if (!wanted) return;
    target.value = null;
    let { place } = wanted;
    let found = document.getElementById(anchor(place));
    while (!found && /[.[]/.test(place)) {
      place = place.replace(/[.[][^.[]*$/, "");
      found = document.getElementById(anchor(place));
    }
    found ??= document.getElementById("editor-form");
    const field = found?.matches("input, select, textarea, button, [tabindex]") ? found : found?.closest("section")?.querySelector<HTMLElement>("input:not([type=checkbox]), select, textarea, button");
    field?.focus();
    field?.scrollIntoView({ block: "nearest" });
    if (wanted.select && (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) field.select();
  }, [wanted]);
}

/** Who closes the page with changes that are not saved is asked. */
function useLeaving(): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent): void => {
      if (history.value && history.value.now.state.map !== kept.value) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, []);
}
