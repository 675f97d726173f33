import { expect, test } from 'vitest';
import {
  blockLength,
  knownFiles,
  misfit,
  ownFiles,
  suggestedAdapters,
} from '../../../src/renderer/lib/table-choice.ts';
import type { AdapterRecord } from '../../../src/shared/contract/records.ts';
import { runOf } from '../run-record.ts';

const { config } = runOf({});
const runs = [
  runOf({ id: 1, config: { ...config, data: '/imdb', sequenceLength: 64 } }),
  runOf({
    id: 2,
    config: { ...config, data: '/yelp', validation: { kind: 'file', path: '/yelp-test' } },
  }),
  runOf({ id: 3, config: { ...config, task: 'sequence-classification' } }),
];
const adapterOf = (id: number, runId: number | null, model = '/model'): AdapterRecord => ({
  ...{ id, name: `adapter ${id}`, path: `/adapters/${id}`, runId, model },
  ...{ rank: 8, alpha: 16, parameters: 1, labels: null, base: null, createdAt: 0 },
});
const [imdb, yelp, told, gone] = [
  adapterOf(1, 1),
  adapterOf(2, 2),
  adapterOf(3, 3),
  adapterOf(4, null),
];

test('adapters of one base and one task go together; one whose run is gone is not known to be of another', () => {
  expect(misfit(imdb, yelp, runs)).toBeNull();
  expect(misfit(told, yelp, runs)).toBe('another task than adapter 2');
  expect(misfit(gone, told, runs)).toBeNull();
  const [good, other] = ['good', 'other'].map((name) => ({
    ...{ ...told, name },
    labels: { problem: 'single_label_classification' as const, names: [name, 'x'], pairs: false },
  }));
  if (good && other) expect(misfit(other, good, runs)).toBe('other classes than good');
  expect(misfit(adapterOf(5, 1, '/other'), yelp, runs)).toBe('another base model than adapter 2');
});

test('the newest adapters that go with the newest are suggested, on what they were validated on', () => {
  const suggested = suggestedAdapters([yelp, told, imdb], runs);
  expect(suggested).toEqual([yelp, imdb]);
  expect(ownFiles(suggested, runs)).toEqual(['/yelp-test', '/imdb']);
  expect(suggestedAdapters([], runs)).toEqual([]);
  expect(blockLength([imdb], runs)).toBe(64);
  expect(blockLength([imdb, yelp], runs)).toBe(config.sequenceLength);
});

test('every file is offered once', () => {
  const dataset = { id: 1, name: 'yelp', path: '/yelp', examples: 3, addedAt: 0 };
  expect(knownFiles(runs, [dataset], ['/new', '/imdb'])).toEqual([
    ...['/imdb', '/yelp-test', '/yelp', config.data, '/new'],
  ]);
});
