/** `lorikeet export`: what it prints, its exit codes, and what it refuses. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportReport } from '../../src/shared/contract/exports.ts';
import { fixturePath } from '../main/engine/parity/fixtures.ts';
import { jsonOf, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-export-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const home = join(folder, 'home');
const model = fixturePath('models/tiny-tied');
const adapter = fixturePath('adapters/all-linear');

test('a GGUF file of a blend: the report, the file and its neighbour', async () => {
  const output = join(folder, 'blend.gguf');
  const adapters = ['--adapter', `${adapter}=0.5`, '--adapter', fixturePath('adapters/rslora')];
  const asked = ['--model', model, ...adapters, '--to', 'gguf', '--type', 'BF16'];
  const [line] = await jsonOf(home, ['export', ...asked, '--output', output]);
  const report = exportReport.parse(line);
  expect(report).toMatchObject({ to: 'gguf', type: 'BF16', output, passed: true });
  expect(readFileSync(output).subarray(0, 4).toString()).toBe('GGUF');
  expect(existsSync(`${output}.origin.json`)).toBe(true);
});

test('as text: what was written, its proof, and what runs it', async () => {
  const output = join(folder, 'adapter.gguf');
  const asked = ['export', '--model', model, '--adapter', adapter, '--to', 'gguf-adapter'];
  const { code, stdout } = await runHere(home, [...asked, '--output', output]);
  expect(code).toBe(0);
  expect(stdout).toContain('GGUF adapter, F32');
  expect(stdout).toMatch(/PASSED on \d+ held-out prompts/);
  expect(stdout).toContain(`llama-server -m BASE.gguf --lora "${output}"`);
});

test('merged into other weights: both bases in the text, and in the origin', async () => {
  const output = join(folder, 'into-others');
  const other = join(folder, 'same-model');
  cpSync(model, other, { recursive: true });
  const asked = ['merge', '--model', model, '--adapter', adapter, '--merge-base', other];
  const { code, stdout } = await runHere(home, [...asked, '--output', output]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Trained on: tiny-tied\/model\.safetensors \(F32\), held: /m);
  expect(stdout).toMatch(/^Merged into: same-model\/model\.safetensors \(F32\)$/m);
  // The same weights: nothing was quantised between them.
  expect(stdout).toMatch(/^Error of quantising beside the change: 0 times, median of 21$/m);
  const origin = await runHere(home, ['origin', output]);
  expect(origin.stdout).toMatch(new RegExp(`^ +merged into {2}${other} `, 'm'));
});

test.each([
  ['a form that there is not', ['--to', 'onnx'], 2],
  ['a type of another form', ['--to', 'huggingface', '--type', 'Q8_0'], 1],
  ['a type where there is no choice', ['--to', 'peft', '--adapter', adapter, '--type', 'F16'], 1],
])('%s is refused, and nothing is written', async (_, options, exit) => {
  const output = join(folder, 'out');
  const { code } = await runHere(home, [
    'export',
    '--model',
    model,
    ...options,
    '--output',
    output,
  ]);
  expect(code).toBe(exit);
  expect(existsSync(output)).toBe(false);
});
