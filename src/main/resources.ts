/** Files that come with Lorikeet: the starter model and the sample data. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { starterModelName } from '../shared/cache-layout.mjs';
import { cachePaths } from './cache.ts';

export type Resources = { starterModel: string; samples: string };

/**
 * Where they lie: in the resources of the packaged application (`packaged` is its folder), or else
 * the model in the cache, where set-up has put it, and the samples in the project.
 */
export function locateResources(packaged: string | null = null): Resources {
  const cached = cachePaths().starterModel;
  if (packaged === null) return { starterModel: cached, samples: projectSamples() };
  const file = cached.slice(dirname(cached).length + 1);
  return {
    starterModel: join(packaged, 'models', starterModelName, file),
    samples: join(packaged, 'samples'),
  };
}

/** This file may lie in src/main or somewhere under out/main, so it looks upwards. */
function projectSamples(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder))
    folder = dirname(folder);
  return join(folder, 'resources', 'samples');
}
