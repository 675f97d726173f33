/** A run's checkpoints have a folder of their own, for as long as it goes on. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ownCheckpointFolder } from '../../src/main/checkpoint-folder.ts';
import { openStore } from '../../src/main/store/database.ts';
import { smallConfig } from './small-config.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-checkpoints-'));
const store = openStore(join(root, 'lorikeet.db'));
const { runs } = store;
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

let count = 0;
/** A run whose adapter goes to `output` in a folder of this test. */
const newRun = (output: string) => runs.create(smallConfig(), () => output).id;
const newOutput = () => join(root, String((count += 1)), 'adapter');

test('it lies beside the adapter, and stays the same once it is there', () => {
  const output = newOutput();
  const id = newRun(output);
  const folder = ownCheckpointFolder(runs, [id]);
  expect(folder).toBe(`${output}.checkpoints`);
  mkdirSync(folder, { recursive: true });
  expect(ownCheckpointFolder(runs, [id])).toBe(folder);
});

test("a folder that is there already is somebody else's", () => {
  const output = newOutput();
  mkdirSync(`${output}.checkpoints/step-000123`, { recursive: true });
  expect(ownCheckpointFolder(runs, [newRun(output)])).toBe(`${output}.checkpoints-2`);
});

test.each(['running', 'paused', 'interrupted'] as const)(
  'another run to the same place that is %s keeps its folder, though nothing is in it yet',
  (state) => {
    const output = newOutput();
    const [one, two] = [newRun(output), newRun(output)];
    expect(ownCheckpointFolder(runs, [one])).toBe(`${output}.checkpoints`);
    runs.update(one, { state });
    expect(ownCheckpointFolder(runs, [two])).toBe(`${output}.checkpoints-2`);
    runs.update(one, { state: 'finished' });
    expect(ownCheckpointFolder(runs, [newRun(output)])).toBe(`${output}.checkpoints`);
  },
);

test('runs that are trained at once have one in common', () => {
  const folder = join(root, 'group');
  const ids = ['a', 'b'].map((name) => newRun(join(folder, name)));
  expect(ownCheckpointFolder(runs, ids)).toBe(join(folder, 'checkpoints'));
  expect(ids.map((id) => runs.get(id).checkpointFolder)).toEqual([
    join(folder, 'checkpoints'),
    join(folder, 'checkpoints'),
  ]);
  const others = ['c', 'd'].map((name) => newRun(join(folder, name)));
  expect(ownCheckpointFolder(runs, others)).toBe(join(folder, 'checkpoints-2'));
});

test('a run of an earlier version goes on where its checkpoint is', () => {
  const output = newOutput();
  const id = newRun(output);
  const checkpoint = { path: join(root, 'before', 'step-000004'), step: 4, at: 0 };
  runs.update(id, { state: 'paused', checkpoint });
  expect(ownCheckpointFolder(runs, [id])).toBe(join(root, 'before'));
});
