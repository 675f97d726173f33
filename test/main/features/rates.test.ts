/** The window's search for a learning rate: tells its steps, is stopped, and does not begin beside a run. Real store, real worker. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commandHandlers } from '../../../src/main/commands.ts';
import { crashTrail } from '../../../src/main/crash-trail.ts';
import { dispatch } from '../../../src/main/dispatch.ts';
import { openLog } from '../../../src/main/log.ts';
import { dataPaths } from '../../../src/main/paths.ts';
import { openStudio, type Studio } from '../../../src/main/studio.ts';
import { workerTransport } from '../../../src/main/worker-transport.ts';
import type { CommandHandlers } from '../../../src/shared/contract/commands.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { smallConfig } from '../small-config.ts';
import { noDesktop } from './no-desktop.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-rates-'));
const paths = dataPaths({ LORIKEET_HOME: join(root, 'home') });
const log = openLog(paths.log);
const worker = workerTransport(new URL('../engine/small-worker.ts', import.meta.url));
const model = join(root, 'small.gguf');
const told: StudioEvent[] = [];
let studio: Studio;
let handlers: CommandHandlers;

beforeAll(() => {
  writeFileSync(model, 'small');
  studio = openStudio({
    ...{ paths, log, trail: crashTrail(log, () => {}), onIdle: () => {} },
    publish: (event) => {
      told.push(event);
    },
    resources: { starterModel: model, samples: join(root, 'samples') },
    transports: { training: worker, queries: worker },
  });
  handlers = commandHandlers(studio, noDesktop);
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

const ask = (name: string, request?: unknown) => dispatch(handlers, log, name, request);
const configOf = (steps: number) => ({ ...smallConfig(steps), model });
const trials = [1e-4, 1e-3].map((learningRate) => ({ learningRate, alpha: 16 }));

test('a path that nobody has chosen is refused', async () => {
  const answered = await ask('rates.search', { config: configOf(3), trials });
  expect(answered).toMatchObject({ ok: false, problem: { code: 'studio/path-not-chosen' } });
  studio.known.addConfig(configOf(3));
});

test('a search tells how far it is, and what it came to', async () => {
  const answered = await ask('rates.search', { config: configOf(3), trials });
  const found = trials.map((trial) => ({ ...trial, loss: 3 - trial.learningRate, problem: null }));
  expect(answered).toMatchObject({ ok: true, value: { trials: found, steps: 3 } });
  const counts = told.flatMap((event) => (event.kind === 'rate-progress' ? event.done : []));
  expect(counts).toEqual([1, 2, 3]);
  const steps = told.flatMap((event) =>
    event.kind === 'rate-step' ? [[event.trial, event.step]] : [],
  );
  expect(steps).toEqual(
    [1, 2, 3].flatMap((step) => [
      [0, step],
      [1, step],
    ]),
  );
});

test('it is stopped, and the run beside which it would work goes first', async () => {
  const endless = ask('rates.search', { config: configOf(100_000), trials });
  await expect
    .poll(() => told)
    .toContainEqual(expect.objectContaining({ kind: 'rate-progress', total: 100_000 }));
  await ask('rates.stop');
  expect(await endless).toMatchObject({ ok: false, problem: { code: 'engine/cancelled' } });
  await ask('runs.start', configOf(100_000));
  const refused = await ask('rates.search', { config: configOf(3), trials });
  expect(refused).toMatchObject({
    ok: false,
    problem: { code: 'studio/training-now', where: 'small' },
  });
});
