/** The native module that writes the blocks of quantised GGUF tensors (src/main/engine/ggml/native). */
import { readFileSync } from 'node:fs';
import { compiled, nodeApiHeaders, sourcesIn } from './compiled.ts';

const folder = 'src/main/engine/ggml/native';
const sources = sourcesIn(folder, '.cc');

const flags = [
  ...['-std=c++17', '-O3', '-fPIC', '-shared', '-pthread', '-DNAPI_VERSION=8'],
  // Every operation is rounded: a product that is added in one step has other bits.
  '-ffp-contract=off',
];

export const ggmlBlocks = compiled({
  name: 'GGUF quantiser',
  file: 'ggml_blocks',
  takes: '5 to 10 s',
  recipe: () => [
    ...flags,
    ...[...sources, ...sourcesIn(folder, '.h')].map((path) => readFileSync(path, 'utf8')),
  ],
  args: () => [...flags, `-I${nodeApiHeaders}`, ...sources],
});
