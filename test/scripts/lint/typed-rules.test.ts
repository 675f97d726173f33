/** Rules with types: oxlint has all that it is asked for, and refuses what they are about. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { project } from '../../../scripts/lib/project.ts';
import { oxlintTypedRules, unknownToOxlint } from '../../../scripts/lint/typed-rules.mjs';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-typed-rules-'));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { strict: true, target: 'ES2023', types: [] } }),
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function oxlint(...args: string[]): Promise<{ code: number; output: string }> {
  const program = join(project, 'node_modules/oxlint/bin/oxlint');
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], { cwd: project }, (error, output) => {
      resolve({ code: error === null ? 0 : Number(error.code), output });
    });
  });
}

const known = z.array(z.object({ scope: z.string(), value: z.string(), type_aware: z.boolean() }));

it('oxlint has every rule that it is asked for, and none of those that are left to ESLint', async () => {
  const { output } = await oxlint('--rules', '--format=json');
  const typed = known
    .parse(JSON.parse(output))
    .filter((rule) => rule.type_aware)
    .map(({ scope, value }) => `${scope}/${value}`);
  const asked = Object.keys(oxlintTypedRules());
  expect(asked.filter((name) => !typed.includes(name))).toEqual([]);
  expect(asked.length).toBeGreaterThan(40);
  const left = unknownToOxlint.map((name) => name.replace('@typescript-eslint/', 'typescript/'));
  expect(left.filter((name) => typed.includes(name))).toEqual([]);
});

const refused: Record<string, string> = {
  'no-floating-promises': 'Promise.resolve(1);',
  'no-unsafe-member-access': "console.log(JSON.parse('{}').name);",
  'no-unnecessary-condition': "const one: string = 'a'; console.log(one?.length);",
  'restrict-template-expressions': 'console.log(`${[1, 2]}`);',
};

it('refuses what breaks a rule, and nothing else', async () => {
  for (const [rule, code] of Object.entries(refused)) {
    writeFileSync(join(folder, `${rule}.ts`), `${code}\nexport {};\n`);
  }
  writeFileSync(join(folder, 'allowed.ts'), 'console.log(`${[1, 2].length} steps`);\nexport {};\n');
  const asked = ['--type-aware', '--format=unix', '-c', 'oxlint.config.ts', folder];
  const { code, output } = await oxlint(...asked);
  expect(code).toBe(1);
  const told = [...output.matchAll(/([a-z-]+)\.ts:.*\/typescript\((.*)\)\]/g)];
  expect(told.map(([, file, rule]) => [file, rule]).sort()).toEqual(
    Object.keys(refused)
      .map((rule) => [rule, rule])
      .sort(),
  );
});
