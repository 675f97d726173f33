import { ESLint } from 'eslint';
import { expect, test } from 'vitest';
import { project } from '../../../scripts/lib/project.ts';

test('a file that a build beside it writes and removes again is not linted', async () => {
  const eslint = new ESLint({ cwd: project });
  const passing = 'electron.vite.config.ts.1795727202393-8bf17c09370b08.mjs';
  expect(await eslint.isPathIgnored(passing)).toBe(true);
  expect(await eslint.isPathIgnored('eslint.config.js')).toBe(false);
});
