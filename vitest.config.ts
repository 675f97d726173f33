/**
 * Which tests there are: `fast` (no native library), `window` (what the renderer is made of), `engine` (TensorFlow and our own
 * native modules), `programs` (the command line, and main with its database), `e2e` on the real Electron, `package` on the
 * packaged application.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { programsOfRun } from './scripts/checks/compiled-programs.ts';
import { engineEnvironment } from './src/main/engine/runtime/environment.ts';

const minute = 60_000;

/**
 * The variables under which equal graphs are compiled once a run: XLA keeps what it has compiled in a folder of the run, which
 * all its processes share (tensorflow/compiler/jit/flags.h). Other flags of XLA have another folder; a later run begins anew.
 */
function compilingOnce(flags: string): Record<string, string> {
  const folder = join(programsOfRun(), createHash('sha256').update(flags).digest('hex'));
  const given = process.env['TF_XLA_FLAGS'] ?? '';
  return {
    XLA_FLAGS: flags,
    TF_XLA_FLAGS: `${given} --tf_xla_persistent_cache_directory=${folder} --tf_xla_persistent_cache_device_types=CPU,XLA_CPU_JIT`,
    LORIKEET_TEST_PROGRAMS: folder,
  };
}

/** Flags that are set already stay (`check --processors`). */
const givenFlags = process.env['XLA_FLAGS'] ?? '';
/** Quickly instead of well, for tiny models that run a few steps. */
const quickly = compilingOnce(
  `${givenFlags} --xla_backend_optimization_level=0 --xla_llvm_disable_expensive_passes=true --xla_cpu_use_fusion_emitters=false`,
);

/** Tests that compute with TensorFlow, or with our own native modules. */
const withTensorFlow = [
  'test/bench/{own,profile/watched-side}.test.ts',
  'test/main/engine/checkpoint/hold-base.test.ts',
  'test/main/engine/commands/{compose,from-adapter,model-notices,positions-end}.test.ts',
  'test/main/engine/compose/{composed-experts,compositions,identities,take-over}.test.ts',
  'test/main/engine/export/{account-files,forms,merge-base,merge-model}.test.ts',
  'test/main/engine/export/gguf/{account,block-error,llama-cpp,write-gguf}.test.ts',
  'test/main/engine/ggml/quantize.test.ts',
  'test/main/engine/graph/{session,gradients/*}.test.ts',
  'test/main/engine/lora/{factors,health,loftq,merge,start}.test.ts',
  'test/main/engine/model/{attention,unpacked}.test.ts',
  'test/main/engine/packed/quantize.test.ts',
  'test/main/engine/{parity,resume,train}/**/*.test.ts',
];
/** Tests of processes: of the command line, of main with its workers and SQLite, or of llama.cpp. */
const ofPrograms = [
  'test/cli/{classifiers,compose,evaluate-table,export,from-adapter,jobs,lost-work,origin,usage}.test.ts',
  'test/main/engine/tokenizer/to-gguf-llama-cpp.test.ts',
  'test/main/{commands,engine-client,library,runs,store-watch}.test.ts',
  'test/main/features/*.test.ts',
  'test/main/store/**/*.test.ts',
];
const ofTheWindow = ['test/renderer/**/*.test.ts'];
const beforeWindows = ['test/support/compiled-programs.ts', 'test/support/studio-setup.ts'];
const onElectron = ['test/{e2e,package}/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...withTensorFlow, ...ofPrograms, ...ofTheWindow, ...onElectron],
          // A test that loads TensorFlow belongs to `engine`, and fails here.
          env: { LORIKEET_BINDING: 'no TensorFlow in the fast lane: see vitest.config.ts' },
          // Most of the time would go into loading the same modules again for each file.
          isolate: false,
          // ESLint, read anew by a test, takes its time where others use the cores.
          testTimeout: minute / 2,
        },
      },
      {
        plugins: [svelte()],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'window',
          include: ofTheWindow,
          // Svelte's runes do something only where they are compiled for a browser.
          environment: './test/renderer/client-environment.ts',
          isolate: false,
        },
      },
      ...[
        // TensorFlow computes here as it does in the program.
        {
          name: 'engine',
          include: withTensorFlow,
          env: { ...engineEnvironment(), ...quickly },
          // TensorFlow is loaded once for all files of a worker.
          isolate: false,
        },
        { name: 'programs', include: ofPrograms, env: quickly },
      ].map((each) => ({
        test: {
          ...each,
          globalSetup: 'test/support/compiled-programs.ts',
          // Native libraries (TensorFlow, SQLite) live in processes of their own, not in threads of one.
          pool: 'forks' as const,
          // Compiling, which takes most of the time, uses one core.
          maxWorkers: 2,
          // Vitest asks for it: those that share a turn have to have as many workers.
          sequence: { groupOrder: 1 },
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      })),
      ...[
        { name: 'e2e', env: quickly, globalSetup: beforeWindows },
        {
          name: 'package',
          // Compiled as people's runs are.
          env: compilingOnce(givenFlags),
          globalSetup: [...beforeWindows, 'test/support/packaged-studio.ts'],
        },
      ].map((each) => ({
        test: {
          ...each,
          include: [`test/${each.name}/**/*.test.ts`],
          pool: 'forks' as const,
          // One window at a time: two cores train no faster in two of them.
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 5 * minute,
          hookTimeout: 5 * minute,
        },
      })),
    ],
  },
});
