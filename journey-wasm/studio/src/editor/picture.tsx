// The picture of the map while it is edited. What is selected in it is selected in the form, and the other way round.
import type { MapData } from "journey-wasm";
import type { JourneyMapElement, JourneyMapEventMap } from "journey-wasm/element";
import { useEffect, useRef } from "preact/hooks";
import { theme } from "../store.js";
import { at } from "./path.js";
import { select, selected, sound, touchpointOf } from "./session.js";

interface Properties {
  map: MapData;
  element: JourneyMapElement | null;
  onElement(element: JourneyMapElement | null): void;
}

export function Picture({ map, element, onElement }: Properties) {
  const place = useRef<HTMLDivElement>(null);
  const shown = sound.value;
  const colours = theme.value;
  const id = selected.value[0] === "touchpoints" ? at(map, [...selected.value, "id"]) : null;

  useEffect(() => {
    let made: JourneyMapElement | undefined;
    let gone = false;
    // The element is loaded apart from the page.
    void import("../drawing.js").then(() => {
      if (gone) return;
      made = document.createElement("journey-map");
      made.controls = true;
      made.addEventListener("journey-select", ({ detail }: JourneyMapEventMap["journey-select"]) => select(touchpointOf(detail.touchpoint)));
      onElement(made);
      place.current?.append(made);
    });
    return () => {
      gone = true;
      made?.remove();
      onElement(null);
    };
  }, []);
  useEffect(() => {
    if (element) element.theme = colours;
  }, [element, colours]);
  useEffect(() => {
    if (element && shown) element.map = shown;
  }, [element, shown]);
  useEffect(() => {
    if (element) element.selected = typeof id === "string" ? id : null;
  }, [element, id]);

  return (
    <section class="card picture" aria-labelledby="editor-picture">
      <h2 id="editor-picture">Picture</h2>
      <div ref={place} />
    </section>
  );
}
