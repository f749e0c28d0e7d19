// A table that is sorted by any of its columns, and shows its first rows.
import { useMemo, useState } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { count } from "../format";

export interface TableColumn<Row> {
  name: string;
  /** What the column means, where its name does not say it. */
  meaning?: string;
  /** What rows are sorted by; nothing comes last. */
  by(row: Row): number | string | boolean | null;
  /** What is shown, if that is something else. */
  show?(row: Row): ComponentChildren;
  /** Whether it holds figures, which stand at the right. */
  figure?: boolean;
  /** Whether it holds texts that need room. */
  wide?: boolean;
}

interface Order {
  column: number;
  down: boolean;
}

/** How many rows are shown at first, and more each time. */
const ROWS = 25;

export function Table<Row>({ caption, columns, rows, leftOut = 0 }: {
  caption: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  /** Rows that there are besides. */
  leftOut?: number;
}) {
  const [order, sort] = useState<Order | null>(null);
  const [most, show] = useState(ROWS);
  const sorted = useMemo(() => inOrder(rows, columns, order), [rows, columns, order]);
  const shown = sorted.slice(0, most);
  const rest = sorted.length - shown.length;
  // Figures are sorted from the largest first, texts from A; then the other way; then as they came.
  const turn = (column: number) => {
    const firstDown = columns[column]?.figure ?? false;
    if (order?.column !== column) sort({ column, down: firstDown });
    else sort(order.down === firstDown ? { column, down: !firstDown } : null);
  };
  return (
    <div class="listed">
      <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ name, meaning, figure }, place) => (
                <th key={name} scope="col" class={figure ? "figure" : undefined} aria-sort={order?.column === place ? (order.down ? "descending" : "ascending") : undefined}>
                  <button type="button" class="sort" title={meaning} onClick={() => turn(place)}>
                    {name}
                    <span aria-hidden="true">{order?.column === place ? (order.down ? " ▼" : " ▲") : ""}</span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, at) => (
              <tr key={at}>
                {columns.map(({ name, by, show: shows, figure, wide }, place) => {
                  const cell = shows ? shows(row) : said(by(row));
                  return place === 0 ? <th key={name} scope="row" class={figure ? "figure" : undefined} dir="auto">{cell}</th> : <td key={name} class={figure ? "figure" : wide ? "wide" : undefined} dir={figure ? undefined : "auto"}>{cell}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rows.length === 0 && <p class="soft">There are none.</p>}
      {rest > 0 && <p><button type="button" class="small" onClick={() => show(most + 4 * ROWS)}>Show more: {count(rest)} left</button></p>}
      {leftOut > 0 && rest === 0 && <p class="soft">{count(leftOut)} more are not listed.</p>}
    </div>
  );
}

function said(value: number | string | boolean | null): string {
  if (value === null) return "–";
  return typeof value === "number" ? count(value) : String(value);
}

function inOrder<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[], order: Order | null): readonly Row[] {
  const by = order && columns[order.column]?.by;
  if (!by) return rows;
  const keyed = rows.map((row) => ({ row, key: by(row) }));
  keyed.sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null);
    const compared = typeof a.key === "string" && typeof b.key === "string" ? a.key.localeCompare(b.key) : Number(a.key) - Number(b.key);
    return order.down ? -compared : compared;
  });
  return keyed.map(({ row }) => row);
}
