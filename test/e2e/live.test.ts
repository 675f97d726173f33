/** Metrics of a run come straight from the engine to the page, and every one of them is kept. */
import { beforeAll, expect, test } from 'vitest';
import type { LiveEvent } from '../../src/shared/contract/events.ts';
import { startRun } from './choose.ts';
import { sharedStudio, type SharedStudio } from './shared-studio.ts';
import { invoke, tinyRun } from './tiny-run.ts';

type Heard = { at: number; live: LiveEvent };
let studio: SharedStudio;
beforeAll(async () => {
  studio = await sharedStudio();
});

/** Lets the page note every live event with its time; returns a function that reads the notes. */
async function listen(): Promise<() => Promise<Heard[]>> {
  const notes = await studio.page.evaluateHandle(() => {
    const heard: Heard[] = [];
    window.lorikeet.onLiveEvent((live) => heard.push({ at: Date.now(), live }));
    return heard;
  });
  return () => notes.jsonValue();
}

async function stateOf(id: number): Promise<string | undefined> {
  const runs = await invoke(studio.page, 'runs.list', undefined);
  return runs.find((run) => run.id === id)?.state;
}

test('steps reach the page while the main process is busy, and the store has every one', async () => {
  const heard = await listen();
  const config = tinyRun(studio.home, 100_000);
  const { id } = await startRun(studio, config);
  const steps = async () =>
    (await heard()).flatMap(({ at, live }) =>
      live.runId === id && live.event.kind === 'step' ? [{ at, step: live.event.point.step }] : [],
    );
  await expect.poll(async () => (await steps()).length, { timeout: 60_000 }).toBeGreaterThan(5);
  // As long as many steps take on this machine, however busy it is.
  const noted = await steps();
  const [first, last] = [noted[0]?.at ?? NaN, noted.at(-1)?.at ?? NaN];
  let busy = Math.max(800, (20 * (last - first)) / (noted.length - 1));
  const heardMeanwhile = async () => {
    const [from, to] = await studio.app.evaluate((_, milliseconds) => {
      const start = Date.now();
      while (Date.now() < start + milliseconds);
      return [start, Date.now()] as const;
    }, busy);
    // Others may have had the processor: then it is busy for longer.
    busy *= 2;
    return (await steps()).filter(({ at }) => at > from + 100 && at < to - 100).length;
  };
  await expect.poll(heardMeanwhile, { timeout: 60_000 }).toBeGreaterThan(2);

  await invoke(studio.page, 'runs.stop', { id });
  await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('stopped');
  const kept = await invoke(studio.page, 'runs.metrics', { id });
  expect([...kept.steps.step]).toEqual((await steps()).map(({ step }) => step));
  const kinds = new Set((await heard()).map(({ live }) => live.event.kind));
  expect([...kinds]).toEqual(expect.arrayContaining(['prepared', 'step', 'memory']));
});

test('the next run is heard too, though its engine is a new process', async () => {
  // Longer than training waits for a next run before it gives its memory back.
  await studio.page.waitForTimeout(2500);
  const heard = await listen();
  const { id } = await startRun(studio, tinyRun(studio.home, 3, 'second'));
  // To its end: the studio would ask before it quits on a run.
  await expect.poll(() => stateOf(id), { timeout: 60_000 }).toBe('finished');
  const steps = (await heard()).flatMap(({ live }) =>
    live.runId === id && live.event.kind === 'step' ? [live.event.point.step] : [],
  );
  expect(steps).toEqual([1, 2, 3]);
});
