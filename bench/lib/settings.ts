/** What a run of the bench does. */
import type { OwnVariant } from '../protocol.ts';
import { randomShapes, type RandomShape } from '../quantised/random-shapes.ts';
import type { Shape } from './batches.ts';

export type Settings = {
  /** Turns of each side that count. */
  counted: number;
  /** Batches that the step and memory cases are measured at. */
  sizes: readonly Shape[];
  own: OwnVariant;
  rank: number;
  learningRate: number;
  /** Validation loss that ends the real job, nats per token. */
  targetLoss: number;
  /** Real jobs of each side. */
  jobs: number;
  newTokens: number;
  /** Of the case with quantised bases. */
  randomModels: readonly RandomShape[];
};

/** Of `npm run bench` without options: the starter model, PEFT's usual rank. */
export const defaults: Settings = {
  counted: 5,
  sizes: [
    { rows: 4, length: 256 },
    { rows: 2, length: 512 },
    { rows: 1, length: 2048 },
  ],
  own: { precision: 'auto', keep: 'products' },
  rank: 8,
  learningRate: 1e-3,
  targetLoss: 0.02,
  jobs: 1,
  newTokens: 128,
  randomModels: randomShapes,
};
