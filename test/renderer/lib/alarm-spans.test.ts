import { expect, test } from 'vitest';
import { alarmSpans } from '../../../src/renderer/lib/alarm-spans.ts';

const alarm = (code: string, where = 'q_proj') => ({ code, what: 'What.', where, next: 'Do.' });
const reading = (step: number, ...alarms: ReturnType<typeof alarm>[]) => ({
  step,
  modules: [],
  experts: [],
  imbalance: null,
  alarms,
});

test('an alarm lasts while every reading has it, and is told as the last of them had it', () => {
  const points = [
    reading(1),
    reading(3, alarm('a'), alarm('b')),
    reading(6, alarm('a'), alarm('b', 'q_proj, v_proj')),
    reading(9, alarm('b', 'v_proj')),
    reading(12, alarm('c'), alarm('b', 'v_proj')),
  ];
  expect(alarmSpans(points)).toEqual([
    { problem: alarm('c'), since: 12, gone: null },
    { problem: alarm('b', 'v_proj'), since: 3, gone: null },
    { problem: alarm('a'), since: 3, gone: 9 },
  ]);
});

test('one that comes back lasts again', () => {
  const points = [reading(1, alarm('a')), reading(2), reading(3, alarm('a'))];
  expect(alarmSpans(points)).toEqual([{ problem: alarm('a'), since: 1, gone: null }]);
});
