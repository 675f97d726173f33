/** Examples as the batches that both sides are given. */
import { noLabel, type Block } from '../../src/main/engine/batch/block.ts';
import type { Sequence } from '../../src/main/engine/batch/sequence.ts';
import { packBlocks } from '../../src/main/engine/batch/pack.ts';
import type { Batch, Row } from '../protocol.ts';

export type Shape = { rows: number; length: number };

/** '4 × 256' */
export function showShape({ rows, length }: Shape): string {
  return `${rows} × ${length}`;
}

/** Batches of one shape, to be repeated in order. */
export type Work = { shape: Shape; batches: Batch[]; learnt: number };

/** The batch of a turn. */
export function batchAt({ batches }: Pick<Work, 'batches'>, turn: number): Batch {
  const batch = batches[turn % batches.length];
  if (!batch) throw new RangeError('there is not enough data for one batch of this size');
  return batch;
}

/** All examples as one long text, cut into rows; every position is learnt. */
export function streamWork(examples: readonly Sequence[], shape: Shape): Work {
  const { rows, length } = shape;
  const stream = examples.flatMap(({ tokens }) => [...tokens]);
  const cut = Array.from({ length: Math.floor(stream.length / length) }, (_, i): Row => {
    const tokens = stream.slice(i * length, (i + 1) * length);
    return {
      tokens,
      segments: tokens.map(() => 1),
      positions: tokens.map((_token, t) => t),
      labels: [...tokens.slice(1), noLabel],
    };
  });
  return workOf(shape, fullGroups(cut, rows));
}

/** Examples packed into blocks as both sides can read them, each with its own beginning; only the answers are learnt. */
export function packedWork(examples: readonly Sequence[], shape: Shape): Work {
  const { blocks } = packBlocks(examples, shape.length, 'apart');
  return workOf(shape, fullGroups(blocks.map(rowOf), shape.rows));
}

/** One example a row, padded at the end to the longest: what training without packing sees. */
export function paddedBatch(examples: readonly Sequence[]): Batch {
  const length = Math.max(...examples.map(({ tokens }) => tokens.length));
  return examples.map(({ tokens, labels }) => {
    const at = <T>(value: (t: number) => T, padding: T) =>
      Array.from({ length }, (_, t) => (t < tokens.length ? value(t) : padding));
    return {
      tokens: at((t) => tokens[t] ?? 0, 0),
      segments: at(() => 1, 0),
      positions: at((t) => t, 0),
      labels: at((t) => labels[t] ?? noLabel, noLabel),
    };
  });
}

export function rowOf({ tokens, segments, positions, labels }: Omit<Block, 'lossCount'>): Row {
  return {
    tokens: [...tokens],
    segments: [...segments],
    positions: [...positions],
    labels: [...labels],
  };
}

/** The engine's block for a row. */
export function blockOf({ tokens, segments, positions, labels }: Row): Block {
  return {
    tokens: Int32Array.from(tokens),
    segments: Int32Array.from(segments),
    positions: Int32Array.from(positions),
    labels: Int32Array.from(labels),
    lossCount: learntIn([{ labels }]),
  };
}

/** Labels that are learnt. */
export function learntIn(batch: readonly Pick<Row, 'labels'>[]): number {
  return batch.reduce((sum, { labels }) => sum + labels.filter((l) => l !== noLabel).length, 0);
}

/** Tokens that are not padding. */
export function realTokens(batch: Batch): number {
  return batch.reduce((sum, { segments }) => sum + segments.filter((s) => s !== 0).length, 0);
}

function fullGroups(rows: readonly Row[], size: number): Batch[] {
  return Array.from({ length: Math.floor(rows.length / size) }, (_, i) =>
    rows.slice(i * size, (i + 1) * size),
  );
}

function workOf(shape: Shape, batches: Batch[]): Work {
  return { shape, batches, learnt: Math.max(0, ...batches.map(learntIn)) };
}
