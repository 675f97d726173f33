/** The native module between Node and TensorFlow: tfjs-node-gpu's own C++ source and a few files of ours. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from '../lib/place.ts';
import { project } from '../lib/project.ts';
import { answers, run } from '../lib/run.ts';
import { SetupError } from '../lib/setup-error.ts';
import type { Step } from './step.ts';
import { runtimeFolder } from './tensorflow.ts';

const tfjs = join(project, 'node_modules/@tensorflow/tfjs-node-gpu');
const nodeApiHeaders = join(project, 'node_modules/node-api-headers/include');
const native = join(project, 'src/main/engine/runtime/native');
const ownSources = readdirSync(native)
  .filter((name) => name.endsWith('.cc'))
  .sort()
  .map((name) => join(native, name));

const flags = [
  ...['-std=c++17', '-O2', '-fPIC', '-shared', '-DNAPI_VERSION=8'],
  // See native/session_options.cc.
  '-Wl,--wrap=TF_NewSessionOptions',
];

/** Changes whenever the module has to be compiled anew. */
function recipe(): string {
  const { version } = JSON.parse(readFileSync(join(tfjs, 'package.json'), 'utf8')) as {
    version: string;
  };
  return createHash('sha256')
    .update([...flags, version, ...ownSources.map((path) => readFileSync(path, 'utf8'))].join('\n'))
    .digest('hex');
}

function paths() {
  const folder = runtimeFolder();
  return {
    folder,
    module: join(folder, 'tfjs_binding.node'),
    stamp: join(folder, 'tfjs_binding.recipe'),
  };
}

/** The libraries are found through RUNPATH beside the module, set here by the linker: patching it later damages the module. */
async function compile(output: string): Promise<void> {
  const { folder } = paths();
  const libraries = join(folder, 'tensorflow');
  const includes = [nodeApiHeaders, join(libraries, 'include'), tfjs].map((path) => `-I${path}`);
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjs, 'binding', name));
  await run(
    'g++',
    [
      ...flags,
      ...includes,
      ...sources,
      ...ownSources,
      join(libraries, 'libtensorflow_cc.so.2'),
      join(libraries, 'libtensorflow_framework.so.2'),
      '-Wl,-rpath,$ORIGIN/tensorflow',
      '-o',
      output,
    ],
    { quiet: true },
  );
}

export const binding: Step = {
  name: 'TensorFlow binding',
  done: () => {
    const { module, stamp } = paths();
    return existsSync(module) && existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe();
  },
  run: async (tell) => {
    if (!(await answers('g++', ['--version'])))
      throw new SetupError('A C++ compiler (g++) is missing.', 'apt-get install g++');
    const { folder, module, stamp } = paths();
    tell('compiling (10 to 20 s)');
    mkdirSync(folder, { recursive: true });
    await place(module, async (work) => {
      const output = join(work, 'tfjs_binding.node');
      await compile(output);
      return output;
    });
    const load = `process.dlopen({ exports: {} }, ${JSON.stringify(module)})`;
    await run(process.execPath, ['-e', load], {
      quiet: true,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    });
    writeFileSync(stamp, recipe());
  },
};
