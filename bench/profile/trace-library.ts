/** The library that has TensorFlow trace its steps (native/step_stats.cc), compiled into the cache at its first use. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../../scripts/lib/place.ts';
import { project } from '../../scripts/lib/project.ts';
import { run } from '../../scripts/lib/run.ts';
import { cachePaths } from '../../src/main/cache.ts';
import { locateRuntime } from '../../src/main/engine/runtime/locate.ts';

const source = join(project, 'bench/native/step_stats.cc');
const flags = ['-std=c++17', '-O2', '-fPIC', '-shared'];

/** Its path. */
export async function traceLibrary(): Promise<string> {
  const include = join(locateRuntime().folder, 'tensorflow/include');
  const recipe = [...flags, include, readFileSync(source, 'utf8')].join('\n');
  const hash = createHash('sha256').update(recipe).digest('hex');
  const library = join(cachePaths().root, 'bench', `step-stats-${hash.slice(0, 12)}.so`);
  if (existsSync(library)) return library;
  await place(library, async (work) => {
    const output = join(work, 'step-stats.so');
    await run('g++', [...flags, `-I${include}`, source, '-o', output, '-ldl'], { quiet: true });
    return output;
  });
  return library;
}
