// The frame of the studio: its name, the navigation, and the view that is chosen.
import { signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { VNode } from "preact";
import type { MapData, Theme } from "journey-wasm";
import { call } from "./engine";
import { percent } from "./format";
import { Problem } from "./parts/problem";
import { loaded, loading, map, mapFile, problem, theme, unsaved, view, VIEWS, type View } from "./store";
import { BottlenecksView } from "./views/bottlenecks";
import { CompareView } from "./views/compare";
import { DataView } from "./views/data";
import { EmotionsView } from "./views/emotions";
import { FunnelView } from "./views/funnel";
import { GraphView } from "./views/graph";
import { ReportView } from "./views/report";
import { VariantsView } from "./views/variants";

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

const SHOWN: Record<View, () => VNode> = {
  data: DataView,
  graph: GraphView,
  funnel: FunnelView,
  bottlenecks: BottlenecksView,
  emotions: EmotionsView,
  variants: VariantsView,
  compare: CompareView,
  map: MapView,
  report: ReportView,
};

/** The editor of maps, with its parser of YAML and the schema: it is loaded once the page is there. */
const editor = signal<typeof import("./editor") | null>(null);

export async function loadEditor(): Promise<void> {
  editor.value = await import("./editor");
}

function MapView() {
  const log = loaded.value?.log ?? null;
  const api = useMemo(() => ({ call, log }), [log]);
  const change = (data: MapData | null) => {
    map.value = data;
    unsaved.value = data !== null;
  };
  const parts = editor.value;
  const file = mapFile.value;
  useEffect(() => {
    if (!parts || !file) return;
    mapFile.value = null;
    void parts.openMap(file, api);
  }, [parts, file]);
  if (!parts) return <p class="busy" role="status">Working …</p>;
  return <parts.Editor map={map.value} onChange={change} onSaved={() => (unsaved.value = false)} api={api} />;
}

export function App() {
  const name = view.value;
  const reading = loading.value;
  const Shown = SHOWN[name];
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
        <span class="what soft">{reading ? `Reading ${reading.name}${reading.done === null ? "" : `: ${percent(reading.done)}`}` : (loaded.value?.name ?? "Everything stays in this page.")}</span>
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
          <Shown key={name} />
        </main>
      </div>
    </>
  );
}
