/** How a run is changed so that it needs less memory and still does the same updates. */
import type { KeepPolicy, TrainingConfig } from './contract/training-config.ts';

/** What may change in a run under way without it becoming another one. */
export type LeanSettings = Pick<TrainingConfig, 'keep' | 'batchSize' | 'gradientAccumulation'>;

export type Leaner = {
  settings: LeanSettings;
  /** What changes and what that means, in a sentence. */
  text: string;
};

const next: Readonly<Record<KeepPolicy, KeepPolicy | null>> = {
  all: 'products',
  products: 'inputs',
  inputs: null,
};

const kept: Readonly<Record<KeepPolicy, string>> = {
  all: 'products and attention',
  products: 'matrix products',
  inputs: 'layer inputs only',
};

/**
 * The next leaner settings; null where there are none. First less is kept for the backward pass, which costs time alone; then the
 * batch is divided by its smallest factor (2 where it is even) and the accumulation multiplied with it, so that an update still
 * sums the gradients of the same blocks.
 * @param rows of the batch that are used, where there are fewer blocks than a batch has room for
 */
export function leaner(config: TrainingConfig, rows: number = config.batchSize): Leaner | null {
  const { keep, batchSize, gradientAccumulation } = config;
  const less = next[keep];
  if (less) {
    return {
      settings: { keep: less, batchSize, gradientAccumulation },
      text: `Less is kept for the backward pass: ${kept[less]} instead of ${kept[keep]}. Steps take longer and learn the same.`,
    };
  }
  const divided = belowRows(batchSize, rows);
  if (divided === null) return null;
  const times = batchSize / divided;
  const settings = { keep, batchSize: divided, gradientAccumulation: gradientAccumulation * times };
  return { settings, text: sayDivided(config, settings) };
}

/** Divides by smallest factors until fewer rows are used; null where one row is left. */
function belowRows(batchSize: number, rows: number): number | null {
  if (rows <= 1) return null;
  let size = batchSize;
  while (size >= rows) size /= smallestFactor(size);
  return size;
}

function smallestFactor(count: number): number {
  for (let factor = 2; factor * factor <= count; factor += 1) {
    if (count % factor === 0) return factor;
  }
  return count;
}

function sayDivided(before: TrainingConfig, after: LeanSettings): string {
  const change = `The batch goes from ${before.batchSize} to ${after.batchSize} and the accumulation from ${before.gradientAccumulation} to ${after.gradientAccumulation}.`;
  const others = [
    ...(before.lora.dropout > 0 ? ['dropout draws other numbers'] : []),
    ...(before.routerLoss > 0 ? ["the routers' loss is that of smaller batches"] : []),
  ];
  const same = 'Each update still sums the gradients of the same blocks, up to rounding';
  return `${change} ${same}${others.length > 0 ? `; ${others.join(', and ')}` : ''}.`;
}
