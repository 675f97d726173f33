/** What becomes of a run whose disk, folders, files or clock change while it trains. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi, type TestContext } from 'vitest';
import { train } from '../../../../src/main/engine/commands/train.ts';
import { readOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type { EngineEvent, TrainOutcome } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { fillUp, smallDisk } from '../../../support/small-disk.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { checkpointsOf, oneRun, type OneRun } from './one-run.ts';

type Place = OneRun & { checkpoints: string };

/** A run without validation, and the folder for its checkpoints. */
function newPlace(): Place {
  const run = oneRun();
  const config: TrainingConfig = {
    ...run.config,
    ...{ validation: { kind: 'none' }, learningRate: 5e-3 },
  };
  return { ...run, config, checkpoints: checkpointsOf(run) };
}

type Run = {
  events: EngineEvent[];
  outcome: TrainOutcome;
  losses: number[];
  /** What was told in words. */
  notices: string;
};

async function run(
  { folder, config, checkpoints }: Place,
  act: (event: EngineEvent) => void = () => undefined,
  resume?: string,
  signal = new AbortController().signal,
): Promise<Run> {
  const events: EngineEvent[] = [];
  const request = { config, output: join(folder, 'adapter'), rescue: join(folder, 'rescue') };
  const outcome = await train(
    { ...request, checkpoints, ...(resume !== undefined && { resume }) },
    {
      signal,
      emit(event) {
        events.push(event);
        act(event);
      },
    },
  );
  const losses = events.flatMap((event) => (event.kind === 'step' ? [event.point.loss] : []));
  const told = events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  return { events, outcome, losses, notices: told.join('\n') };
}

const adapterOf = (folder: string) => readFileSync(join(folder, 'adapter_model.safetensors'));

/** Mounts a small disk for the checkpoints; the test is skipped where that is not allowed. */
function onSmallDisk(place: Place, size: string, context: TestContext): Place {
  const checkpoints = join(place.folder, 'disk');
  const unmount = smallDisk(checkpoints, size);
  if (unmount === null) return context.skip('only root may mount a small disk');
  onTestFinished(unmount);
  return { ...place, checkpoints };
}

test('a disk that fills up keeps the last good checkpoint, says what it takes, and the run ends well', async (context) => {
  const place = onSmallDisk(newPlace(), '16m', context);
  const whole = await run(newPlace());
  const filler = join(place.checkpoints, 'filler');
  const full = await run(place, (event) => {
    if (event.kind === 'checkpoint') fillUp(filler);
  });
  expect(full.outcome).toMatchObject({ kind: 'trained', result: { steps: 6, stopped: false } });
  expect(full.losses).toEqual(whole.losses);
  expect(full.notices).toMatch(
    /The checkpoint of step 4 could not be written to .*B free.*take .*[kM]B.* That of step 2 is kept\./s,
  );
  // What is kept is a checkpoint.
  rmSync(filler);
  rmSync(join(place.folder, 'adapter'), { recursive: true });
  const resumed = await run(place, undefined, join(place.checkpoints, 'step-000002'));
  expect(resumed.losses).toEqual(whole.losses.slice(2));
});

test('a pause that finds no room for its first checkpoint writes the adapter instead', async (context) => {
  const place = onSmallDisk(newPlace(), '300k', context);
  place.config.checkpointEvery = 0;
  const pause = new AbortController();
  const found = await run(
    place,
    (event) => {
      if (event.kind === 'step' && event.point.step === 3) pause.abort(askedTo('pause', 'it'));
    },
    undefined,
    pause.signal,
  );
  expect(found.outcome).toMatchObject({ kind: 'trained', result: { steps: 3, stopped: true } });
  expect(found.notices).toMatch(/The checkpoint of step 3 could not be written.*There is none/s);
  expect(adapterOf(join(place.folder, 'adapter')).length).toBeGreaterThan(0);
});

