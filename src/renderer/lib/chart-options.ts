/** Options of a line chart: axes with units, a tooltip that speaks of every curve, colours from the page's tokens. */
import type { ChartOptions, TooltipItem } from 'chart.js';
import type { Mark } from './chart-mark.ts';
import { densest } from './chart-nearest.ts';
import type { Stretch } from './stretch.ts';

export type Axis = {
  label: string;
  format: (value: number) => string;
  /** No value is larger. */
  most?: number;
  /** Values are counts: there is nothing between two whole numbers. */
  whole?: boolean;
  /** How the scale writes its round numbers, where that is shorter. */
  tick?: (value: number) => string;
};
export type ChartLook = {
  x: Axis;
  y: Axis;
  logarithmic: boolean;
  /** A chart of a few lines of height: fewer ticks, no titles. */
  compact: boolean;
  mark?: Mark;
};

/** `colourOf` resolves a colour token; the x axis shows `shown`. */
export function chartOptions(
  look: ChartLook,
  colourOf: (token: string) => string,
  shown: Stretch,
): ChartOptions<'line'> {
  const text = colourOf('--text-2');
  const grid = colourOf('--grid-line');
  const font = { family: 'system-ui, sans-serif', size: 11 };
  const axis = (wanted: Axis, ticks: number) => ({
    title: { display: !look.compact, text: wanted.label, color: text, font },
    grid: { color: grid, tickColor: 'transparent' },
    border: { display: false },
    ticks: {
      color: text,
      font,
      maxTicksLimit: ticks,
      includeBounds: false,
      maxRotation: 0,
      ...(wanted.whole && { precision: 0 }),
      callback: (value: string | number, index: number, all: readonly { value: number }[]) =>
        tickLabel(wanted.tick ?? wanted.format, Number(value), all[index - 1]?.value),
    },
  });
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    parsing: false,
    normalized: true,
    interaction: { mode: 'nearestOfEach', intersect: false },
    layout: { padding: { top: 4, right: 8 } },
    scales: {
      x: { type: 'linear', min: shown.from, max: shown.to, ...axis(look.x, look.compact ? 4 : 9) },
      y: {
        type: look.logarithmic ? 'logarithmic' : 'linear',
        ...axis(look.y, look.compact ? 4 : 7),
        ...(look.y.most === undefined ? {} : { max: look.y.most }),
        // Not chart.js' own `grace`, which is added after this and leads below 0.
        afterDataLimits: (scale) => {
          if (look.logarithmic) return;
          const { min, max } = isNaught(scale.getMinMax(false)) ? unit : withRoom(scale);
          Object.assign(scale, { min, max: Math.min(max, look.y.most ?? Infinity) });
        },
      },
    },
    plugins: {
      legend: { display: false },
      crosshair: { colour: colourOf('--border-strong') },
      ...(look.mark && {
        mark: { ...look.mark, colour: colourOf('--orange'), text: colourOf('--text') },
      }),
      tooltip: {
        backgroundColor: colourOf('--tooltip'),
        titleColor: colourOf('--on-tooltip'),
        bodyColor: colourOf('--on-tooltip'),
        position: 'besideTop',
        caretSize: 0,
        caretPadding: 14,
        yAlign: 'top',
        padding: 10,
        cornerRadius: 6,
        boxWidth: 8,
        boxHeight: 8,
        boxPadding: 4,
        usePointStyle: true,
        titleFont: { ...font, weight: 600 },
        bodyFont: { ...font, size: 12 },
        callbacks: {
          title: (items) =>
            `${look.x.label}: ${look.x.format(densest(items, pointsBeside)?.parsed.x ?? 0)}`,
          label(item) {
            return sayPoint(item, this.dataPoints, look);
          },
        },
      },
    },
  };
}

/** Of readings that are all 0, around which chart.js would draw from −1 to 1. */
const unit = { min: 0, max: 1 };

function isNaught({ min, max }: { min: number; max: number }): boolean {
  return min === 0 && max === 0;
}

/** The label of a tick; none where it would be that of the tick before once more. */
export function tickLabel(
  format: (value: number) => string,
  value: number,
  before: number | undefined,
): string | null {
  const label = format(value);
  return before !== undefined && format(before) === label ? null : label;
}

/** A little room around the values. Hardly a figure here is ever negative, so the room below must not suggest it. */
export function withRoom({ min, max }: { min: number; max: number }): { min: number; max: number } {
  const room = 0.04 * (max - min);
  return { min: min < 0 ? min - room : Math.max(0, min - room), max: max + room };
}

/** 'Validation loss: 0.450', and where the point lies when that is not where the tooltip is. */
function sayPoint(
  item: TooltipItem<'line'>,
  beside: TooltipItem<'line'>[],
  look: ChartLook,
): string {
  const where = look.x.format(item.parsed.x ?? 0);
  const here = look.x.format(densest(beside, pointsBeside)?.parsed.x ?? 0);
  const says = `${item.dataset.label ?? ''}: ${look.y.format(item.parsed.y ?? NaN)}`;
  return where === here ? says : `${says} (${look.x.label.toLowerCase()} ${where})`;
}

function pointsBeside(item: TooltipItem<'line'>): number {
  return item.dataset.data.length;
}
