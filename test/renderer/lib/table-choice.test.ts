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
const classes = {
  ...{ problem: 'single_label_classification' as const, names: ['a', 'b'], pairs: false },
};
const [imdb, yelp, gone] = [adapterOf(1, 1), adapterOf(2, 2), adapterOf(4, null)];
const told: AdapterRecord = { ...adapterOf(3, 3), labels: classes };

test('adapters of one base and one task go together, whether their runs are there or not', () => {
  expect(misfit(imdb, yelp)).toBeNull();
  expect(misfit(told, yelp)).toBe('another task than adapter 2');
  expect(misfit(gone, told)).toBe('another task than adapter 3');
  expect(misfit(gone, yelp)).toBeNull();
  const [good, other] = ['good', 'other'].map((name) => ({
    ...{ ...told, name },
    labels: { ...classes, names: [name, 'x'] },
  }));
  if (good && other) expect(misfit(other, good)).toBe('other classes than good');
  expect(misfit(adapterOf(5, 1, '/other'), yelp)).toBe('another base model than adapter 2');
});

test('the newest adapters that go with the newest are suggested, on what they were validated on', () => {
  const suggested = suggestedAdapters([yelp, told, imdb]);
  expect(suggested).toEqual([yelp, imdb]);
  expect(ownFiles(suggested, runs)).toEqual(['/yelp-test', '/imdb']);
  expect(suggestedAdapters([])).toEqual([]);
  expect(blockLength([imdb], runs)).toBe(64);
  expect(blockLength([imdb, yelp], runs)).toBe(config.sequenceLength);
});

test('every file is offered once', () => {
  const dataset = { id: 1, name: 'yelp', path: '/yelp', examples: 3, addedAt: 0 };
  const used = ['/imdb', '/yelp-test', '/yelp'];
  expect(knownFiles(used, [dataset], ['/new', '/imdb'])).toEqual([...used, '/new']);
});
