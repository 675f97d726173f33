/** Contestants that take turns, A B A B …, so that a slow moment of the machine meets both. */
import { setTimeout as sleep } from 'node:timers/promises';

/** `turn` is told which of its turns it is, from 0, the warm-up included. */
export type Contestant<T> = { warmups: number; turn: (number: number) => Promise<T> };

/** Threads that wait for work by spinning have gone to sleep after this. */
const settleMs = 250;

/** Warm-ups first, then the counted turns of all in rotation. Gives the counted results of each contestant. */
export async function takeTurns<T>(
  contestants: readonly Contestant<T>[],
  counted: number,
): Promise<T[][]> {
  for (const { warmups, turn } of contestants) {
    for (let number = 0; number < warmups; number++) await turn(number);
  }
  const results = contestants.map((): T[] => []);
  for (let round = 0; round < counted; round++) {
    for (const [index, { warmups, turn }] of contestants.entries()) {
      await sleep(settleMs);
      results[index]?.push(await turn(warmups + round));
    }
  }
  return results;
}
