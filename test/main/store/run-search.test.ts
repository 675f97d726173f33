/** Runs are found page by page, by their names and states, among as many as there are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../../src/main/store/database.ts';
import type { RunFilter } from '../../../src/shared/contract/run-pages.ts';
import { smallConfig } from '../small-config.ts';
import { description, point } from './sample-records.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-search-'));
const store = openStore(join(root, 'lorikeet.db'));
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

const names = ['Home lights', '100% of it', 'Übung', 'home_work', 'last'];
for (const name of names) {
  const data = `/home/data/${name === 'last' ? 'Zoo' : 'small'}.jsonl`;
  store.runs.create({ ...smallConfig(), name, data }, (id) => `/out/${id}`);
}
store.runs.update(2, { state: 'finished' });
store.runs.update(4, { state: 'failed' });
store.metrics.addStep(4, point(1));

const everything: RunFilter = { search: '', states: [], begun: false };
const found = (filter: Partial<RunFilter>) =>
  store.runs.page({ ...everything, ...filter }, 0, 10).runs.map(({ name }) => name);

test('pages, newest first, with how many there are', () => {
  const page = (at: number) => store.runs.page(everything, at, 2);
  expect([0, 1, 2, 3].map((at) => page(at).runs.map(({ id }) => id))).toEqual([
    ...[[5, 4], [3, 2], [1], []],
  ]);
  expect(page(1)).toMatchObject({ total: 5, all: 5 });
});

test.each([
  ['home', ['home_work', 'Home lights']],
  ['LIGHTS ho', ['Home lights']],
  ['zoo', ['last']],
  ['%', ['100% of it']],
  ['e_w', ['home_work']],
  ['übung', ['Übung']],
  ['U\u0308BUNG', ['Übung']],
  ['\\', []],
  // The folders of files are no names.
  ['data', []],
])('searched: %s', (search, expected) => {
  expect(found({ search })).toEqual(expected);
});

test('the library’s names of models and data files count', () => {
  store.models.put({ name: 'Starter', path: '/models/small.gguf', description, addedAt: 1 });
  store.datasets.put({ name: 'Animals', path: '/home/data/Zoo.jsonl', examples: 1, addedAt: 1 });
  expect(found({ search: 'starter' })).toHaveLength(5);
  expect(found({ search: 'starter animals' })).toEqual(['last']);
  store.models.remove(1);
});

test('by state, and only those that have made a step', () => {
  expect(found({ states: ['finished', 'failed'] })).toEqual(['home_work', '100% of it']);
  expect(found({ begun: true })).toEqual(['home_work']);
  expect(found({ begun: true, states: ['finished'] })).toEqual([]);
});

test('what a run is renamed to is found, and what was removed is not', () => {
  store.runs.update(1, { name: 'garden' });
  expect(found({ search: 'garden' })).toEqual(['garden']);
  expect(found({ search: 'lights' })).toEqual([]);
  store.runs.remove(1);
  expect(found({ search: 'garden' })).toEqual([]);
});

test('files that runs have used, and which run used one last', () => {
  const own = { kind: 'file', path: '/valid.jsonl' } as const;
  const { id } = store.runs.create({ ...smallConfig(), validation: own }, () => '/out');
  const [small, zoo, valid] = ['/home/data/small.jsonl', '/home/data/Zoo.jsonl', '/valid.jsonl'];
  expect(store.runs.search.files(9)).toEqual(['/data/small.jsonl', valid, zoo, small]);
  expect(store.runs.search.files(2)).toEqual(['/data/small.jsonl', valid]);
  expect([small, valid, '/none'].map((path) => store.runs.search.newestWith(path))).toEqual([
    ...[4, id, null],
  ]);
});

test('notes and tags are searched too, as they are now', () => {
  store.runs.update(3, { notes: 'Übte zu schnell', tags: ['baseline', 'to keep'] });
  expect(found({ search: 'baseline übung' })).toEqual(['Übung']);
  expect(found({ search: 'KEEP schnell' })).toEqual(['Übung']);
  // How tags are stored is none of theirs.
  expect(found({ search: '"' })).toEqual([]);
  store.runs.update(3, { notes: '', tags: ['again'] });
  expect(found({ search: 'schnell' })).toEqual([]);
  expect(found({ search: 'again' })).toEqual(['Übung']);
  expect(store.runs.get(3)).toMatchObject({ notes: '', tags: ['again'] });
});
