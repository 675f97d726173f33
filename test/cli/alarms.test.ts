import { expect, test } from 'vitest';
import { newAlarms } from '../../src/cli/alarms.ts';
import type { EngineEvent } from '../../src/shared/contract/engine.ts';
import type { Problem } from '../../src/shared/errors/problem.ts';

const alarm = (code: string, where: string): Problem => ({
  code,
  what: 'What.',
  where,
  next: 'Do.',
});
const at = (step: number, ...alarms: Problem[]): EngineEvent => ({
  kind: 'health',
  point: { step, modules: [], alarms, experts: [], imbalance: null },
});

test('an alarm is told when it first comes, and not again with every reading', () => {
  const alarmsOf = newAlarms();
  expect(alarmsOf(at(1))).toEqual([]);
  expect(alarmsOf(at(3, alarm('a', 'q_proj')))).toEqual([
    'alarm at step 3: What.\n  where: q_proj\n  next:  Do.',
  ]);
  expect(alarmsOf(at(6, alarm('a', 'q_proj, v_proj')))).toEqual([]);
  const later = alarmsOf(at(9, alarm('a', 'q_proj'), alarm('b', 'every module')));
  expect(later.map((text) => text.split('\n')[1])).toEqual(['  where: every module']);
  const ofSecond: EngineEvent = { kind: 'variant', variant: 1, event: at(9, alarm('a', 'q_proj')) };
  expect(alarmsOf(ofSecond)[0]).toMatch(/^variant 2, alarm at step 9: What\./);
});
