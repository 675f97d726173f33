/** Runs are read page by page, and the visible page follows what happens to them. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Runs } from '../../../src/renderer/state/runs.svelte.ts';
import { RunPages } from '../../../src/renderer/state/run-pages.svelte.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import type { RunRecord } from '../../../src/shared/contract/records.ts';
import { runOf } from '../run-record.ts';
import { watch } from '../watch.svelte.ts';

/** What is in the store, newest first. */
let stored: RunRecord[];
let asked: { command: string; request: Record<string, unknown> }[];

/** A main process that has these runs, with a search by the beginnings of names. */
function answer(command: string, request: Record<string, unknown>): unknown {
  const { page, size, search, ids } = request;
  if (command === 'runs.some') return stored.filter(({ id }) => [ids].flat().includes(id));
  const fitting = stored.filter(({ name }) => name.startsWith(String(search)));
  const from = Number(page) * Number(size);
  const runs = fitting.slice(from, from + Number(size));
  return { runs, total: fitting.length, all: stored.length };
}

beforeEach(() => {
  vi.useFakeTimers();
  stored = [5, 4, 3, 2, 1].map((id) => runOf({ id, name: `run ${id}` }));
  asked = [];
  const invoke = (command: string, request: Record<string, unknown>) => {
    asked.push({ command, request });
    return Promise.resolve({ ok: true, value: answer(command, request) });
  };
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A list of two a page that is looked at. */
async function openList() {
  const runs = new Runs();
  const list = new RunPages(2, false, runs);
  const close = watch(() => list.follow());
  const settle = () => vi.advanceTimersByTimeAsync(1000);
  const tell = async (event: StudioEvent) => {
    list.apply(event);
    runs.apply(event);
    await settle();
  };
  await settle();
  return { runs, list, tell, settle, close, shown: () => list.rows.map(({ id }) => id) };
}

test('pages are turned, and what is typed is asked for once it rests', async () => {
  const { list, settle, shown, close } = await openList();
  expect([shown(), list.total]).toEqual([[5, 4], 5]);
  list.page = 2;
  await settle();
  expect(shown()).toEqual([1]);
  const before = asked.length;
  for (const search of ['r', 'run', 'run 3']) {
    list.seek(search);
    await vi.advanceTimersByTimeAsync(20);
  }
  await settle();
  expect([shown(), list.page]).toEqual([[3], 0]);
  expect(asked.length).toBe(before + 1);
  list.choose('failed');
  await settle();
  expect(asked.at(-1)?.request).toMatchObject({ states: ['failed'], begun: false });
  close();
});

test('figures of a run change in place; the page is read again for new runs and states', async () => {
  const { list, tell, shown, close } = await openList();
  const before = asked.length;
  await tell({ kind: 'run-changed', run: runOf({ id: 5, name: 'run 5', lastLoss: 0.25 }) });
  expect(list.rows[0]?.lastLoss).toBe(0.25);
  expect(asked.length).toBe(before);
  stored = [runOf({ id: 6, name: 'run 6', state: 'queued' }), ...stored];
  await tell({ kind: 'run-changed', run: runOf({ id: 6, name: 'run 6', state: 'queued' }) });
  expect(shown()).toEqual([6, 5]);
  expect(asked.length).toBe(before + 1);
  await tell({ kind: 'run-changed', run: runOf({ id: 6, name: 'run 6', state: 'running' }) });
  expect(asked.length).toBe(before + 2);
  close();
});

test('a page that is gone with its runs gives way to the last one', async () => {
  const { list, tell, settle, shown, close } = await openList();
  list.page = 2;
  await settle();
  stored = stored.filter(({ id }) => id !== 1);
  await tell({ kind: 'run-removed', id: 1 });
  await settle();
  expect([list.page, shown()]).toEqual([1, [3, 2]]);
  close();
});

test('what has work ahead is known from the start; others are when they are needed', async () => {
  const runs = new Runs();
  await runs.refresh();
  expect(asked[0]?.request['states']).toContain('queued');
  runs.known = [];
  await Promise.all([runs.need([3, 9]), runs.need([3])]);
  expect(runs.byId(3)?.name).toBe('run 3');
  expect([3, 9].map((id) => runs.isGone(id))).toEqual([false, true]);
  expect(asked.slice(1)).toEqual([{ command: 'runs.some', request: { ids: [3, 9] } }]);
  await runs.need([3]);
  expect(asked).toHaveLength(2);
});
