/** `lorikeet train --from-adapter`: the adapter's form where nothing else is said, and its chain in `lorikeet origin`. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';
import { shortRun } from './short-run.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const recordOf = (name: string): unknown =>
  JSON.parse(readFileSync(join(at(name), 'lorikeet-training.json'), 'utf8'));

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-further-'));
  const lines = Array.from({ length: 4 }, (_, n) =>
    JSON.stringify({ prompt: `light ${n}`, completion: `${n}` }),
  );
  writeFileSync(at('data.jsonl'), lines.join('\n'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const further = (from: string, output: string, ...more: string[]) => [
  ...['train', '--model', fixturePath('models/tiny-tied'), '--data', at('data.jsonl')],
  ...shortRun(1, 2),
  ...['--from-adapter', from, '--output', at(output), ...more],
];
const patterns = fixturePath('adapters/patterns');
const folderNames = (name: string) => readdirSync(at(name));

test('what is not said is as the adapter has it, and what is said wins', async () => {
  const lines = await jsonOf(at('home'), further(patterns, 'as-it-is'));
  expect(lines).toContainEqual({
    notice: `The run starts from the adapter in ${patterns}, with its numbers as they are.`,
  });
  const targets = ['q_proj', 'v_proj', 'down_proj'].map((module) => ({ module, layers: 'all' }));
  const own = { rank: 4, alpha: 8, useDora: false, useRslora: false, targets };
  expect(recordOf('as-it-is')).toMatchObject({ fromAdapter: patterns, lora: own });
  const form = ['--rank', '5', '--rslora', '--target-modules', 'all-linear'];
  const said = await jsonOf(at('home'), further(patterns, 'said', ...form));
  const other = { rank: 5, alpha: 8, useRslora: true, targets: 'all-linear' };
  expect(recordOf('said')).toMatchObject({ lora: other });
  const text = JSON.stringify(said);
  expect(text).toContain('without an error but rounding');
  expect(text).toContain('k_proj, o_proj, gate_proj, up_proj: these begin anew');
});

test('each variant has the form of its own adapter', async () => {
  const rslora = fixturePath('adapters/rslora');
  const file = at('variants.json');
  writeFileSync(file, JSON.stringify([{ rank: 3 }, { 'from-adapter': rslora }]));
  await jsonOf(at('home'), further(patterns, 'several', '--name', 'v', '--variants', file));
  expect(recordOf('several/1-v-rank-3')).toMatchObject({
    fromAdapter: patterns,
    lora: { rank: 3 },
  });
  const targets = ['o_proj', 'up_proj'].map((module) => ({ module, layers: 'all' }));
  const [place = ''] = folderNames('several').filter((name) => name.startsWith('2-'));
  expect(recordOf(join('several', place))).toMatchObject({
    ...{ fromAdapter: rslora, lora: { rank: 4, useRslora: true, targets } },
  });
});

test('a second stage is told with the first', async () => {
  const { stdout } = await runHere(at('home'), ['origin', at('as-it-is')]);
  expect(stdout).toMatch(/^ {4}started from {2}.*adapters\/patterns \([0-9a-f]{12}\)$/m);
  expect(stdout).toMatch(/^ {6}Made elsewhere/m);
  const second = await runHere(at('home'), further(at('as-it-is'), 'second'));
  expect(second.code, second.stderr).toBe(0);
  const told = await runHere(at('home'), ['origin', at('second')]);
  expect(told.stdout).toMatch(/^ {6}Training, 1 step, /m);
});

test('an initialisation and an adapter exclude each other', async () => {
  const { code, stderr } = await runHere(at('home'), further(patterns, 'no', '--init', 'pissa'));
  expect(code).toBe(1);
  expect(stderr).toContain('start/initialisation');
});
