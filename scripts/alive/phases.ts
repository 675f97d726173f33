/** What is done to a real window to see whether it stays alive. */
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { say } from '../lib/say.ts';
import type { TrainingConfig } from '../../src/shared/contract/training-config.ts';
import { temporaryHome, launchStudio, type LaunchedStudio } from '../../test/e2e/launch.ts';
import { startRun } from '../../test/e2e/choose.ts';
import { invoke, tinyRun } from '../../test/e2e/tiny-run.ts';
import { makeBigStore } from './big-store.ts';
import { growth, percentile, type Row } from './figures.ts';
import { longestBlock, memoryOf, watchEventLoop } from './main-probe.ts';
import {
  answeredClicks,
  framesWhileMoving,
  timeToShow,
  watchClicks,
  type AnsweredClick,
} from './page-probe.ts';

/** The starter model on the sample data, for longer than anybody measures. */
function realRun(home: string): TrainingConfig {
  return {
    ...tinyRun(home, 100_000, 'alive'),
    model: 'smollm2-135m-instruct',
    data: join(project, 'resources/samples/smart-home.train.jsonl'),
    precision: 'auto',
    batchSize: 4,
    sequenceLength: 256,
  };
}

async function stepOf({ page }: LaunchedStudio, id: number): Promise<number> {
  const [run] = await invoke(page, 'runs.some', { ids: [id] });
  return run?.step ?? 0;
}

/** Starts a run and waits until it has made a step. */
async function train(studio: LaunchedStudio, config: TrainingConfig): Promise<number> {
  const { id } = await startRun(studio, config);
  while ((await stepOf(studio, id)) < 1) await sleep(200);
  return id;
}

async function stop({ page }: LaunchedStudio, id: number): Promise<void> {
  await invoke(page, 'runs.stop', { id });
  for (;;) {
    const [run] = await invoke(page, 'runs.some', { ids: [id] });
    if (run?.state !== 'running') return;
    await sleep(200);
  }
}

/** Ten thousand runs in the list, a hundred thousand steps in a run. */
export async function openBigStore(size: { runs: number; steps: number }): Promise<Row[]> {
  const home = temporaryHome();
  say(`Writing ${size.runs} runs, one of them with ${size.steps} steps …`);
  const long = makeBigStore(home, tinyRun(home, 20), size);
  const studio = await launchStudio(home);
  const { app, page } = studio;
  try {
    await page.locator('tbody tr').first().waitFor();
    await watchEventLoop(app);
    await timeToShow(page, '#/device', 'h1');
    const list = await timeToShow(page, '#/runs', 'tbody tr');
    const curve = '[aria-label^="Loss of a long run"]';
    const run = await timeToShow(page, `#/run/${long}`, curve);
    const frames = await framesWhileMoving(page, curve, 120);
    await timeToShow(page, '#/compare', 'canvas');
    const block = await longestBlock(app);
    const unit = 'ms';
    return [
      { what: `open a list of ${size.runs} runs`, unit, goal: 1000, seen: list },
      { what: `open a run of ${size.steps} steps`, unit, goal: 1000, seen: run },
      {
        ...{ what: `a frame while the curve of ${size.steps} steps is moved (median)`, unit },
        ...{ goal: 20, seen: percentile(frames, 0.5) },
      },
      { what: 'longest block of main meanwhile', unit, goal: 50, seen: block },
    ];
  } finally {
    await studio.quit();
  }
}

/** Clicks from page to page while the starter model trains on every core. */
export async function clickWhileTraining(clicks: number): Promise<Row[]> {
  const studio = await launchStudio(temporaryHome());
  const { app, page } = studio;
  try {
    await page.getByRole('link', { name: 'New run' }).first().waitFor();
    while ((await invoke(page, 'models.list', undefined)).length === 0) await sleep(200);
    say('Training the starter model, and clicking …');
    const id = await train(studio, realRun(studio.home));
    const links = page.locator('nav[aria-label="Pages"] a');
    const boxes = await Promise.all((await links.all()).map((link) => link.boundingBox()));
    await watchClicks(page);
    await watchEventLoop(app);
    for (let click = 0; click < clicks; click += 1) {
      const box = boxes[click % boxes.length];
      if (!box) throw new Error('a link of the sidebar cannot be seen');
      await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
      // As fast as somebody who looks for something, and in no rhythm of the steps.
      await sleep(150 + ((click * 37) % 200));
    }
    await sleep(500);
    const answered = await answeredClicks(page);
    const block = await longestBlock(app);
    await stop(studio, id);
    sayByPage(answered);
    const all = answered.map(({ milliseconds }) => milliseconds);
    return [
      {
        what: '99th percentile of a click',
        unit: 'ms',
        goal: 100,
        seen: percentile(all, 0.99),
      },
      { what: 'clicks without an answer', unit: '', goal: 0, seen: clicks - answered.length },
      { what: 'longest block of main meanwhile', unit: 'ms', goal: 50, seen: block },
    ];
  } finally {
    await studio.quit();
  }
}

/** 'Runs: 40 clicks, median 20 ms, longest 35 ms' for each page. */
function sayByPage(answered: readonly AnsweredClick[]): void {
  for (const page of new Set(answered.map(({ to }) => to))) {
    const times = answered.flatMap(({ to, milliseconds }) => (to === page ? milliseconds : []));
    const [median, longest] = [percentile(times, 0.5), Math.max(...times)].map(Math.round);
    say(`${page}: ${times.length} clicks, median ${median} ms, longest ${longest} ms`);
  }
}

/** A tiny model takes so many steps; the page of its run is open. */
export async function memoryOverPoints(points: number): Promise<Row[]> {
  const studio = await launchStudio(temporaryHome());
  const { app, page } = studio;
  try {
    say(`Training a tiny model for ${points} steps …`);
    const id = await train(studio, tinyRun(studio.home, points + 1000));
    await page.evaluate((hash) => (location.hash = hash), `#/run/${id}`);
    const held: { main: number; window: number }[] = [];
    const every = points / 40;
    for (let next = every; next <= points; next += every) {
      while ((await stepOf(studio, id)) < next) await sleep(100);
      // What nobody holds any more is collected at some time or other; it is none of what grows.
      await page.requestGC();
      held.push(await memoryOf(app));
    }
    await stop(studio, id);
    // Ten figures of eight bytes are 80 bytes a point; twice that for an array that grows, and then as much as is noise.
    const goal = 20 + (2 * 80 * points) / 1e6;
    return (['main', 'window'] as const).map((part) => ({
      what: `memory of ${part}, more after ${points} points`,
      unit: 'MB',
      goal,
      seen: growth(held.map((each) => each[part])),
    }));
  } finally {
    await studio.quit();
  }
}
