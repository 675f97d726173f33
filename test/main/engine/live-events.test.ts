/** What of a call the window hears at once, and of which run. */
import { expect, test } from 'vitest';
import { liveEvents } from '../../../src/main/engine/live-events.ts';
import type { EngineEvent } from '../../../src/shared/contract/engine.ts';

const notice: EngineEvent = { kind: 'notice', text: 'told' };

test('what one of several tells is of its run, and what all tell is of each', () => {
  expect(liveEvents([7, 9], { kind: 'variant', variant: 1, event: notice })).toEqual([
    { runId: 9, event: notice },
  ]);
  expect(liveEvents([7, 9], notice)).toEqual([
    { runId: 7, event: notice },
    { runId: 9, event: notice },
  ]);
});

test('a call that trains no run tells nothing', () => {
  expect(liveEvents([], notice)).toEqual([]);
  expect(liveEvents([7], { kind: 'variant', variant: 1, event: notice })).toEqual([]);
});
