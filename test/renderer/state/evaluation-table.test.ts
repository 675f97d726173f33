import { afterEach, expect, test, vi } from 'vitest';
import { TableWork } from '../../../src/renderer/state/evaluation-table.svelte.ts';
import type { AdapterRecord } from '../../../src/shared/contract/records.ts';

const adapters = [3, 2, 1].map((id): AdapterRecord => ({
  ...{ id, name: `adapter ${id}`, path: `/adapters/${id}`, runId: null, model: '/model' },
  ...{ rank: 8, alpha: 16, parameters: 1, labels: null, base: null, createdAt: 0 },
}));
const ids = (rows: readonly AdapterRecord[]) => rows.map(({ id }) => id);

test('what was chosen stays in its order, and a removed adapter leaves', () => {
  const work = new TableWork();
  expect(ids(work.adapters(adapters))).toEqual([3, 2, 1]);
  work.toggleAdapter(3, adapters);
  work.toggleAdapter(3, work.adapters(adapters));
  expect(ids(work.adapters(adapters))).toEqual([2, 1, 3]);
  expect(ids(work.adapters(adapters.slice(1)))).toEqual([2, 1]);
});

afterEach(() => {
  vi.unstubAllGlobals();
});

test('what a table was made of stays chosen when there are new adapters', async () => {
  const invoke = vi.fn(() => Promise.resolve({ ok: true, value: null }));
  vi.stubGlobal('window', { lorikeet: { invoke } });
  const work = new TableWork();
  const older = adapters.slice(1);
  await work.start(work.adapters(older), ['/one', '/other'], []);
  expect(invoke).toHaveBeenCalledOnce();
  expect(ids(work.adapters(adapters))).toEqual([2, 1]);
  expect(work.files(adapters, [])).toEqual(['/one', '/other']);
});

test('a picked file is a column at once, and stays one when it is picked again', () => {
  const work = new TableWork();
  work.pick('/new', work.files([], []));
  work.pick('/new', work.files([], []));
  expect(work.files([], [])).toEqual(['/new']);
  expect(work.picked).toEqual(['/new']);
});

test('progress tells the time that is left, of a table in the making only', () => {
  const work = new TableWork();
  const progress = (done: number) =>
    ({ kind: 'table-progress', phase: 'Scoring blocks', done, total: 100 }) as const;
  work.apply(progress(4), 0);
  expect(work.progress).toBeNull();
  work.working = true;
  work.apply(progress(4), 0);
  expect(work.progress?.secondsLeft).toBeNull();
  work.apply(progress(20), 2000);
  expect(work.progress).toMatchObject({ done: 20, total: 100, secondsLeft: 10 });
});
