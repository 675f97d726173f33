/** Attention in several chunks of queries is attention. */
import { describe, expect, test } from 'vitest';
import { sharedSegment } from '../../../../src/main/engine/batch/block.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { Session, type Feed } from '../../../../src/main/engine/graph/session.ts';
import {
  causalAttention,
  causalMasks,
  queryChunks,
} from '../../../../src/main/engine/model/attention.ts';
import { relativeDifference } from '../parity/difference.ts';

describe.each<Fusion>(['islands', 'layers'])('fusion %s', (fusion) => {
  test.each([1, 128, 191, 192, 288, 1023, 1024, 1025, 2048, 5000])(
    'the chunks of %i queries follow each other and are about equal',
    (length) => {
      const chunks = queryChunks(fusion, length);
      const sizes = chunks.map(({ begin, end }) => end - begin);
      expect(chunks.map(({ begin }) => begin)).toEqual([
        0,
        ...chunks.slice(0, -1).map(({ end }) => end),
      ]);
      expect(chunks.at(-1)?.end).toBe(length);
      expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) - chunks.length);
    },
  );
});

/** Two query heads over one key head. */
const groups = 2;
const headDim = 4;
/** Tokens that make several chunks. */
const lengths = { none: 400, islands: 400, layers: 1600 };

/** A beginning that all share, and two sequences after it. */
const segmentsOf = (length: number) =>
  Int32Array.from({ length }, (_, t) => (t < 30 ? sharedSegment : t < 200 ? 1 : 2));
const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => 2 * Math.sin(seed + 1.7 * i));

describe.each<Fusion>(['none', 'islands', 'layers'])('fusion %s', (fusion) => {
  const length = lengths[fusion];
  const values = {
    q: numbers(groups * length * headDim, 1),
    k: numbers(length * headDim, 2),
    v: numbers(length * headDim, 3),
    segments: segmentsOf(length),
  };

  test.each(['all', 'products'] as const)('keeping %s: softmax(q·kᵀ + mask)·v', (keep) => {
    const program = new Program();
    const shape = { rows: 1, length };
    const inputs = {
      q: program.placeholder('q', 'float32', [1, 1, groups, length, headDim]),
      k: program.placeholder('k', 'float32', [1, 1, length, headDim]),
      v: program.placeholder('v', 'float32', [1, 1, length, headDim]),
      segments: program.placeholder('segments', 'int32', [1, length]),
    };
    const masks = causalMasks(fusion, inputs.segments, shape);
    expect(masks.length).toBeGreaterThan(1);
    const result = causalAttention(fusion, keep, [inputs.q, inputs.k, inputs.v], masks);
    const session = new Session(program);
    try {
      const feeds: Feed[] = [
        [inputs.q, values.q],
        [inputs.k, values.k],
        [inputs.v, values.v],
        [inputs.segments, values.segments],
      ];
      const [found] = session.run(feeds, [result]);
      expect(relativeDifference([...(found ?? [])], expected(values))).toBeLessThan(1e-5);
    } finally {
      session.dispose();
    }
  });
});

type Values = { q: Float32Array; k: Float32Array; v: Float32Array; segments: Int32Array };

/** Token by token, in float64: [length, groups · headDim]. */
function expected({ q, k, v, segments }: Values): number[] {
  const { length } = segments;
  const row = (x: Float32Array, at: number) => [...x.subarray(at * headDim, (at + 1) * headDim)];
  const dot = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, each, i) => sum + each * (b[i] ?? NaN), 0);
  const tokens = Array.from({ length }, (_, t) => t);
  return tokens.flatMap((t) =>
    Array.from({ length: groups }, (_, g) => {
      const seen = tokens.filter(
        (s) => s <= t && [segments[t], sharedSegment].includes(segments[s] ?? NaN),
      );
      const scores = seen.map((s) => Math.exp(dot(row(q, g * length + t), row(k, s))));
      const total = scores.reduce((sum, each) => sum + each, 0);
      return Array.from({ length: headDim }, (_, i) =>
        dot(
          scores.map((score) => score / total),
          seen.map((s) => row(v, s)[i] ?? NaN),
        ),
      );
    }).flat(),
  );
}
