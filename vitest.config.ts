/**
 * Which tests there are: `fast` (no native library, and little time), `window` (what the renderer is made of), `engine`
 * (TensorFlow and our own native modules), `programs` (the command line, main with its database, and what is too slow for
 * `fast`), `e2e` on the real Electron, `package` on the packaged application.
 */
import { availableParallelism } from 'node:os';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compiledQuickly, compiledWell } from './scripts/checks/compiled-programs.ts';
import { engineEnvironment } from './src/main/engine/runtime/environment.ts';

const minute = 60_000;
/** Vitest would leave one core to itself, which on two is half of the machine. */
const workers = Math.max(2, availableParallelism() - 1);
const quickly = compiledQuickly();
/** Where others use the cores. ESLint, read anew by a test, takes its time there. */
const testTimeout = minute / 2;
/** What is waited for may take almost as long: a test that is ended says nothing of what it has found. */
const expectations = { poll: { timeout: minute / 3, interval: 100 } };
/** Where the cores are in use already, TensorFlow's second thread spends its time looking for work. With all of them: `programs`, `package`. */
const oneThread = { TF_NUM_INTRAOP_THREADS: process.env['TF_NUM_INTRAOP_THREADS'] ?? '1' };

/** Tests that compute with TensorFlow, or with our own native modules. */
const withTensorFlow = [
  'test/bench/{own,profile/watched-side}.test.ts',
  'test/main/engine/checkpoint/hold-base.test.ts',
  'test/main/engine/commands/{chat,compose,from-adapter,split-runs,model-notices,positions-end,refuse-too-large,search-rate,training-work}.test.ts',
  'test/main/engine/compose/{composed-experts,compositions,identities,take-over}.test.ts',
  'test/main/engine/export/{account-files,forms,merge-base,merge-model}.test.ts',
  'test/main/engine/export/gguf/{account,block-error,expected-share,llama-cpp,write-gguf}.test.ts',
  'test/main/engine/generate/nucleus.test.ts',
  'test/main/engine/ggml/quantize.test.ts',
  'test/main/engine/graph/{session,gradients/*}.test.ts',
  'test/main/engine/lora/{factors,health,loftq,merge,start}.test.ts',
  'test/main/engine/model/{attention,unpacked}.test.ts',
  'test/main/engine/packed/{quantize,row-squares}.test.ts',
  'test/main/engine/policy.test.ts',
  'test/main/engine/{parity,resume,train}/**/*.test.ts',
];
/** Tests of processes: of the command line, of main with its workers and SQLite, or of llama.cpp. */
const ofPrograms = [
  'test/cli/{address-space,classifiers,compose,evaluate-table,export,find-rate,find-run,forgetting,from-adapter,from-sources,jobs,launcher,lost-work,models,origin,resume,usage}.test.ts',
  'test/cli/offline.test.ts',
  'test/main/engine/{available-memory,priority,tokenizer/to-gguf-llama-cpp}.test.ts',

  'test/main/{checkpoint-folder,commands,engine-client,kept-at-last,kept-thread,leaner,library,pace,run-checkpoints,run-queue,runs,store-watch,sweep}.test.ts',
  'test/main/features/*.test.ts',
  'test/main/known-paths.test.ts',
  'test/main/store/**/*.test.ts',
  'test/scripts/alive/big-store.test.ts',
  'test/scripts/screenshots/sample-store.test.ts',
  'test/scripts/torture/{check-store,torture}.test.ts',
  'test/scripts/fuzz/{fuzz,watch}.test.ts',
];
/** Tests that need no native library and take their time: of hostile files, of all kinds of tokenizers, of tools in processes of their own. */
const slow = [
  'test/bench/turns.test.ts',
  'test/main/engine/{checkpoint/hostile-files,dataset/rows/hostile-lines,within-time}.test.ts',
  'test/main/engine/tokenizer/{bounded-interpreter,framed-text,hostile-template,hostile-tokenizer,kinds,to-gguf}.test.ts',
  'test/scripts/lib/{launcher,run}.test.ts',
  'test/scripts/lint/{component-types,engine-order,import-zones,oxlint-rules,passing-files}.test.ts',
  'test/scripts/setup/{compiled,unzip}.test.ts',
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
          exclude: [...withTensorFlow, ...ofPrograms, ...slow, ...ofTheWindow, ...onElectron],
          // A test that loads TensorFlow belongs to `engine`, and fails here.
          env: { LORIKEET_BINDING: 'no TensorFlow in the fast lane: see vitest.config.ts' },
          // Most of the time would go into loading the same modules again for each file.
          isolate: false,
          maxWorkers: workers,
          testTimeout,
          expect: expectations,
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
          testTimeout,
          expect: expectations,
          isolate: false,
          maxWorkers: workers,
        },
      },
      ...[
        // TensorFlow computes here as it does in the program.
        {
          name: 'engine',
          include: withTensorFlow,
          env: { ...engineEnvironment(), ...quickly, ...oneThread },
        },
        { name: 'programs', include: [...ofPrograms, ...slow], env: quickly },
      ].map((each) => ({
        test: {
          ...each,
          expect: expectations,
          // TensorFlow is loaded once for all files of a worker.
          isolate: false,
          globalSetup: 'test/support/compiled-programs.ts',
          // Native libraries (TensorFlow, SQLite) live in processes of their own, not in threads of one.
          pool: 'forks' as const,
          // A heap that grows from little is cleared twice as often, each time for all that the files share.
          execArgv: ['--initial-heap-size=2048'],
          // Compiling, which takes most of the time, uses one core.
          maxWorkers: 2,
          // Vitest asks for it: those that share a turn have to have as many workers.
          sequence: { groupOrder: 1 },
          testTimeout: 2 * minute,
          hookTimeout: 2 * minute,
        },
      })),
      ...[
        { name: 'e2e', env: { ...quickly, ...oneThread }, globalSetup: beforeWindows },
        {
          name: 'package',
          // Compiled as people's runs are.
          env: compiledWell(),
          globalSetup: [...beforeWindows, 'test/support/packaged-studio.ts'],
        },
      ].map((each) => ({
        test: {
          ...each,
          expect: expectations,
          include: [`test/${each.name}/**/*.test.ts`],
          pool: 'forks' as const,
          // What drives the windows is loaded once.
          isolate: false,
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
