// The frame of the studio: its name, the navigation, and the view that is chosen.
import { useEffect, useRef } from "preact/hooks";
import type { Theme } from "journey-wasm";
import { Editor } from "./editor";
import { call } from "./engine";
import { Problem } from "./parts/problem";
import { loaded, map, problem, theme, view, VIEWS, type View } from "./store";
import { DataView } from "./views/data";

const NAMES: Record<View, string> = {
  data: "Data",
  graph: "Journey graph",
  funnel: "Funnel",
  bottlenecks: "Bottlenecks",
  emotions: "Emotion curve",
  variants: "Variants",
  compare: "Compare segments",
  map: "Map",
  report: "Report",
};

function Shown({ name }: { name: View }) {
  if (name === "map") {
    const log = loaded.value?.log ?? null;
    return <Editor map={map.value} onChange={(data) => (map.value = data)} api={{ call, log }} />;
  }
  return <DataView />;
}

export function App() {
  const name = view.value;
  const heading = useRef<HTMLHeadingElement>(null);
  const first = useRef(true);
  // Who changes the view hears where they are; who opens the page begins at its top.
  useEffect(() => {
    document.title = `${NAMES[name]} – Journey studio`;
    if (first.current) first.current = false;
    else heading.current?.focus();
  }, [name]);
  return (
    <>
      <a class="skip" href="#content" onClick={(event) => (event.preventDefault(), heading.current?.focus())}>Skip to the content</a>
      <header class="top">
        <span class="name">Journey studio</span>
        <span class="what soft">{loaded.value ? loaded.value.name : "Everything stays in this page."}</span>
        <label class="row">
          <span class="soft">Colours</span>
          <select class="small" value={theme.value} onChange={(event) => (theme.value = event.currentTarget.value as Theme)}>
            <option value="auto">as the system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </select>
        </label>
      </header>
      <div class="frame">
        <nav class="views" aria-label="Views">
          <ul>
            {VIEWS.map((one) => (
              <li key={one}><a href={`#${one}`} aria-current={one === name ? "page" : undefined}>{NAMES[one]}</a></li>
            ))}
          </ul>
        </nav>
        <main>
          <h1 tabIndex={-1} ref={heading}>{NAMES[name]}</h1>
          {problem.value && <Problem error={problem.value} onClose={() => (problem.value = null)} />}
          <Shown name={name} key={name} />
        </main>
      </div>
    </>
  );
}
