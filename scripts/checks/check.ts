/** The single checks: what each is called in the summary, and what it runs. */
import { join } from 'node:path';
import { buildStudio } from '../lib/build-studio.ts';
import { checkTypes } from '../lib/check-types.ts';
import { goEnvironment } from '../lib/go-environment.ts';
import { project } from '../lib/project.ts';
import { runTool } from '../lib/run.ts';

export type Check = { name: string; run: () => Promise<unknown> };

/** Where each run of tests leaves a report (*.json). */
export const results = join(project, 'test-results');

const everything: readonly string[] = ['.'];

export const format = (files = everything): Check => ({
  name: 'format',
  run: () => runTool('oxfmt', ['--check', '--no-error-on-unmatched-pattern', ...files]),
});

export const lint = (files = everything): Check => ({
  name: 'lint',
  run: async () => {
    const typeAware = ['--type-aware', '--no-error-on-unmatched-pattern'];
    // The part of oxlint that knows types is a Go program.
    await runTool('oxlint', [...typeAware, ...files], { env: goEnvironment() });
    await runTool('eslint', ['--max-warnings=0', '--no-warn-ignored', ...files]);
  },
});

/** Of the files, and of all that they import. */
export const order = (files: readonly string[] = ['src']): Check => ({
  name: 'order of imports',
  run: () => runTool('depcruise', [...files, '--config', '.dependency-cruiser.mjs']),
});

export const unused: Check = {
  name: 'unused code',
  run: () => runTool('knip', ['--no-progress']),
};

export const types: Check = { name: 'types', run: checkTypes };

export const windowTypes: Check = {
  name: 'svelte-check',
  run: () => {
    const project = ['--tsconfig', 'src/renderer/tsconfig.json'];
    // TypeScript 7 works the types out.
    return runTool('svelte-check', [...project, '--tsgo-experimental-api', '--fail-on-warnings']);
  },
};

export const build: Check = { name: 'build', run: buildStudio };

type TestOptions = {
  /** Told apart in the summary and in the name of the report, where the same tests run more than once. */
  under?: string;
  env?: NodeJS.ProcessEnv;
  /** Those with this in their names are left out. */
  without?: string;
};

/** The tests of some of vitest's projects, in one run. */
export function tests(
  projects: readonly string[],
  { under, env = {}, without }: TestOptions = {},
): Check {
  const report = join(results, `${[...projects, ...(under ? [under] : [])].join('-')}.json`);
  const which = projects.flatMap((name) => ['--project', name]);
  const some = without === undefined ? [] : ['--testNamePattern', `^(?!.*${without})`];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  return {
    name: `${projects.join(' and ')} tests${under ? ` under ${under}` : ''}`,
    run: () =>
      runTool('vitest', ['run', ...which, ...some, ...reporters], {
        env: { ...process.env, ...env },
      }),
  };
}
