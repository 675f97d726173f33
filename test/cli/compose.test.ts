/** `lorikeet compose`: adapters made into one on the command line. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { compositionReport } from '../../src/shared/contract/composition.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-compose-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const home = join(folder, 'home');
const adapter = (name: string) => fixturePath(`adapters/${name}`);
const model = ['--model', fixturePath('models/tiny-tied')];
const parts = [`${adapter('all-linear')}=0.7`, `${adapter('rslora')}=-0.5`];
const given = [...model, ...parts.flatMap((part) => ['--adapter', part])];

test('the report as JSON, and an adapter that other commands take', async () => {
  const output = join(folder, 'composed');
  const options = ['--kind', 'ties', '--rank', '6', '--density', '0.25', '--output', output];
  const [line] = await jsonOf(home, ['compose', ...given, ...options]);
  const report = compositionReport.parse(line);
  expect(report).toMatchObject({
    adapters: [
      { path: adapter('all-linear'), weight: 0.7 },
      { path: adapter('rslora'), weight: -0.5 },
    ],
    ...{ kind: 'ties', rank: 6, density: 0.25, seed: null, output },
  });
  expect(report.relativeError).toBeGreaterThan(0);
  expect(report.modules.length).toBe(21);
  const file = join(folder, 'logits.safetensors');
  const asked = ['--tokens', '1,2,3', '--output', file];
  const [told] = await jsonOf(home, ['logits', ...model, '--adapter', output, ...asked]);
  expect(
    z
      .object({ shape: z.array(z.int()) })
      .parse(told)
      .shape.slice(0, 2),
  ).toEqual([1, 3]);
});

test('for people a table of the modules that are farthest from the sum', async () => {
  const { code, stdout } = await runHere(home, [
    'compose',
    ...given,
    '--kind',
    'svd',
    '--rank',
    '2',
  ]);
  expect(code).toBe(0);
  expect(stdout).toContain('SVD (rank 2) of');
  expect(stdout).toContain(`-0.5 × ${adapter('rslora')}`);
  expect(stdout).toMatch(/the 8 farthest modules +rank +relative error/);
  const rows = stdout.split('\n').filter((line) => line.startsWith('model.layers.'));
  const errors = rows.map((row) => Number(row.split(/ +/)[2]));
  expect(errors).toEqual(errors.toSorted((one, other) => other - one));
  expect(errors.length).toBe(8);
  expect(stdout).toContain('Nothing was written');
});

test.each([
  [['--kind', 'exact', '--rank', '4'], 1, 'compose/unused-option'],
  [['--kind', 'ties', '--seed', '4'], 1, 'compose/unused-option'],
  [['--kind', 'ties', '--density', '1.5'], 1, 'compose/bad-density'],
  [['--kind', 'svd', '--rank', '4096'], 1, 'compose/bad-rank'],
  [['--kind', 'linear'], 2, '--kind'],
  [['--kind', 'svd', '--rank', '0'], 2, '--rank'],
])('%o is refused', async (options, expected, said) => {
  const output = join(folder, 'refused');
  const { code, stderr } = await runHere(home, [
    'compose',
    ...given,
    ...options,
    '--output',
    output,
  ]);
  expect(code).toBe(expected);
  expect(stderr).toContain(said);
  expect(existsSync(output)).toBe(false);
});
