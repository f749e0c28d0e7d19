// The picture of the map while it is edited. What is selected in it is selected in the form, and the other way round.
import type { MapData } from "journey-wasm";
import type { JourneyMapElement, JourneyMapEventMap } from "journey-wasm/element";
import { useEffect, useRef } from "preact/hooks";
import { touchpoints } from "./document.js";
import { select, selected, verdict } from "./session.js";

export function Picture({ map, onElement }: { map: MapData; onElement(element: JourneyMapElement | null): void }) {
  const place = useRef<HTMLDivElement>(null);
  const element = useRef<JourneyMapElement | null>(null);
  const found = verdict.value;
  const shown = found?.valid ? found.map : null;
  const latest = useRef(map);
  latest.current = map;

  useEffect(() => {
    let gone = false;
    // The element is loaded once the rest of the page is there.
    void import("../drawing.js").then(() => {
      if (gone || !place.current) return;
      const made = document.createElement("journey-map");
      made.controls = true;
      made.addEventListener("journey-select", ({ detail }: JourneyMapEventMap["journey-select"]) => {
        const index = touchpoints(latest.current).findIndex(({ id }) => id === detail.touchpoint);
        select(index < 0 ? [] : ["touchpoints", index]);
      });
      element.current = made;
      onElement(made);
      place.current.append(made);
      update();
    });
    return () => {
      gone = true;
      element.current?.remove();
      element.current = null;
      onElement(null);
    };
  }, []);

  const drawn = useRef<MapData | null>(null);
  const wanted = useRef<{ map: MapData | null; selected: string | null }>({ map: null, selected: null });
  const [list, index] = selected.value;
  wanted.current = { map: shown ?? wanted.current.map, selected: list === "touchpoints" && typeof index === "number" ? (touchpoints(map)[index]?.id ?? null) : null };
  function update(): void {
    const made = element.current;
    if (!made) return;
    const { map: next, selected: id } = wanted.current;
    if (next && drawn.current !== next) made.map = drawn.current = next;
    if (made.selected !== id) made.selected = id;
  }
  useEffect(update);

  return (
    <section class="card picture" aria-labelledby="editor-picture">
      <h2 id="editor-picture">Picture</h2>
      <div ref={place} />
    </section>
  );
}
