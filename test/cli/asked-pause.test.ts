import { afterEach, expect, test } from 'vitest';
import { watchPause } from '../../src/cli/asked-pause.ts';
import type { Output } from '../../src/cli/output.ts';
import { askedTo } from '../../src/shared/asked-end.ts';
import type { AskedEnd } from '../../src/shared/contract/engine.ts';
import type { RunState } from '../../src/shared/contract/records.ts';
import { runOf } from '../renderer/run-record.ts';

const before = process.exitCode;
afterEach(() => {
  process.exitCode = before;
});

/** What is told of runs that had these states when they were asked, and have those at their end. */
function told(how: AskedEnd, asked: readonly RunState[], end: readonly RunState[]): string[] {
  let states = asked;
  const some = (ids: readonly number[]) =>
    ids.map((id) => runOf({ id, state: states[id] ?? 'failed' }));
  const stop = new AbortController();
  const tell = watchPause({ some }, [...asked.keys()], stop.signal);
  stop.abort(askedTo(how, 'The run'));
  states = end;
  const said: string[] = [];
  const output: Output = {
    json: true,
    result: (value) => void said.push(JSON.stringify(value)),
    text: () => undefined,
    note: (text) => void said.push(text),
  };
  tell(output);
  return said;
}

test('a run that ended instead of pausing is told of, also as JSON, and by the exit code', () => {
  const text = 'It was to pause and kept no checkpoint: it does not go on from here.';
  expect(told('pause', ['running'], ['stopped'])).toEqual([text, JSON.stringify({ notice: text })]);
  expect(process.exitCode).toBe(130);
});

test('several are told of once', () => {
  const said = told('pause', ['running', 'running'], ['stopped', 'stopped']);
  expect(said[0]).toBe('They were to pause and kept no checkpoint: they do not go on from here.');
  expect(said).toHaveLength(2);
});

test.each<[string, AskedEnd, RunState[], RunState[]]>([
  ['a run that was stopped', 'stop', ['running'], ['stopped']],
  ['a run that paused', 'pause', ['running'], ['paused']],
  ['a run that came to its end meanwhile', 'pause', ['running'], ['finished']],
  [
    'variants of which halving had ended one',
    'pause',
    ['stopped', 'running'],
    ['stopped', 'paused'],
  ],
  ['the same, and the others finish', 'pause', ['stopped', 'running'], ['stopped', 'finished']],
])('nothing is told of %s', (_, how, asked, end) => {
  expect(told(how, asked, end)).toEqual([]);
  expect(process.exitCode).toBe(before);
});
