/** Where adapters and models came from, from training to the merged files, and bases that have changed since. */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { originName } from '../../src/shared/contract/origin.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';
import { shortRun } from './short-run.ts';

let folder = '';
const at = (name: string) => join(folder, name);
const json = (...args: string[]) => jsonOf(at('home'), args);
const sha256 = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
const read = (name: string): unknown =>
  JSON.parse(readFileSync(join(at(name), originName), 'utf8'));

const merge = (output: string, base: string, ...more: string[]) => [
  ...['merge', '--model', at(base), '--adapter', at('adapter'), '--output', at(output)],
  ...['--dtype', 'float32', ...more],
];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-origin-'));
  cpSync(fixturePath('models/tiny-tied'), at('base'), { recursive: true });
  const lines = (from: number) =>
    Array.from({ length: 4 }, (_, n) =>
      JSON.stringify({ prompt: `light ${from + n}`, completion: `{"n":${from + n}}` }),
    ).join('\n');
  writeFileSync(at('data.jsonl'), lines(0));
  writeFileSync(at('held.jsonl'), lines(4));
  const files = ['--data', at('data.jsonl'), '--validation', at('held.jsonl')];
  const size = shortRun(2, 2);
  await json(
    ...['train', '--model', at('base'), ...files, '--output', at('adapter'), ...size],
    ...['--rank', '4', '--seed', '7'],
  );
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('an adapter has its base, its data, its whole configuration and its figures beside it', () => {
  const result = { steps: 2, stopped: false };
  const configured: unknown = JSON.parse(
    readFileSync(join(at('adapter'), 'lorikeet-training.json'), 'utf8'),
  );
  expect(read('adapter')).toMatchObject({
    ...{ kind: 'training', version: 1, config: configured, result },
    base: { path: at('base'), name: 'base', format: 'huggingface' },
    data: [
      { path: at('data.jsonl'), sha256: sha256(at('data.jsonl')), role: 'training' },
      { path: at('held.jsonl'), sha256: sha256(at('held.jsonl')), role: 'validation' },
    ],
    versions: { tensorflow: '2.21.0', node: process.versions.node },
  });
  const losses = z.object({
    result: z.object({ lastLoss: z.number(), lastValidationLoss: z.number() }),
  });
  expect(losses.safeParse(read('adapter')).success).toBe(true);
});

test('a merged model has the adapter as its part, and the chain can be read from there', async () => {
  await json(...merge('merged', 'base'));
  const part = {
    ...{ path: at('adapter'), weight: 1, origin: read('adapter') },
    sha256: sha256(join(at('adapter'), 'adapter_model.safetensors')),
  };
  const expected = { kind: 'export', to: 'huggingface', type: 'float32', parts: [part] };
  expect(read('merged')).toMatchObject({ ...expected, proof: { passed: true } });
  expect(await json('origin', at('merged'))).toEqual([
    { path: at('merged'), origin: read('merged') },
  ]);
  const { stdout } = await runHere(at('home'), ['origin', at('merged')]);
  expect(stdout).toMatch(/^ {2}Export: Hugging Face model, float32, /m);
  expect(stdout).toMatch(/^ {6}Training, 2 steps, /m);
  expect(stdout).toContain(`data  ${at('data.jsonl')} (${sha256(at('data.jsonl')).slice(0, 12)}`);
  const foreign = fixturePath('adapters/rslora');
  expect(await json('origin', foreign)).toEqual([{ path: foreign, origin: null }]);
});

test('a base that has moved is the same; one byte more, and it is refused unless it is meant', async () => {
  cpSync(at('base'), at('moved'), { recursive: true });
  renameSync(at('base'), at('gone'));
  await json(...merge('from-moved', 'moved'));
  const config = join(at('moved'), 'config.json');
  writeFileSync(config, `${readFileSync(config, 'utf8')} `);
  const refused = await runHere(at('home'), [...merge('refused', 'moved'), '--json']);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain('"code":"origin/base-changed"');
  expect(refused.stderr).toContain(at('moved'));
  expect(existsSync(at('refused'))).toBe(false);
  const meant = await runHere(at('home'), merge('meant', 'moved', '--other-base'));
  expect(meant.code, meant.stderr).toBe(0);
  expect(meant.stderr).toContain('was made on other files than this base');
  expect(read('meant')).toMatchObject({
    base: { path: at('moved') },
    parts: [{ origin: { base: { path: at('base') } } }],
  });
});

test('a place with nothing is an error', async () => {
  const { code, stderr } = await runHere(at('home'), ['origin', at('nothing-there')]);
  expect(code).toBe(1);
  expect(stderr).toContain('code:  origin/nothing-there');
});
