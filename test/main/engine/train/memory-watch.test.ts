/** When a run is told that memory is short. */
import { expect, test } from 'vitest';
import {
  MemoryWatch,
  type MemoryReadings,
} from '../../../../src/main/engine/train/memory-watch.ts';

const mebibyte = 2 ** 20;

/** Figures in MiB; `free` by what ends a process, and `refused` by what only refuses. */
function watching(
  now: { resident: number; peak: number; free: number; refused?: number },
  pauseMs = 0,
) {
  const limit = { what: 'the machine', swap: 0, ends: true };
  const readings: MemoryReadings = {
    memory: () => ({ residentBytes: now.resident * mebibyte, peakBytes: now.peak * mebibyte }),
    limits: () => [
      { ...limit, free: now.free * mebibyte },
      { ...limit, what: 'ulimit', free: (now.refused ?? 9e9) * mebibyte, ends: false },
    ],
  };
  return new MemoryWatch(readings, pauseMs);
}

test('a step takes again what it took before: that and a margin have to be free', () => {
  const short = watching({ resident: 600, peak: 900, free: 363 }).after();
  expect(short).toEqual({
    why: 'The run holds 600 MiB and takes up to 300 MiB more during a step, and the machine has 363 MiB left.',
    grows: true,
  });
  expect(watching({ resident: 600, peak: 900, free: 365 }).after()).toBeNull();
});

test('where the run takes no more, others have taken what was free; once is enough to say so', () => {
  const now = { resident: 900, peak: 900, free: 60 };
  const watch = watching(now);
  expect(watch.after()).toMatchObject({ grows: false });
  expect(watch.after()).toBeNull();
  now.free = 500;
  expect(watch.after()).toBeNull();
  now.free = 60;
  expect(watch.after()).toMatchObject({ grows: false });
});

test('a limit that only refuses is found out by the refusal', () => {
  expect(watching({ resident: 600, peak: 900, free: 4000, refused: 1 }).after()).toBeNull();
});

test('between two looks some time passes, so that steps of a tiny model are not slowed down', () => {
  const now = { resident: 600, peak: 900, free: 4000 };
  const watch = watching(now, 60_000);
  expect(watch.after()).toBeNull();
  now.free = 1;
  expect(watch.after()).toBeNull();
});
