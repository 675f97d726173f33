/** Numbers as a person reads them in a terminal. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** 134,515,008 */
export function formatCount(value: number): string {
  return grouped.format(value);
}

/** Bytes in the unit that leaves one to four digits: '3.1 GB' (powers of 1000). */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit] ?? ''}`;
}

/** Seconds as '45 s', '3 min 20 s' or '2 h 05 min'. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

/** A share of 1 as '87.5 %'. */
export function formatPercent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** Small figures with three significant digits: '1.23e-5', '0.045'. */
export function formatFigure(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
