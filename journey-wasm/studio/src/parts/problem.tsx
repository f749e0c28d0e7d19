// An error, in the words of the engine, with its place.
import { useEffect, useRef } from "preact/hooks";
import { Words } from "./words";

interface Place {
  file?: string | null;
  line?: number | null;
  column?: number | null;
  record?: number | null;
  field?: string | null;
}

export function Problem({ error, onClose }: { error: Error & Place; onClose?: () => void }) {
  const places: [string, string | number | null | undefined][] = [
    ["file", error.file],
    ["record", error.record],
    ["line", error.line],
    ["column", error.column],
    ["field", error.field],
  ];
  const shown = useRef<HTMLDivElement>(null);
  useEffect(() => shown.current?.scrollIntoView({ block: "nearest" }), [error]);
  const known = places.filter(([, value]) => value !== null && value !== undefined);
  return (
    <div class="problem" role="alert" ref={shown}>
      <strong>This did not work.</strong>
      <p dir="auto"><Words of={error.message} /></p>
      {known.length > 0 && <p class="soft">{known.map(([name, value]) => `${name} ${value}`).join(", ")}</p>}
      {onClose && <button class="small" type="button" onClick={onClose}>Close</button>}
    </div>
  );
}
