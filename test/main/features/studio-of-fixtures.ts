/** A studio for tests of its commands that knows adapters of the fixtures. */
import type { Paths } from '../../../src/main/paths.ts';
import type { Studio } from '../../../src/main/studio.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { adapterPath, tinyModel } from '../engine/compose/parts.ts';
import { pathsIn, studioIn } from './open-studio.ts';

/** In the folder `root`; what it tells is added to `events`. To be closed. */
export function openFixtureStudio(
  root: string,
  events: StudioEvent[],
): { studio: Studio; paths: Paths } {
  return { studio: studioIn(root, (event) => events.push(event)), paths: pathsIn(root) };
}

/** Enters an adapter of the fixtures; returns its number. */
export function addFixture({ store }: Studio, name: string, model = tinyModel): number {
  return store.adapters.add({
    ...{ name, path: adapterPath(name), runId: null, labels: null, model, origin: null },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1 },
  });
}
