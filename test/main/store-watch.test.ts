/** What another process writes into the store reaches the page. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openStore } from '../../src/main/store/database.ts';
import { watchStore } from '../../src/main/store-watch.ts';
import type { StudioEvent } from '../../src/shared/contract/events.ts';
import { smallConfig } from './small-config.ts';
import { runOfOtherProcess } from './store/other-process.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-watch-'));
const path = join(root, 'lorikeet.db');
const store = openStore(path);
const other = openStore(path);
afterAll(() => {
  store.close();
  other.close();
  rmSync(root, { recursive: true });
});

test('changed, new and removed runs of others are told, own writes are not', async () => {
  const mine = store.runs.create(smallConfig(), () => '/mine');
  const events: StudioEvent[] = [];
  const end = watchStore(store, (event) => events.push(event), 5);
  const told = (event: object) =>
    expect.poll(() => events, { timeout: 10_000 }).toContainEqual(expect.objectContaining(event));

  store.runs.update(mine.id, { name: 'by myself' });
  runOfOtherProcess(path, 'running');
  const interrupted = () => store.runs.list().find(({ state }) => state === 'interrupted');
  await expect.poll(interrupted, { timeout: 10_000 }).toBeDefined();
  // It ended without finishing its run.
  const [, theirs] = store.runs.list();
  expect(theirs).toMatchObject({ state: 'interrupted', problem: { code: 'studio/interrupted' } });
  await told({ kind: 'run-changed', run: theirs });

  expect(events).not.toContainEqual({ kind: 'library-changed' });
  other.datasets.put({ name: 'd', path: '/d', examples: 1, addedAt: 1 });
  await told({ kind: 'library-changed' });
  other.runs.update(mine.id, { name: 'by another' });
  await told({ kind: 'run-changed', run: { ...mine, name: 'by another' } });
  other.runs.remove(mine.id);
  await told({ kind: 'run-removed', id: mine.id });
  end();

  const count = events.length;
  other.runs.remove(theirs?.id ?? 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events).toHaveLength(count);
});
