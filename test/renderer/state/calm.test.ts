import { flushSync } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { calm } from '../../../src/renderer/state/calm.svelte.ts';
import { watch } from '../watch.svelte.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Changes a value each millisecond, and tells how often it was read and what was shown of it. */
function followed(changes: number) {
  const state = new SvelteMap([['done', 0]]);
  let reads = 0;
  const read = () => {
    reads += 1;
    return state.get('done');
  };
  const seen: (number | undefined)[] = [];
  let follow: ReturnType<typeof calm<number | undefined>> | null = null;
  const stops = [watch(() => (follow = calm(read))), watch(() => seen.push(follow?.current))];
  flushSync();
  for (let done = 1; done <= changes; done++) {
    vi.advanceTimersByTime(1);
    state.set('done', done);
    flushSync();
  }
  const end = () => {
    for (const stop of stops) stop();
  };
  return { seen, end, reads: () => reads };
}

test('a value that changes a thousand times is shown a few times, and its last is', () => {
  const { seen, end } = followed(1000);
  vi.advanceTimersByTime(1000);
  flushSync();
  end();
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(1000);
  expect(seen.length).toBeLessThan(8);
});

test('of a component that is gone nothing is read, whatever was still to be shown', () => {
  const { end, reads } = followed(10);
  const before = reads();
  expect(vi.getTimerCount()).toBe(1);
  end();
  vi.advanceTimersByTime(1000);
  expect(reads()).toBe(before);
});
