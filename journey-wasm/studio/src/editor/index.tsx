// The editor of maps.
import type { MapData } from "journey-wasm";
import type { Api } from "../engine";

export interface EditorProps {
  /** The map, or nothing yet. */
  map: MapData | null;
  /** Is told the map after each change. */
  onChange(map: MapData | null): void;
  /** Is told that the map was saved as it is. */
  onSaved?(): void;
  api: Api;
}

export function Editor({ map }: EditorProps) {
  return <p>{map ? map.name : "No map is open."}</p>;
}
