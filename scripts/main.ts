/** Runs one task of the project by its name; scripts/boot.mjs has made sure that Node is new enough. */
import { followLauncher } from './lib/launcher.ts';
import { interrupted, RunError } from './lib/run.ts';
import { say } from './lib/say.ts';
import { SetupError } from './lib/setup-error.ts';

/** Every task gets the rest of the command line and resolves with the exit code. Loaded only when it is run. */
const tasks: Record<string, () => Promise<{ task: (args: string[]) => Promise<number> }>> = {
  setup: () => import('./tasks/setup.ts'),
  start: () => import('./tasks/start.ts'),
  cli: () => import('./tasks/cli.ts'),
  build: () => import('./tasks/build.ts'),
  check: () => import('./tasks/check.ts'),
  types: () => import('./tasks/types.ts'),
  e2e: () => import('./tasks/e2e.ts'),
  package: () => import('./tasks/package.ts'),
  bench: () => import('./tasks/bench.ts'),
  torture: () => import('./tasks/torture.ts'),
  alive: () => import('./tasks/alive.ts'),
  fuzz: () => import('./tasks/fuzz.ts'),
  screenshots: () => import('./tasks/screenshots.ts'),
  run: () => import('./tasks/run.ts'),
};

followLauncher();
const [name = '', ...args] = process.argv.slice(2);
const load = tasks[name];
if (load) {
  try {
    process.exitCode = await (await load()).task(args);
  } catch (error) {
    if (!(error instanceof RunError || error instanceof SetupError)) throw error;
    process.exitCode = 1;
    if (error instanceof SetupError) say(`✗ ${error.message}\n  What helps: ${error.next}`);
    else if (error.code !== interrupted) say(`✗ ${error.message}`);
    else {
      say('Interrupted. The same command goes on from here.');
      process.exitCode = interrupted;
    }
  }
} else {
  say(`There is no task "${name}". Tasks: ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = 2;
}
