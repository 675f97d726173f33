/** (g) How Lorikeet's step grows with sequence length, rank and number of adapted layers. */
import { batchAt, showShape, streamWork, type Shape } from '../lib/batches.ts';
import { loadOf, type Bench } from '../lib/bench.ts';
import { figureOf, spread, type Figure } from '../lib/figures.ts';
import type { CaseResult, Table } from '../lib/result.ts';
import { using, type Own } from '../lib/sides.ts';

const lengths = [128, 512, 1024, 2048];
const ranks = [4, 16, 64];
const fewestSteps = 3;
/** Rows where only rank or layers change. */
const fixed: Shape = { rows: 4, length: 256 };

type Point = { shape: Shape; rank: number; layers: number };

export async function growth(bench: Bench): Promise<CaseResult> {
  const { architecture } = bench.materials;
  const { config, linears } = architecture;
  const all = config.numHiddenLayers;
  const widest = Math.min(...linears.flatMap((each) => [each.in, each.out]));
  const { rank } = bench.settings;
  const layerCounts = [...new Set([1, all / 2, all].map((n) => Math.max(1, Math.round(n))))];
  const measured = await using(bench.sides.own(), async (own) => {
    const byLength = lengths.filter((length) => length <= config.maxPositionEmbeddings);
    const byRank = ranks.filter((each) => each <= widest);
    return {
      lengths: await eachOf(byLength, (length) =>
        stepAt(bench, own, { shape: { rows: 1, length }, rank, layers: all }),
      ),
      ranks: await eachOf(byRank, (each) =>
        stepAt(bench, own, { shape: fixed, rank: each, layers: all }),
      ),
      layers: await eachOf(layerCounts, (layers) =>
        stepAt(bench, own, { shape: fixed, rank, layers }),
      ),
    };
  });
  const table = (name: string, points: [number, Figure][]): Table => {
    const first = points[0]?.[1].median ?? NaN;
    return {
      header: [name, 's / step', 'against the first'],
      rows: points.map(([value, figure]) => [
        String(value),
        spread(figure, 3),
        (figure.median / first).toFixed(2),
      ]),
    };
  };
  return {
    title: '(g) How a step grows',
    notes: [
      `Lorikeet alone, loss at every position. Lengths: one row, rank ${rank}, all layers. Ranks and layers: ${showShape(fixed)}; the adapted layers are the top ones, and nothing below them is differentiated.`,
    ],
    tables: [
      table('tokens in the row', measured.lengths),
      table('rank', measured.ranks),
      table('adapted layers', measured.layers),
    ],
    ratios: [],
  };
}

async function eachOf(
  values: readonly number[],
  measure: (value: number) => Promise<Figure>,
): Promise<[number, Figure][]> {
  const points: [number, Figure][] = [];
  for (const value of values) points.push([value, await measure(value)]);
  return points;
}

async function stepAt(bench: Bench, own: Own, { shape, rank, layers }: Point): Promise<Figure> {
  const { materials, settings } = bench;
  const work = streamWork(materials.train, shape);
  const adapter = await materials.adapter({ rank, layers, trained: false });
  await own.ask('load', { ...(await loadOf(bench, work)), adapter, variant: settings.own });
  await own.ask('step', { batch: batchAt(work, 0) });
  const seconds: number[] = [];
  for (let turn = 1; turn <= Math.min(fewestSteps, settings.counted); turn++) {
    seconds.push((await own.ask('step', { batch: batchAt(work, turn) })).seconds);
  }
  return figureOf(seconds);
}
