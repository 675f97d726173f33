/** A checkpoint is read as it was written or not at all, whatever became of its files. */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { readCheckpoint } from '../../../../src/main/engine/resume/read-checkpoint.ts';
import { aboutPath, statePath } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { parameters, smallCheckpoints, stateAfter } from './small-checkpoints.ts';

const written = async () => (await smallCheckpoints([12]))(12);

/** Changes the text of checkpoint.json, which has to change by it. */
function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(aboutPath(path), 'utf8');
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(aboutPath(path), after);
}

/** As an older Lorikeet wrote it: without the sha256 of its own content. */
function withoutContent(path: string): void {
  edit(path, (text) => text.replace(/,\s*"content": "[0-9a-f]{64}"/, ''));
}

/** Other tensors, with a checkpoint.json that knows them. */
async function withTensors(path: string, lengths: Record<string, number>): Promise<void> {
  const tensors = Object.entries(lengths).map(([name, length]) => ({
    ...{ name, shape: [length], values: () => new Float32Array(length) },
  }));
  rmSync(statePath(path));
  await writeSafetensors(statePath(path), tensors, 'float32');
  const sha256 = createHash('sha256')
    .update(readFileSync(statePath(path)))
    .digest('hex');
  withoutContent(path);
  edit(path, (text) => text.replace(/"state": "[0-9a-f]{64}"/, `"state": "${sha256}"`));
}

/** What is said of it; it is always the error of a damaged checkpoint, with the advice of that. */
async function reasonOf(path: string): Promise<string> {
  const problem = await problemOf(() => readCheckpoint(path));
  expect(problem).toMatchObject({
    ...{ code: 'resume/damaged', where: path },
    next: 'Put the folder back as it was, or start the run anew.',
  });
  return problem.what;
}

test('what was written is read, also without the sha256 of its own content', async () => {
  const path = await written();
  const { about, state } = await readCheckpoint(path);
  expect(state).toEqual(stateAfter(12));
  withoutContent(path);
  expect((await readCheckpoint(path)).about).toEqual(about);
});

test.each<[string, (text: string) => string]>([
  ['its loss', (text) => text.replace('"lastLoss": 2', '"lastLoss": 1')],
  ['its configuration', (text) => text.replace('"seed": ', '"seed": 1')],
  ['a key that it had', (text) => text.replace(/"seconds": 12,/, '')],
  ['a key that it had not', (text) => text.replace('{', '{"more": 1,')],
])('a checkpoint.json in which %s is another', async (_, change) => {
  const path = await written();
  edit(path, change);
  expect(await reasonOf(path)).toContain('its checkpoint.json is not what was written');
});

test('a checkpoint.json that was only laid out anew is the same', async () => {
  const path = await written();
  edit(path, (text) => JSON.stringify(JSON.parse(text)));
  expect((await readCheckpoint(path)).about.step).toBe(12);
});

test.each([
  ['that is cut short', (size: number) => size / 2],
  ['that is empty', () => 0],
])('a checkpoint.json %s', async (_, sizeOf) => {
  const path = await written();
  const { length } = readFileSync(aboutPath(path));
  truncateSync(aboutPath(path), Math.floor(sizeOf(length)));
  expect(await reasonOf(path)).toContain('its checkpoint.json does not read well.');
});

test.each<[string, RegExp, string]>([
  ['the run is far beyond it', /("progress": \{\s*"steps": )12/, '$11000000000'],
  ['the run is before the first', /("progress": \{\s*"steps": )12/, '$1-3'],
  ['the run is before it', /("progress": \{\s*"steps": )12/, '$111'],
  ['the trainer is before it', /("trainer": \{\s*"steps": )12/, '$1-3'],
  ['the trainer is beyond it', /("trainer": \{\s*"steps": )12/, '$114'],
  ['the best validation is beyond it', /("best": \{\s*"step": )12/, '$113'],
  ['it is of another than its folder', /("step": )12/g, '$111'],
])('steps that do not fit together: %s', async (_, found, put) => {
  const path = await written();
  withoutContent(path);
  edit(path, (text) => text.replace(found, put));
  expect(await reasonOf(path)).toMatch(/step/);
});

test('a folder that has the name of another step', async () => {
  const path = await written();
  const other = join(dirname(path), 'step-000013');
  renameSync(path, other);
  expect(await reasonOf(other)).toContain('it is of step 12, and its folder says 13');
});

test('fewer runs than it has settings', async () => {
  const path = await written();
  withoutContent(path);
  edit(path, (text) => {
    const about = JSON.parse(text) as { configs: unknown[] };
    return JSON.stringify({ ...about, configs: [...about.configs, ...about.configs] });
  });
  expect(await reasonOf(path)).toContain('it has the settings of 2 runs and the progress of 1');
});

const whole: Record<string, number> = {
  ...{ parameters, firstMoment: parameters, secondMoment: parameters, gradientSum: parameters },
  'best.0': parameters,
};

test.each<[string, Record<string, number>, string]>([
  ['one is shorter', { ...whole, secondMoment: 2 }, 'secondMoment has 2 numbers, and 4 belong to'],
  ['the best is shorter', { ...whole, 'best.0': 2 }, 'what was best has 2 numbers'],
])('vectors that do not fit together: %s', async (_, lengths, said) => {
  const path = await written();
  await withTensors(path, lengths);
  expect(await reasonOf(path)).toContain(said);
});

test.each(['secondMoment', 'best.0'])('vectors without %s', async (name) => {
  const path = await written();
  const others = Object.entries(whole).filter(([other]) => other !== name);
  await withTensors(path, Object.fromEntries(others));
  expect(await reasonOf(path)).toContain(`its state.safetensors has no ${name}`);
});

test('vectors that are cut short', async () => {
  const path = await written();
  truncateSync(statePath(path), 40);
  expect(await reasonOf(path)).toContain('its state.safetensors is not the one');
});