test('a folder that can no longer be written to: as with a full disk', async (context) => {
  const place = onSmallDisk(newPlace(), '16m', context);
  const found = await run(place, (event) => {
    if (event.kind !== 'checkpoint') return;
    execFileSync('mount', ['-o', 'remount,ro', place.checkpoints]);
  });
  expect(found.outcome).toMatchObject({ kind: 'trained', result: { steps: 6 } });
  expect(found.notices).toMatch(/The checkpoint of step 4 could not be written.*step 2 is kept/s);
  expect(existsSync(join(place.checkpoints, 'step-000002', 'checkpoint.json'))).toBe(true);
});

test('an output folder whose name is taken meanwhile: the adapter goes to the place beside it', async () => {
  const place = newPlace();
  const output = join(place.folder, 'adapter');
  const found = await run(place, (event) => {
    if (event.kind === 'step' && event.point.step === 1) writeFileSync(output, 'mine');
  });
  expect(found.outcome).toMatchObject({ kind: 'trained', result: { adapter: `${output}-2` } });
  expect(readFileSync(output, 'utf8')).toBe('mine');
});

test('model and data that vanish once it trains are not needed any more', async () => {
  const whole = newPlace();
  const expected = await run(whole);
  const place = newPlace();
  const found = await run(place, (event) => {
    if (event.kind !== 'checkpoint') return;
    rmSync(place.config.model, { recursive: true, force: true });
    rmSync(place.config.data, { force: true });
  });
  expect(found.losses).toEqual(expected.losses);
  expect(adapterOf(join(place.folder, 'adapter'))).toEqual(
    adapterOf(join(whole.folder, 'adapter')),
  );
  // Where they are to be read again they are missed by name.
  const resume = join(place.checkpoints, 'step-000004');
  rmSync(join(place.folder, 'adapter'), { recursive: true });
  const problem = await problemOf(() => run(place, undefined, resume));
  expect(problem.code).toBe('checkpoint/not-found');
  expect(problem.where).toBe(place.config.model);
});

test('data that changes while the run begins: it is told, and nothing says that it learnt from what it did not', async () => {
  const place = newPlace();
  const found = await run(place, (event) => {
    if (event.kind === 'prepared') appendFileSync(place.config.data, '\n{"text":"later"}');
  });
  expect(found.outcome).toMatchObject({ kind: 'trained', result: { steps: 6 } });
  expect(found.notices).toMatch(
    /The checkpoint of step 2 could not be written.*changed after it had been opened.*There is none/s,
  );
  expect(found.notices).toMatch(/Where the adapter comes from is not written.*data\.jsonl/s);
  expect(readOrigin(join(place.folder, 'adapter'))).toBeNull();
});

test.each([
  ['back', -86_400_000],
  ['on', 86_400_000],
])('a clock that is put %s by a day changes no time that is counted', async (_, by) => {
  const place = newPlace();
  place.config.checkpointEvery = 0;
  place.config.checkpointMinutes = 60;
  const real = Date.now;
  const clock = vi.spyOn(Date, 'now');
  onTestFinished(() => {
    clock.mockRestore();
  });
  const { events, outcome } = await run(place, (event) => {
    if (event.kind === 'step' && event.point.step === 2)
      clock.mockImplementation(() => real() + by);
  });
  expect(outcome.kind).toBe('trained');
  const points = events.flatMap((event) => (event.kind === 'step' ? [event.point] : []));
  const elapsed = points.map(({ elapsedSeconds }) => elapsedSeconds);
  expect(elapsed).toEqual(elapsed.toSorted((a, b) => a - b));
  for (const { elapsedSeconds, secondsLeft } of points) {
    expect(elapsedSeconds).toBeLessThan(3600);
    expect(secondsLeft).toBeGreaterThanOrEqual(0);
    expect(secondsLeft).toBeLessThan(3600);
  }
  expect(events.filter(({ kind }) => kind === 'checkpoint')).toEqual([]);
});
