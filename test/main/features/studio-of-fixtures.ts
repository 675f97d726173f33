/** A studio without a window for tests of its commands: with the real engine, in a folder of its own, knowing adapters of the fixtures. */
import { join } from 'node:path';
import { crashTrail } from '../../../src/main/crash-trail.ts';
import { openLog } from '../../../src/main/log.ts';
import { dataPaths, type Paths } from '../../../src/main/paths.ts';
import { openStudio, type Studio } from '../../../src/main/studio.ts';
import { workerTransport } from '../../../src/main/worker-transport.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { adapterPath, tinyModel } from '../engine/compose/parts.ts';

/** In the folder `root`; what it tells is added to `events`. To be closed. */
export function openFixtureStudio(
  root: string,
  events: StudioEvent[],
): { studio: Studio; paths: Paths } {
  const paths = dataPaths({ LORIKEET_HOME: join(root, 'home') });
  const log = openLog(paths.log);
  const worker = workerTransport();
  const studio = openStudio({
    ...{ paths, log, trail: crashTrail(log, () => {}) },
    resources: { starterModel: join(root, 'none'), samples: join(root, 'none') },
    transports: { training: worker, queries: worker },
    publish: (event) => events.push(event),
    onIdle: () => {},
  });
  return { studio, paths };
}

/** Enters an adapter of the fixtures; returns its number. */
export function addFixture({ store }: Studio, name: string, model = tinyModel): number {
  return store.adapters.add({
    ...{ name, path: adapterPath(name), runId: null, labels: null, model, origin: null },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1 },
  });
}
