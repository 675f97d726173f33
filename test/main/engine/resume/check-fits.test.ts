/** A state is one of the program that goes on from it: as many numbers for each adapter, and for each expert. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { writeSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { sha256Of } from '../../../../src/main/engine/origin/fingerprint.ts';
import { checkFits, type Program } from '../../../../src/main/engine/resume/check-fits.ts';
import { aboutPath, statePath } from '../../../../src/main/engine/resume/training-checkpoint.ts';
import type { RunState } from '../../../../src/main/engine/train/run-state.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { checkpointAt, oneRun, trainOne } from './one-run.ts';
import { parameters, stateAfter } from './small-checkpoints.ts';

const path = '/runs/step-000012';
const adapterOf = (end: number) => ({ slots: [], wholes: [], begin: 0, end });
const programOf = (size: number): Program => ({
  layout: { adapters: [adapterOf(size)], size },
  architecture: { experts: null },
});
const withExperts = (count: number): RunState => {
  const state = stateAfter(12);
  const sums = Array.from({ length: count }, () => 0);
  return {
    ...state,
    trainer: { ...state.trainer, experts: [{ probabilities: sums, chosen: sums }] },
  };
};

test('what fits is taken', () => {
  checkFits(path, withExperts(0), programOf(parameters));
});

test.each<[string, RunState, Program, string]>([
  ['vectors of another length', withExperts(0), programOf(parameters * 2), 'parameters has 4'],
  [
    'a best adapter of another length',
    { ...withExperts(0), runs: stateAfter(12).runs.map(shorterBest) },
    programOf(parameters),
    'the best adapter of run 1 has 2 numbers, and 4 belong',
  ],
  ['counts of experts that it has not', withExperts(3), programOf(parameters), 'experts'],
  ['no counts at all', stateAfter(12), programOf(parameters), 'experts'],
])('%s are refused', async (_, state, program, said) => {
  const problem = await problemOf(() => {
    checkFits(path, state, program);
  });
  expect(problem).toMatchObject({ code: 'resume/damaged', where: path });
  expect(problem.what).toContain(said);
});

test('vectors of half the length, of which the checkpoint itself knows nothing else', async () => {
  const run = oneRun();
  await trainOne(run, { pauseAt: 2 });
  const folder = checkpointAt(run, 2);
  await halve(folder);
  const problem = await problemOf(() => trainOne(run, { from: 2 }));
  expect(problem).toMatchObject({ code: 'resume/damaged', where: folder });
  expect(problem.what).toMatch(/parameters has \d+ numbers, and \d+ belong/);
});

/** Writes half of every vector, and a checkpoint.json as of an older Lorikeet that belongs to them. */
async function halve(folder: string): Promise<void> {
  const file = openSafetensors(statePath(folder));
  const tensors = [...file.tensors.keys()].map((name) => {
    const half = file.read(name);
    const values = half.subarray(0, half.length / 2);
    return { name, shape: [values.length], values: () => values };
  });
  file.close();
  rmSync(statePath(folder));
  await writeSafetensors(statePath(folder), tensors, 'float32');
  const about = JSON.parse(readFileSync(aboutPath(folder), 'utf8')) as Record<string, unknown>;
  const state = await sha256Of(statePath(folder));
  writeFileSync(aboutPath(folder), JSON.stringify({ ...about, content: undefined, state }));
}

function shorterBest(run: RunState['runs'][number]): RunState['runs'][number] {
  return { ...run, bestParameters: run.bestParameters?.subarray(0, 2) ?? null };
}
