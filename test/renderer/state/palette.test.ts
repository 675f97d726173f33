/** The command palette with a main process that knows some runs. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Palette } from '../../../src/renderer/state/palette.svelte.ts';
import { runOf } from '../run-record.ts';
import { watch } from '../watch.svelte.ts';

const invoke = vi.fn((_command: string, request: { search: string }) => {
  const runs = [runOf({ id: 7, name: `run of ${request.search}` })];
  return Promise.resolve({ ok: true, value: { runs, total: 1, all: 1 } });
});
beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  invoke.mockClear();
});

test('it finds actions at once and runs when typing has been still, and moves around its ends', async () => {
  const palette = new Palette();
  const end = watch(() => palette.follow());
  palette.seek('comp');
  expect(palette.entries.map(({ label }) => label)).toEqual(['Compare', 'Compose']);
  await vi.advanceTimersByTimeAsync(200);
  expect(palette.entries.map(({ label }) => label)).toEqual([
    ...['Compare', 'Compose', 'run of comp'],
  ]);
  expect(invoke.mock.calls.map(([, { search }]) => search)).toEqual(['comp']);
  palette.move(-1);
  expect(palette.chosen?.effect).toEqual({ to: '#/run/7' });
  palette.move(1);
  expect(palette.chosen?.label).toBe('Compare');
  palette.point('do Compose');
  expect(palette.at).toBe(1);
  palette.seek('nothing of this name');
  // The run was found for other words.
  expect(palette.entries).toEqual([]);
  expect(palette.at).toBe(0);
  end();
});
