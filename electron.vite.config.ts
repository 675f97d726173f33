/** How the sources become the three programs of the studio in out/: main (with the engine's two entries, and the command line), preload, renderer. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'electron-vite';

/** Lists the packages in a bundle with their licences, for the page about the studio. */
const license = { fileName: 'licences.json' };

export default defineConfig({
  main: {
    build: {
      // Everything of plain JavaScript goes into the bundle, so that the package carries native modules only.
      externalizeDeps: false,
      license,
      rolldownOptions: {
        external: ['better-sqlite3'],
        // Tables of other libraries' models, of which the readers of GGUF take one list of names.
        treeshake: { moduleSideEffects: [{ test: /@huggingface.tasks/, sideEffects: false }] },
        input: {
          index: 'src/main/index.ts',
          'engine-host': 'src/main/engine/host.ts',
          'engine-worker': 'src/main/engine/worker.ts',
          'command-line': 'src/cli/index.ts',
        },
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: 'chunks/[name]-[hash].js',
        },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      rolldownOptions: {
        input: { index: 'src/preload/index.ts' },
        // A sandboxed preload has to be one CommonJS file.
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [svelte()],
    build: { license, rolldownOptions: { input: 'src/renderer/index.html' } },
  },
});
