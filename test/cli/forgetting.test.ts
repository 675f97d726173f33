/** What a run has forgotten on the command line: while it trains, at its end, and in the list of runs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { forgetting, type Forgetting } from '../../src/shared/contract/records.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonLines, runHere } from './run-cli.ts';

let folder = '';
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lorikeet-forgetting-'));
  const pair = (n: number) => JSON.stringify({ prompt: `light ${n}`, completion: `{"n":${n}}` });
  writeFileSync(at('data.jsonl'), Array.from({ length: 8 }, (_, n) => pair(n)).join('\n'));
  writeFileSync(at('sea.jsonl'), JSON.stringify({ text: 'the sea is calm' }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const train = (output: string, ...more: string[]) =>
  runHere(at('home'), [
    ...['train', '--model', fixturePath('models/tiny-tied'), '--data', at('data.jsonl')],
    ...['--output', at(output), '--max-steps', '3', '--sequence-length', '64', ...more],
  ]);

const told = z.object({ forgetting: forgetting.nullable() });
const toldIn = (stdout: string): (Forgetting | null)[] =>
  jsonLines(stdout).flatMap((line) => {
    const found = told.safeParse(line);
    return found.success ? found.data.forgetting : [];
  });

test('as JSON: before the first step, after the last, in the result, and in the list of runs', async () => {
  const { stdout, code } = await train('one', '--general-text', at('sea.jsonl'), '--json');
  expect(code).toBe(0);
  const [before, after, ofResult] = toldIn(stdout);
  expect(before).toMatchObject({ path: at('sea.jsonl'), after: null });
  expect(after).toEqual({ ...before, after: expect.any(Number) as number });
  expect(ofResult).toEqual(after);
  const off = await train('two', '--general-text', 'off', '--json');
  expect(toldIn(off.stdout)).toEqual([null]);
  const list = await runHere(at('home'), ['runs', '--json']);
  expect(toldIn(list.stdout)).toEqual([after, null]);
});

test('in text: a row of the result with both losses, on the text that comes with Lorikeet', async () => {
  const { stdout } = await train('three');
  expect(stdout).toMatch(
    /^Forgetting +\S+ nats on a general text of [\d,\s]+ tokens \(\d+\.\d{4} to \d+\.\d{4}\)$/m,
  );
});
