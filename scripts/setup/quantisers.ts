/** The native modules that quantise: blocks of GGUF tensors, and codes that a base is held in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { compiled, nodeApiHeaders, sourcesIn } from './compiled.ts';
import type { Step } from './step.ts';

/** Headers that the modules share. */
const shared = 'src/main/engine/native';

const flags = [
  ...['-std=c++17', '-O3', '-fPIC', '-shared', '-pthread', '-DNAPI_VERSION=8'],
  // Every operation is rounded: a product that is added in one step has other bits.
  '-ffp-contract=off',
];

/** @param folder of the module's sources */
function quantiser(name: string, file: string, folder: string): Step {
  const sources = sourcesIn(folder, '.cc');
  const read = [...sources, ...sourcesIn(folder, '.h'), ...sourcesIn(shared, '.h')];
  return compiled({
    name,
    file,
    takes: '5 to 10 s',
    recipe: () => [...flags, ...read.map((path) => readFileSync(path, 'utf8'))],
    args: () => [...flags, `-I${nodeApiHeaders}`, `-I${join(project, shared)}`, ...sources],
  });
}

export const quantisers = [
  quantiser('GGUF quantiser', 'ggml_blocks', 'src/main/engine/ggml/native'),
  quantiser('base quantiser', 'packed_codes', 'src/main/engine/packed/native'),
];
