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

/** Changes a value each millisecond, and tells what was shown of it. */
function shownOf(changes: number): { seen: number[]; end: () => void } {
  const state = new SvelteMap([['done', 0]]);
  const seen: number[] = [];
  let follow: { readonly current: number | undefined } | null = null;
  const stops = [
    watch(() => (follow = calm(() => state.get('done')))),
    watch(() => seen.push(follow?.current ?? NaN)),
  ];
  flushSync();
  for (let done = 1; done <= changes; done++) {
    vi.advanceTimersByTime(1);
    state.set('done', done);
    flushSync();
  }
  const end = () => {
    for (const stop of stops) stop();
  };
  return { seen, end };
}

test('a value that changes a thousand times is shown a few times, and its last is', () => {
  const { seen, end } = shownOf(1000);
  vi.advanceTimersByTime(1000);
  flushSync();
  end();
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(1000);
  expect(seen.length).toBeLessThan(8);
});

test('what was not shown when its component went is not read any more', () => {
  const { seen, end } = shownOf(10);
  end();
  vi.advanceTimersByTime(1000);
  flushSync();
  expect(seen.at(-1)).toBeLessThan(10);
});
