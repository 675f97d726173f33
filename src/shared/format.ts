/** Numbers as a person reads them: every figure with its unit, never more digits than it is worth. */

import type { Figure } from './tasks.ts';

const thin = '\u202f'; // narrow no-break space between a number and its unit
const missing = '–';

function scaled(value: number, step: number, units: readonly string[]): [number, string] {
  let size = value;
  let index = 0;
  while (Math.abs(size) >= step && index < units.length - 1) {
    size /= step;
    index += 1;
  }
  return [size, units[index] ?? ''];
}

let integers: Intl.NumberFormat | null = null;

/** A whole number with a comma between thousands. Made when it is first needed: it takes 30 ms, and many processes tell no number. */
function grouped(whole: number): string {
  integers ??= new Intl.NumberFormat('en');
  return integers.format(whole);
}

/** Three significant digits without an exponent: 1.23, 12.3, 123. */
function three(value: number): string {
  const size = Math.abs(value);
  if (size >= 100) return grouped(Math.round(value));
  return value.toFixed(size >= 10 ? 1 : 2);
}

/** A whole number with separators: 1,536. */
export function formatCount(count: number): string {
  return grouped(Math.round(count));
}

/** A count in short: 950, 12.4 K, 135 M, 1.24 B. */
export function formatCompact(count: number): string {
  const [size, unit] = scaled(count, 1000, ['', 'K', 'M', 'B', 'T']);
  return unit === '' ? formatCount(count) : `${three(size)}${thin}${unit}`;
}

/** Bytes in binary units: 93.4 MiB. */
export function formatBytes(bytes: number): string {
  const [size, unit] = scaled(bytes, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']);
  return `${unit === 'B' ? formatCount(size) : three(size)}${thin}${unit}`;
}

/** Figures with plain spaces, for text that is copied and searched, as on a terminal. */
export function plainSpaces(text: string): string {
  return text.replaceAll(thin, ' ');
}

/** Seconds as a length of time: 8.4 s, 3 min 05 s, 2 h 10 min. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return missing;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${thin}s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}${thin}s`;
  const pad = (part: number): string => String(part).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)}${thin}min ${pad(whole % 60)}${thin}s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)}${thin}h ${pad(minutes % 60)}${thin}min`;
}

/** A share of one as per cent; small shares keep two significant digits: 0.92 %, 0.0031 %. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  const size = Math.abs(percent);
  if (percent === 0) return `0${thin}%`;
  if (size >= 10) return `${percent.toFixed(1)}${thin}%`;
  if (size >= 0.1) return `${percent.toFixed(2)}${thin}%`;
  if (size >= 1e-6)
    return `${trimZeros(percent.toFixed(Math.ceil(-Math.log10(size)) + 1))}${thin}%`;
  return `${formatSmall(percent)}${thin}%`;
}

/** A loss, nats per token: three digits behind the point, more where it is small. */
export function formatLoss(loss: number | null): string {
  if (loss === null) return missing;
  if (!Number.isFinite(loss)) return Number.isNaN(loss) ? 'not a number' : 'infinite';
  if (loss !== 0 && Math.abs(loss) < 0.01) return formatSmall(loss);
  return loss.toFixed(3);
}

/** A figure of a task, as a share or as a number. */
export function formatTaskFigure({ form }: Pick<Figure, 'form'>, value: number | null): string {
  return form === 'share' && value !== null ? formatPercent(value) : formatLoss(value);
}

/** A number that may be tiny: plain from 0.001 to 10,000, else with an exponent: 2.0e−4. */
export function formatSmall(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : 'infinite';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e4) return String(Number(value.toPrecision(3)));
  const [digits = '', exponent = ''] = value.toExponential(1).split('e');
  return `${digits}e${exponent.replace('+', '').replace('-', '−')}`;
}

/** Tokens per second. */
export function formatRate(tokensPerSecond: number): string {
  return `${three(tokensPerSecond)}${thin}tok/s`;
}

function trimZeros(digits: string): string {
  return digits.includes('.') ? digits.replace(/\.?0+$/, '') : digits;
}
