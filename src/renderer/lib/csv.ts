/** Tables as comma-separated values (RFC 4180). */

/** Numbers are written in full with a point, and null as an empty field. */
export function csvOf(rows: Iterable<readonly (string | number | null)[]>): string {
  const lines: string[] = [];
  for (const row of rows) lines.push(`${row.map(fieldOf).join(',')}\r\n`);
  return lines.join('');
}

function fieldOf(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
