/** A loss that runs away is seen, and none that only goes up and down. */
import { expect, test } from 'vitest';
import { createRandom } from '../../../../src/main/engine/random.ts';
import {
  isSuspect,
  runAway,
  stepsAway,
  withLoss,
} from '../../../../src/main/engine/train/loss-watch.ts';

/** The first step, from 1, at which the losses count as run away; null where none does. */
function seenAt(losses: readonly number[]): number | null {
  let recent: number[] = [];
  for (const [i, loss] of losses.entries()) {
    recent = withLoss(recent, loss);
    if (runAway(recent)) return i + 1;
  }
  return null;
}

const steady = (count: number, loss: number) => Array.from({ length: count }, () => loss);

test('a loss at the level of guessing is seen when most of the newest have it', () => {
  expect(seenAt([...steady(100, 2), ...steady(20, 10)])).toBe(103);
  expect(runAway([...steady(30, 2), ...steady(5, 10)])).toEqual({ now: 10, before: 2 });
});

test('one bad batch, a slow rise and a first rise are none', () => {
  expect(seenAt([...steady(50, 2), 30, 25, ...steady(50, 2)])).toBe(null);
  expect(seenAt(Array.from({ length: 500 }, (_, i) => 1 + i / 100))).toBe(null);
  expect(seenAt([...steady(5, 2), ...steady(15, 10)])).toBe(null);
});

test('noise of single examples about a learnt loss is none', () => {
  const random = createRandom(1);
  // Log-normal as losses of single blocks are, here with twice the spread that was seen.
  const losses = Array.from({ length: 2000 }, () => 0.2 * Math.exp(random.normal()));
  expect(seenAt(losses)).toBe(null);
});

test('a first rise beyond guessing is seen before there are losses to hold it against', () => {
  expect(seenAt([6.4, 12, 33, 60, 93, 70, 40])).toBe(6);
  expect(runAway([6.4, 60, 70, 80, 90, 93])).toEqual({ now: 80, before: 6.4 });
  // What a finished adapter meets in other data.
  expect(seenAt([0.1, ...steady(19, 4)])).toBe(null);
});

test('the first loss that is far above is suspect by itself, and counted from', () => {
  expect(isSuspect([...steady(30, 2), 10])).toBe(true);
  expect(isSuspect([...steady(30, 2), 4])).toBe(false);
  expect(isSuspect([2])).toBe(false);
  expect(stepsAway([...steady(30, 2), 10, 10, 10])).toBe(3);
  expect(stepsAway([...steady(30, 2), 10, 2, 10, 10])).toBe(4);
  expect(stepsAway(steady(30, 2))).toBe(0);
});
