// Where a log comes from.
import { loaded } from "../store";

export function DataView() {
  return <p>{loaded.value ? loaded.value.name : "No log is loaded."}</p>;
}
