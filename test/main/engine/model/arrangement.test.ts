/** What llama.cpp's converter does to rows and norms, there and back. */
import { expect, test } from 'vitest';
import {
  byPart,
  inFileOrder,
  interleaved,
  restore,
} from '../../../../src/main/engine/model/arrangement.ts';

/** A matrix of two columns whose rows say their own number. */
const numbered = (rows: number) => Float32Array.from({ length: 2 * rows }, (_, i) => i >> 1);
const rowsOf = (values: Float32Array) => [...values].filter((_, i) => i % 2 === 0);

test('q and k of LLaMA: the halves of a head are interleaved', () => {
  const arrangement = interleaved(8, 2);
  if (arrangement.kind !== 'rows') throw new Error('rows change places');
  const inFile = inFileOrder(numbered(8), arrangement);
  expect(rowsOf(inFile)).toEqual([0, 2, 1, 3, 4, 6, 5, 7]);
  restore(inFile, arrangement);
  expect(inFile).toEqual(numbered(8));
});

test('a fused q, k, v: head by head becomes part by part', () => {
  const arrangement = byPart(12, 2);
  if (arrangement.kind !== 'rows') throw new Error('rows change places');
  // Two heads of q, k and v with two rows each.
  const inFile = inFileOrder(numbered(12), arrangement);
  expect(rowsOf(inFile)).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  restore(inFile, arrangement);
  expect(inFile).toEqual(numbered(12));
});

test('bytes of rows move as their numbers do', () => {
  const arrangement = interleaved(4, 1);
  if (arrangement.kind !== 'rows') throw new Error('rows change places');
  const bytes = Uint8Array.of(0, 0, 1, 1, 2, 2, 3, 3);
  expect([...inFileOrder(bytes, arrangement)]).toEqual([0, 0, 2, 2, 1, 1, 3, 3]);
});

test('norms around 0 are factors in the file', () => {
  const factors = Float32Array.of(1, 1.5, 0.25);
  restore(factors, { kind: 'plus one' });
  expect([...factors]).toEqual([0, 0.5, -0.75]);
});
