/** The two kinds of work that a step is measured with, and who PEFT sends against it. */
import { packedWork, showShape, streamWork, type Shape, type Work } from './batches.ts';
import type { Bench } from './bench.ts';
import type { Trial } from './opponents.ts';
import type { PeerVariant } from '../protocol.ts';

/** Loss at every position of one long text, and loss on the answers of packed examples. */
const builders = { 'every position': streamWork, 'answers only': packedWork } as const;

export type Series = keyof typeof builders;
export const seriesNames: readonly Series[] = ['every position', 'answers only'];

export function stepWork(
  { materials }: Pick<Bench, 'materials'>,
  series: Series,
  shape: Shape,
): Work {
  return builders[series](materials.train, shape);
}

/** PEFT's configurations at a batch size, the fastest first; tried with loss at every position. */
export async function rankingAt(
  bench: Bench,
  shape: Shape,
): Promise<{ best: PeerVariant; ranking: Trial[] }> {
  const work = stepWork(bench, 'every position', shape);
  const ranking = await bench.opponents.ranking(bench, showShape(shape), work);
  const best = await bench.opponents.best(bench, showShape(shape), work);
  return { best, ranking };
}
