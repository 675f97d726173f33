/** `lorikeet train --find-lr` on a tiny model: tells which rate is best, and trains with it where an adapter is asked for. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { rateSearch } from '../../src/shared/contract/rate-search.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';
import { shortRun } from './short-run.ts';

let folder = '';
const at = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-find-rate-'));
  const line = (n: number) => JSON.stringify({ prompt: `light ${n}`, completion: `{"n":${n}}` });
  writeFileSync(at('data.jsonl'), Array.from({ length: 24 }, (_, n) => line(n)).join('\n'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function searching(...more: string[]): string[] {
  const files = ['--model', fixturePath('models/tiny-tied'), '--data', at('data.jsonl')];
  const size = shortRun(12);
  return ['train', ...files, ...size, '--warmup-steps', '0', '--find-lr', ...more];
}

test('the table has a line for each rate, and the options that take the best', async () => {
  const args = searching('--rates', '1e-6,5e-3', '--alphas', '8,16');
  const { code, stdout, stderr } = await runHere(at('home'), args);
  expect(code, stderr).toBe(0);
  expect(stdout).toMatch(/^Learning rate +Alpha +Mean training loss of the last 3 of 12 steps$/m);
  expect(stdout.match(/^(0\.000001|0\.005) +(8|16) +\d\.\d{4}/gm)).toHaveLength(4);
  expect(stdout).toMatch(/^The best: --learning-rate 0\.005( --alpha 8)?$/m);
  expect(stderr).toContain('the largest rate that was tried');
  const runs = await jsonOf(at('home'), ['runs']);
  expect(runs).toEqual([]);
});

test('with --output the run is trained with the best', async () => {
  const args = searching('--rates', '1e-6,5e-3,1e30', '--output', at('adapter'));
  const [first] = await jsonOf(at('home'), args);
  const said = rateSearch.extend({
    best: z.object({ learningRate: z.number(), alpha: z.number() }),
    edge: z.null(),
  });
  const { search } = z.object({ search: said }).parse(first);
  expect(search.best).toEqual({ learningRate: 5e-3, alpha: 16 });
  expect(search.trials[2]).toMatchObject({
    loss: null,
    problem: { code: 'train/loss-not-finite' },
  });
  const record: unknown = JSON.parse(
    readFileSync(join(at('adapter'), 'lorikeet-training.json'), 'utf8'),
  );
  expect(record).toMatchObject({ learningRate: 5e-3, duration: { kind: 'steps', steps: 12 } });
});

test('where no rate keeps a number for its loss, nothing is trained', async () => {
  const { code, stderr } = await runHere(
    at('home'),
    searching('--rates', '1e30', '--output', at('none')),
  );
  expect(code).toBe(1);
  expect(stderr).toContain('train/no-rate');
  expect(existsSync(at('none'))).toBe(false);
});
