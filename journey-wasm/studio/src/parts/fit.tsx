// Whether the touchpoints of a map are those of the log: where they are not, what is measured cannot be at them.
import type { MapData } from "journey-wasm";
import { useAnswer, withMap } from "../answers";
import { call, type RemoteLog } from "../engine";

/** The most names that are listed as examples. */
const NAMED = 5;

/** Says which touchpoints of the map are not in the log, and what to do; nothing if all of them are. */
export function Fit({ data, log }: { data: MapData; log: RemoteLog }) {
  const { value } = useAnswer(() => withMap(data, (map) => call("matchEvents", map, log, { limit: NAMED })), [data, log]);
  if (!value || value.not_matched.length === 0) return null;
  const { touchpoints, not_matched, unmapped } = value;
  const found = touchpoints.length - not_matched.length;
  const name = new Map((data.touchpoints ?? []).map((one) => [one.id, one.name]));
  return (
    <p class={found === 0 ? "problem" : "soft"}>
      {found === 0 ? <strong>No touchpoint of the map occurs in the log.</strong> : `${found} of ${touchpoints.length} touchpoints of the map occur in the log.`}
      {found > 0 && <> Not in the log: <Listed names={not_matched.map((id) => name.get(id) ?? id)} />.</>}
      {unmapped.length > 0 && <> In the log, but not on the map: <Listed names={unmapped.map((one) => one.name)} more={value.unmapped_left_out} />. If some of these are touchpoints of the map, <a href="#map">say so under Map</a>: give the touchpoint the id that the log uses, or a rule under “Events that are meant”.</>}
    </p>
  );
}

function Listed({ names, more = 0 }: { names: readonly string[]; more?: number }) {
  const shown = names.slice(0, NAMED);
  const rest = names.length - shown.length + more;
  return <>{shown.map((name, place) => <span key={name}>{place > 0 && ", "}<code dir="auto">{name}</code></span>)}{rest > 0 && ` and ${rest} more`}</>;
}
