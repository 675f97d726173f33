/** Which folders of checkpoints are removed, and which stay. */
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import {
  KeptCheckpoints,
  removeCheckpoints,
  removeOldCheckpoints,
} from '../../src/main/run-checkpoints.ts';
import { openStore, type Store } from '../../src/main/store/database.ts';
import { temporaryFolder } from './engine/checkpoint/fixtures.ts';
import { smallConfig } from './small-config.ts';

const steps = [9, 10, 999_999, 1_000_000];

function folderWith(names: readonly string[]): string {
  const folder = join(temporaryFolder(), 'checkpoints');
  for (const name of names) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, 'state.safetensors'), 'x');
  }
  return folder;
}
const named = (step: number) => `step-${String(step).padStart(6, '0')}`;

test('the latest by their steps stay, as many as are kept', async () => {
  const folder = folderWith(steps.map(named));
  await removeOldCheckpoints(folder, [], 2);
  expect(readdirSync(folder).sort()).toEqual([named(1_000_000), named(999_999)]);
});

test('one that the store tells of stays, however old it is, and what is being written', async () => {
  const partial = '.step-000012.7-abcd.partial';
  const folder = folderWith([...steps.map(named), `${named(10)}-2`, partial]);
  await removeOldCheckpoints(folder, [join(folder, named(9))], 1);
  expect(readdirSync(folder).sort()).toEqual([partial, named(9), named(1_000_000)]);
});

test('at the end all go with the folder, and nothing that is no checkpoint', async () => {
  const folder = folderWith([named(9), `${named(9)}-2`, '.step-000012.7-abcd.partial']);
  const removed = removeCheckpoints(folder);
  // Killed now, it would have left nothing that stands for a checkpoint.
  const left = readdirSync(join(folder, '..'));
  expect(left.filter((name) => !/^\..*\.partial$/.test(name))).toEqual([]);
  await removed;
  expect(readdirSync(join(folder, '..'))).toEqual([]);
  const shared = folderWith([named(9), 'mine']);
  await removeCheckpoints(shared);
  expect(readdirSync(shared)).toEqual(['mine']);
  await removeCheckpoints(join(shared, 'none'));
});

/** A run that is over, with its checkpoint. */
function finishedRun() {
  const folder = folderWith([named(9)]);
  const store = openedStore();
  const { id } = store.runs.create(smallConfig(3), () => join(folder, 'adapter'));
  const checkpoint = { path: join(folder, named(9)), step: 9, at: 0 };
  store.runs.update(id, { state: 'finished', checkpointFolder: folder, checkpoint });
  return { folder, store, id };
}

function openedStore(): Store {
  const store = openStore(join(temporaryFolder(), 'lorikeet.db'));
  onTestFinished(() => {
    store.close();
  });
  return store;
}

test('the store tells of a checkpoint until it is set aside', () => {
  const { folder, store, id } = finishedRun();
  const forget = vi.spyOn(store.runs, 'update').mockImplementation(() => {
    expect(existsSync(folder)).toBe(false);
  });
  new KeptCheckpoints(store.runs, [id], folder).end();
  expect(forget).toHaveBeenCalledOnce();
});

test('a store that has no room to forget a checkpoint is no fault of the run', () => {
  const { folder, store, id } = finishedRun();
  vi.spyOn(store.runs, 'update').mockImplementationOnce(() => {
    throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  });
  new KeptCheckpoints(store.runs, [id], folder).end();
  expect(existsSync(folder)).toBe(false);
  // The next start comes back to it.
  expect(store.runs.overWithCheckpoint().map((run) => run.id)).toEqual([id]);
});

test('a folder that cannot be looked into is no fault of the run', () => {
  const { folder, store, id } = finishedRun();
  rmSync(folder, { recursive: true });
  writeFileSync(folder, 'in its way');
  new KeptCheckpoints(store.runs, [id], folder).end();
  expect(readFileSync(folder, 'utf8')).toBe('in its way');
  // The next start comes back to it.
  expect(store.runs.overWithCheckpoint().map((run) => run.id)).toEqual([id]);
});

test('what a run that has left the others can still go on from stays when they are over', async () => {
  const folder = folderWith([named(9), named(10)]);
  const store = openedStore();
  const [over, left] = ['over', 'left'].map(
    (name) => store.runs.create({ ...smallConfig(3), name }, () => join(folder, name)).id,
  );
  const checkpoint = { path: join(folder, named(9)), step: 9, at: 1 };
  store.runs.update(left ?? 0, { state: 'paused', checkpoint });
  store.runs.update(over ?? 0, { state: 'finished' });
  new KeptCheckpoints(store.runs, [over ?? 0], folder).end();
  await expect.poll(() => readdirSync(folder)).toEqual([named(9)]);
});
