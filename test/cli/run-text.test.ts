/** What the command line says for a person while runs train, and at their end. */
import { afterEach, expect, test } from 'vitest';
import type { Output } from '../../src/cli/output.ts';
import { sayNews, tellEnd, tellGoingOn } from '../../src/cli/run-text.ts';
import { lorikeetError } from '../../src/shared/errors/lorikeet-error.ts';
import { runOf } from '../renderer/run-record.ts';

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
});

test('a run that left no adapter was interrupted: what comes after it has nothing to go on with', () => {
  const said: string[] = [];
  const output: Output = {
    ...{ json: false, text: () => undefined, note: () => undefined },
    result: (_, text) => void said.push(text?.() ?? ''),
  };
  tellEnd(output, runOf({ id: 7, state: 'stopped', step: 1 }), '/adapter');
  expect(process.exitCode).toBe(before);
  tellEnd(output, runOf({ id: 8, state: 'stopped', step: 0 }), null);
  expect(process.exitCode).toBe(130);
  expect(said).toEqual([
    expect.stringMatching(/stopped after 1 step\n/),
    expect.stringMatching(/stopped after 0 steps\n[^]*none: stopped before the first step/),
  ]);
});

test('of several runs notices are told as of one, and changes by the name of the run', () => {
  expect(sayNews('wild', { kind: 'notice', text: 'The disk is full.' })).toBe('The disk is full.');
  const change = { step: 3, text: 'It was ended.' };
  expect(sayNews('wild', { kind: 'change', change, settings: {} })).toMatch(/^wild: .*ended/);
  expect(sayNews('wild', { kind: 'answer', column: 0, text: 'a' })).toBeNull();
});

test('a run that cannot go on from its checkpoint is not told to', () => {
  const notes: string[] = [];
  const nothing = () => undefined;
  const note = (text: string) => void notes.push(text);
  const output: Output = { json: false, result: nothing, text: nothing, note };
  const checkpoint = { path: '/c/step-000031', step: 31, at: 1 };
  const paused = runOf({ id: 7, state: 'paused', checkpoint });
  tellGoingOn(output, paused);
  expect(notes).toEqual(['It goes on from the checkpoint of step 31: lorikeet resume 7']);
  const { problem } = lorikeetError('resume/no-checkpoint', { path: checkpoint.path });
  tellGoingOn(output, { ...paused, problem });
  expect(notes).toHaveLength(1);
});
