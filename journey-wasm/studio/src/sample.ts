// The beginning of a file: its format, its columns and some of their values.

export interface Column {
  name: string;
  values: readonly string[];
}

export interface Sample {
  format: "csv" | "ndjson" | "other";
  columns: readonly Column[];
}
