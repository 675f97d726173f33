/** The export of an adapter: free names, progress, and the ways in which it ends. */
import { afterEach, expect, test, vi } from 'vitest';
import { AdapterExport } from '../../../src/renderer/state/adapter-export.svelte.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

const adapter = { id: 4, name: 'a' };
const chosen = { to: 'gguf' as const, type: 'F16' };
const plainly = { otherBase: false, force: false, mergeBase: null };

type Invoke = (command: string, asked: { output?: string }) => Promise<unknown>;
/** A bridge that answers one call after another. */
function answering(...answers: unknown[]) {
  const invoke = vi.fn<Invoke>(() => Promise.resolve(answers.shift()));
  vi.stubGlobal('window', { lorikeet: { invoke } });
  return invoke;
}
const failed = ({ problem }: ReturnType<typeof lorikeetError>) => ({ ok: false, problem });
const written = { ok: true, value: 'report' };

afterEach(() => {
  vi.unstubAllGlobals();
});

test('names that are taken are passed over, of files and of folders', async () => {
  const invoke = answering(
    failed(lorikeetError('output/exists', { path: '/e/a-F16.gguf' })),
    failed(lorikeetError('output/not-empty', { path: '/e/a-F16-2.gguf' })),
    written,
  );
  const work = new AdapterExport();
  const manner = { otherBase: true, force: true, mergeBase: '/models/original' };
  await work.start(adapter, chosen, '/e', manner);
  expect(invoke.mock.calls.map(([, { output }]) => output)).toEqual([
    ...['/e/a-F16.gguf', '/e/a-F16-2.gguf', '/e/a-F16-3.gguf'],
  ]);
  expect(invoke).toHaveBeenCalledWith(
    'exports.write',
    expect.objectContaining({ adapterId: 4, ...chosen, ...manner }),
  );
  expect(work).toMatchObject({ working: false, report: 'report', problem: null, stopped: false });
});

test('a problem is kept, and one that was stopped is no problem', async () => {
  const changed = lorikeetError('export/no-head-in-gguf', { path: '/m' });
  const cancelled = lorikeetError('engine/cancelled', { work: 'The export' });
  answering(failed(changed), failed(cancelled));
  const work = new AdapterExport();
  await work.start(adapter, chosen, '/e', plainly);
  expect(work).toMatchObject({ problem: { code: 'export/no-head-in-gguf' }, stopped: false });
  await work.start(adapter, chosen, '/e', plainly);
  expect(work).toMatchObject({ problem: null, stopped: true, working: false });
});

test('progress is told while it works, with the time that is left, and stopping says so at once', async () => {
  const work = new AdapterExport();
  const phase = (done: number) => ({ phase: 'Merging and writing', done, total: 100 });
  work.apply(phase(1), 0);
  expect(work.progress).toBeNull();
  const ends: ((answer: unknown) => void)[] = [];
  const invoke = vi.fn<Invoke>(() => new Promise((end) => ends.push(end)));
  vi.stubGlobal('window', { lorikeet: { invoke } });
  const over = work.start(adapter, chosen, '/e', plainly);
  work.apply(phase(4), 0);
  work.apply(phase(20), 2000);
  expect(work.progress).toMatchObject({ done: 20, total: 100, secondsLeft: 10 });
  const stop = work.stop(4);
  expect(work.stopping).toBe(true);
  expect(invoke).toHaveBeenLastCalledWith('exports.stop', { adapterId: 4 });
  for (const end of ends) end(written);
  await Promise.all([over, stop]);
  expect(work).toMatchObject({ working: false, stopping: false, progress: null });
});
