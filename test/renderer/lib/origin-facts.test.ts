/** What a link of a chain says. */
import { expect, test } from 'vitest';
import { originFacts, sayGone } from '../../../src/renderer/lib/origin-facts.ts';
import type { Origin, TrainingOrigin } from '../../../src/shared/contract/origin.ts';
import {
  blendedOrigin,
  exportedOrigin,
  hashOf,
  partOf,
  trainedOrigin,
} from '../../support/sample-origins.ts';
import { runOf } from '../run-record.ts';

const { config } = runOf({});
const trained = trainedOrigin({ ...config, seed: 5 });
const held: TrainingOrigin = {
  ...trained,
  data: [
    ...trained.data,
    { path: '/data/held.jsonl', sha256: hashOf('e'), bytes: 1, role: 'validation' },
  ],
};
const rows = (origin: Origin) =>
  originFacts(origin).map(({ label, value, file }) =>
    [label, value, file?.sha256[0] ?? ''].join(' '),
  );

test('a training names its base and its data with their fingerprints, its seed and its losses', () => {
  expect(rows(held)).toEqual([
    'Base model small.gguf b',
    'Data train.jsonl d',
    'Validation held.jsonl e',
    'Seed 5 ',
    'Last loss 1.500 ',
    'Made with Lorikeet 0.2.0, Node 24.0.0, TensorFlow 2.21.0 ',
  ]);
});

test('a training on a rounded base says so, one from before there was a choice nothing', () => {
  const rounded = { ...config, base: 'nf4', doubleQuant: true } as const;
  expect(rows(trainedOrigin(rounded))).toContain(
    'Base in memory NF4, 4 bits, double quantisation ',
  );
});

test('a blend tells how it was made, an export its proof', () => {
  expect(rows(blendedOrigin([partOf('/a', 1, null)]))).toContain(
    'Settings rank 8, relative error 2.00\u202f% ',
  );
  const failed = exportedOrigin([]);
  expect(rows(failed)).toContain('Proof passed, 11\u202fB ');
  const proof = { ...failed.proof, passed: false };
  expect(rows({ ...failed, proof })).toContain('Proof not passed, 11\u202fB ');
  const mergedInto = { ...failed.base, path: '/models/original', sha256: hashOf('e') };
  expect(rows({ ...failed, mergedInto })).toContain('Merged into original e');
});

test('the adapter that a training started from is named where it is gone', () => {
  const further = { ...held, startedFrom: partOf('/adapters/first', 1, null) };
  expect(sayGone(further, ['/adapters/first'])).toBe(
    'The first adapter first is no longer where it was.',
  );
});

test('what a training needs and is gone is named', () => {
  expect(sayGone(held, ['/elsewhere'])).toBe(null);
  expect(sayGone(held, ['/data/held.jsonl'])).toBe(
    'The validation data held.jsonl is no longer where it was.',
  );
  expect(sayGone(held, [config.model, config.data])).toBe(
    'The base model a.gguf and the data train.jsonl are no longer where they were.',
  );
});
