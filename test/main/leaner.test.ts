/** A run that memory ended goes on with settings that need less, and says so. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EngineEnd, memoryRanOut } from '../../src/main/engine-end.ts';
import { beginLeaner } from '../../src/main/leaner.ts';
import { openStore } from '../../src/main/store/database.ts';
import { lorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { smallConfig } from './small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-leaner-'));
const store = openStore(join(root, 'lorikeet.db'));
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

/** The words for a process that was killed while the kernel counted one more kill for want of memory, or no further one. */
function endOf(kills: number): string {
  let count = 3;
  const end = new EngineEnd(() => count);
  count += kills;
  return end.reason(9);
}

function interrupted(reason: string): number {
  const { id } = store.runs.create({ ...smallConfig(), keep: 'products' }, () => '/out');
  const code = reason === memoryRanOut ? 'engine/ended-for-memory' : 'engine/stopped';
  const { problem } = lorikeetError(code, { reason });
  store.runs.update(id, { state: 'interrupted', problem });
  return id;
}

test('killed for want of memory it keeps less for the backward pass', () => {
  const id = interrupted(endOf(1));
  beginLeaner(store, [id]);
  const { config, changes } = store.runs.get(id);
  expect(config.keep).toBe('inputs');
  expect(changes).toMatchObject([
    { step: 0, text: expect.stringContaining('Memory ran out') as string },
  ]);
});

test('killed by somebody, or together with one that was, it stays as it is', () => {
  const [short, other] = [interrupted(endOf(1)), interrupted(endOf(0))];
  beginLeaner(store, [other]);
  beginLeaner(store, [short, other]);
  for (const id of [short, other]) {
    expect(store.runs.get(id)).toMatchObject({ config: { keep: 'products' }, changes: [] });
  }
});

/** A run whose whole process is gone. */
function orphaned(): number {
  const { id } = store.runs.create({ ...smallConfig(), keep: 'products' }, () => '/out');
  const { problem } = lorikeetError('studio/interrupted', { pid: 7 });
  store.runs.update(id, { state: 'interrupted', problem, peakMemoryBytes: 3e9 });
  return id;
}

test('ended with its process close to a limit it keeps less too, and says which', () => {
  const id = orphaned();
  const asked: (number | null)[] = [];
  beginLeaner(store, [id], (peak) => {
    asked.push(peak);
    return 'the limit of data (ulimit -d)';
  });
  const { config, changes } = store.runs.get(id);
  expect(asked).toEqual([3e9]);
  expect(config.keep).toBe('inputs');
  expect(changes).toMatchObject([
    { step: 0, text: expect.stringContaining('close to the limit of data') as string },
  ]);
});

test('ended with its process far from every limit, or by somebody close to one, it stays as it is', () => {
  const far = orphaned();
  beginLeaner(store, [far], () => null);
  const killed = interrupted(endOf(0));
  beginLeaner(store, [killed], () => 'the machine');
  for (const id of [far, killed])
    expect(store.runs.get(id)).toMatchObject({ config: { keep: 'products' }, changes: [] });
});
