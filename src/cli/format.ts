/** Figures as everywhere (shared/format.ts), with plain spaces: a terminal's text is copied and searched. */
import * as figures from '../shared/format.ts';

export { formatCount } from '../shared/format.ts';

/** '93.4 MiB' */
export function formatBytes(bytes: number): string {
  return figures.plainSpaces(figures.formatBytes(bytes));
}

/** Seconds as '8.4 s', '3 min 20 s' or '2 h 05 min'. */
export function formatDuration(seconds: number): string {
  return figures.plainSpaces(figures.formatDuration(seconds));
}

/** A share of 1 as '87.5 %'. */
export function formatPercent(share: number): string {
  return figures.plainSpaces(figures.formatPercent(share));
}

/** Small figures with three significant digits, as programs read them: '1.23e-5', '0.045'. */
export function formatFigure(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) < 1e-3 ? value.toExponential(2) : String(Number(value.toPrecision(4)));
}
