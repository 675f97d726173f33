/** A chart as a picture of its own: larger than on the page, with title and legend, in the colours of the moment. */
import { drawChart, makeChart } from './chart.ts';
import type { ChartLook } from './chart-options.ts';
import type { ChartSeries } from './chart-series.ts';
import type { Stretch } from './stretch.ts';

/** Of the plot, in units of the page. */
const size = { width: 1200, height: 560 };
/** Pixels for each of these. */
const density = 2;
const edge = 24;
const line = 22;

type Pictured = {
  title: string;
  series: readonly ChartSeries[];
  look: ChartLook;
  shown: Stretch;
  /** Resolves a colour token. */
  colourOf: (token: string) => string;
};

/** The bytes of a PNG file. */
export async function chartPicture(pictured: Pictured): Promise<Uint8Array<ArrayBuffer>> {
  const { series, look, shown, colourOf } = pictured;
  const plot = document.createElement('canvas');
  [plot.width, plot.height] = [size.width, size.height];
  const chart = makeChart(plot, density);
  try {
    drawChart(chart, series, look, shown, colourOf);
    const blob = await pngOf(framed(plot, pictured));
    return new Uint8Array(await blob.arrayBuffer());
  } finally {
    chart.destroy();
  }
}

/** The plot under title and legend, on the page's ground. */
function framed(plot: HTMLCanvasElement, { title, series, colourOf }: Pictured): HTMLCanvasElement {
  const whole = document.createElement('canvas');
  const context = whole.getContext('2d');
  if (context === null) throw new TypeError('a canvas without a context');
  context.font = font(13);
  const rows = legendRows(context, series);
  const top = edge + 34 + rows.length * line;
  whole.width = density * (size.width + 2 * edge);
  whole.height = density * (top + size.height + edge);
  // Its size has cleared it.
  context.scale(density, density);
  context.fillStyle = colourOf('--surface');
  context.fillRect(0, 0, whole.width, whole.height);
  context.textBaseline = 'top';
  context.fillStyle = colourOf('--text');
  context.font = font(17, 600);
  context.fillText(title, edge, edge);
  context.font = font(13);
  for (const [row, entries] of rows.entries())
    for (const { one, x } of entries) {
      const y = edge + 34 + row * line;
      context.globalAlpha = one.look === 'faint' ? 0.45 : 1;
      context.strokeStyle = colourOf(one.colour);
      context.lineWidth = 3;
      context.setLineDash([...(one.dash ?? [])]);
      context.beginPath();
      context.moveTo(x, y + 7.5);
      context.lineTo(x + 16, y + 7.5);
      context.stroke();
      context.globalAlpha = 1;
      context.fillStyle = colourOf('--text-2');
      context.fillText(one.label, x + 22, y);
    }
  context.drawImage(plot, edge, top, size.width, size.height);
  return whole;
}

/** Entries of the legend side by side, as many as fit in a row. */
function legendRows(
  context: CanvasRenderingContext2D,
  series: readonly ChartSeries[],
): { one: ChartSeries; x: number }[][] {
  const rows: { one: ChartSeries; x: number }[][] = [[]];
  let x = edge;
  for (const one of series) {
    const width = 22 + context.measureText(one.label).width + 20;
    if (x > edge && x + width > edge + size.width) {
      rows.push([]);
      x = edge;
    }
    rows.at(-1)?.push({ one, x });
    x += width;
  }
  return rows;
}

function font(pixels: number, weight = 400): string {
  return `${weight} ${pixels}px system-ui, sans-serif`;
}

function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob === null) reject(new TypeError('a canvas that is no picture'));
      else resolve(blob);
    }, 'image/png');
  });
}
