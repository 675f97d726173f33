/** oxlint has all rules that it is asked for, and refuses what they are about. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { nameInOxlint, oxlintRules, unknownToOxlint } from '../../../scripts/lint/oxlint-rules.mjs';
import { oxlint } from './oxlint.ts';

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

const known = z.array(z.object({ scope: z.string(), value: z.string() }));

it('oxlint has every rule that it is asked for, and none of those that are left out', async () => {
  const { output } = await oxlint(['--rules', '--format=json']);
  const names = known.parse(JSON.parse(output)).map(({ scope, value }) => `${scope}/${value}`);
  const asked = Object.keys(oxlintRules());
  expect(asked.filter((name) => !names.includes(name))).toEqual([]);
  expect(asked.length).toBeGreaterThan(100);
  const left = unknownToOxlint.map(nameInOxlint);
  expect(left.filter((name) => names.includes(name))).toEqual([]);
});

const refused: Record<string, string> = {
  'no-floating-promises': 'Promise.resolve(1);',
  'no-unsafe-member-access': "console.log(JSON.parse('{}').name);",
  'no-unnecessary-condition': "const one: string = 'a'; console.log(one?.length);",
  'restrict-template-expressions': 'console.log(`${[1, 2]}`);',
  'no-explicit-any': 'export const anything = (given: any) => Boolean(given);',
  'no-empty': 'if (Date.now() > 1) {}',
  // No comment switches a rule off.
  'no-var': '/* eslint-disable */ var one = 1; console.log(one);',
};

it('refuses what breaks a rule, and nothing else', async () => {
  for (const [rule, code] of Object.entries(refused)) {
    writeFileSync(join(folder, `${rule}.ts`), `${code}\nexport {};\n`);
  }
  writeFileSync(join(folder, 'allowed.ts'), 'console.log(`${[1, 2].length} steps`);\nexport {};\n');
  const { code, output } = await oxlint(['--type-aware', '--format=unix', folder]);
  expect(code).toBe(1);
  const told = [...output.matchAll(/([a-z-]+)\.ts:.*\/(?:typescript|eslint)\((.*)\)\]/g)];
  expect(told.map(([, file, rule]) => [file, rule]).sort()).toEqual(
    Object.keys(refused)
      .map((rule) => [rule, rule])
      .sort(),
  );
});
