/** The native module between Node and TensorFlow: tfjs-node-gpu's own C++ source and a few files of ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../lib/project.ts';
import { compiled, nodeApiHeaders, sourcesIn } from './compiled.ts';
import { runtimeFolder } from './tensorflow.ts';

const tfjs = join(project, 'node_modules/@tensorflow/tfjs-node-gpu');
const ownSources = sourcesIn('src/main/engine/runtime/native', '.cc');

const flags = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
  // See native/session_options.cc.
  '-Wl,--wrap=TF_NewSessionOptions',
];

function recipe(): string[] {
  const { version } = JSON.parse(readFileSync(join(tfjs, 'package.json'), 'utf8')) as {
    version: string;
  };
  return [...flags, version, ...ownSources.map((path) => readFileSync(path, 'utf8'))];
}

/** The libraries are found through RUNPATH beside the module, set here by the linker: patching it later damages the module. */
function args(): string[] {
  const libraries = join(runtimeFolder(), 'tensorflow');
  const includes = [nodeApiHeaders, join(libraries, 'include'), tfjs].map((path) => `-I${path}`);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjs, 'binding', name));
  return [
    ...flags,
    ...includes,
    ...sources,
    ...ownSources,
    join(libraries, 'libtensorflow_cc.so.2'),
    join(libraries, 'libtensorflow_framework.so.2'),
    '-Wl,-rpath,$ORIGIN/tensorflow',
  ];
}

export const binding = compiled({
  name: 'TensorFlow binding',
  file: 'tfjs_binding',
  takes: '10 to 20 s',
  recipe,
  args,
});
