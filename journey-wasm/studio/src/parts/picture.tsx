// A picture that the engine draws in its worker, as wide as there is room.
import { useEffect, useRef, useState } from "preact/hooks";
import { pictureElement, type Theme } from "journey-wasm";
import { useAnswer, Answered } from "../answers";
import { theme } from "../store";
import { adopt } from "./pieces";
import { save } from "./save";

export interface Drawing {
  width: number;
  theme: Theme;
}

/** Widths go in steps, so that a window that grows is not drawn at each pixel. */
const STEP = 20;

/** The width of an element, of at least so much as a picture needs. */
function useWidth() {
  const place = useRef<HTMLDivElement>(null);
  const [width, set] = useState(0);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const look = () => set(Math.max(280, Math.min(1400, Math.floor(element.clientWidth / STEP) * STEP)));
    const observer = new ResizeObserver(look);
    observer.observe(element);
    look();
    return () => observer.disconnect();
  }, []);
  return { place, width };
}

export function Picture({ name, draw, inputs }: {
  /** What the file is called that it is saved as. */
  name: string;
  draw(options: Drawing): Promise<string>;
  /** What it is drawn anew for. */
  inputs: readonly unknown[];
}) {
  const { place, width } = useWidth();
  const colours = theme.value;
  const answer = useAnswer(() => (width === 0 ? undefined : draw({ width, theme: colours })), [width, colours, ...inputs]);
  return (
    <figure class="picture" ref={place}>
      <Answered answer={answer}>
        {(picture) => (
          <>
            <Drawn picture={picture} />
            <button type="button" class="small" onClick={() => save(new Blob([picture], { type: "image/svg+xml" }), `${name}.svg`)}>Save the picture as SVG</button>
          </>
        )}
      </Answered>
    </figure>
  );
}

/** Shows a picture. */
function Drawn({ picture }: { picture: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    const plain = adopt(root, picture, (rules) => `${rules}\nsvg { display: block; max-width: 100%; height: auto; }`);
    root.replaceChildren(pictureElement(plain));
  }, [picture]);
  return <div ref={place} />;
}
