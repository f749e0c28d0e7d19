// Sentences of the engine, which puts names between backticks.

/** A sentence whose names are marked. */
export function Words({ of }: { of: string }) {
  return <>{of.split("`").map((part, place) => (place % 2 === 1 ? <code dir="auto" key={place}>{part}</code> : part))}</>;
}
