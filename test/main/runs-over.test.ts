/** Which ends of runs a person is told of who looks elsewhere. */
import { expect, test } from 'vitest';
import { runsOver, type RunOver } from '../../src/main/runs-over.ts';
import { lorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { runOf } from '../renderer/run-record.ts';

const { problem } = lorikeetError('engine/stopped', { reason: 'it was killed' });

function heard(...changes: Parameters<typeof runOf>[0][]): RunOver[] {
  const told: RunOver[] = [];
  const change = runsOver((over) => told.push(over));
  for (const each of changes) change(runOf({ id: 3, name: 'poems', ...each }));
  return told;
}

test('a run that is trained is told once, with its best figure', () => {
  const best = { step: 25, loss: 0.61 };
  const end = { state: 'finished', step: 40, totalSteps: 40, best } as const;
  expect(heard({ state: 'running' }, end, { ...end, name: 'poems 2' })).toEqual([
    { id: 3, title: 'poems is trained', body: 'Step 40 of 40. Best validation loss 0.610.' },
  ]);
});

test.each([
  ['failed', 'poems failed'],
  ['interrupted', 'poems was interrupted'],
  ['paused', 'poems has paused'],
] as const)('one that is %s by a problem says which', (state, title) => {
  expect(heard({ state: 'preparing' }, { state, problem })).toEqual([
    { id: 3, title, body: problem.what },
  ]);
});

test('what a person has asked for, and what was over before, is not told', () => {
  expect(heard({ state: 'running' }, { state: 'paused', problem: null })).toEqual([]);
  expect(heard({ state: 'running' }, { state: 'stopped' })).toEqual([]);
  expect(heard({ state: 'queued' }, { state: 'stopped' }, { state: 'failed', problem })).toEqual(
    [],
  );
});
