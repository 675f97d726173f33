/** What a case of the bench gives, and how it is written. */

export type Table = { header: readonly string[]; rows: readonly (readonly string[])[] };

/** A ratio of medians beside its goal. */
export type Ratio = { what: string; found: string; goal: string };

export type CaseResult = { title: string; tables: Table[]; notes: string[]; ratios: Ratio[] };

/** A Markdown table. */
export function renderTable({ header, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A section of the report. */
export function renderCase({ title, tables, notes }: CaseResult): string {
  return [`## ${title}`, ...notes, ...tables.map(renderTable)].join('\n\n');
}
