/** What was measured against what is wanted, as a table. */

export type Row = {
  what: string;
  unit: string;
  /** At most so much. */
  goal: number;
  seen: number;
};

/** The value that the share `p` of all values does not exceed (nearest rank); NaN for none. */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

/** A figure that could not be measured is none that was met. */
export function isMet({ goal, seen }: Row): boolean {
  return seen <= goal;
}

/** A line for each row under a head, in columns. */
export function renderRows(rows: readonly Row[]): string {
  const cells = [
    ['', 'goal', 'seen', ''],
    ...rows.map((row) => {
      const said = (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} ${row.unit}`;
      return [row.what, `< ${said(row.goal)}`, said(row.seen), isMet(row) ? '✓' : '✗'];
    }),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells
    .map((line) =>
      line
        .map((cell, at) =>
          at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** How much `values` grow from their second quarter to their last, by the medians: what is held at first does not count. */
export function growth(values: readonly number[]): number {
  const quarter = Math.floor(values.length / 4);
  const median = (part: readonly number[]) => percentile(part, 0.5);
  return median(values.slice(-quarter)) - median(values.slice(quarter, 2 * quarter));
}
