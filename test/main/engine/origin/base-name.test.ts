import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { otherName, severalNames } from '../../../../src/main/engine/origin/base-name.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';

const cache = '/cache/models--Qwen--Qwen3-0.6B/snapshots/c1899de289a04d12100db370d81485cdf75e47ca';
const blob = '/blobs/sha256-6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa';

test.each([
  ['HuggingFaceTB/SmolLM2-135M-Instruct', '/models/SmolLM2-135M-Instruct'],
  ['/models/SmolLM2-135M-Instruct/', '/other/smollm2-135m-instruct'],
  ['C:\\models\\SmolLM2-135M-Instruct', '/models/SmolLM2-135M-Instruct'],
  [' Qwen/Qwen3-0.6B ', cache],
  [
    'openai-community/gpt2',
    '/cache/models--gpt2/snapshots/607a30d783dfa663caf39e06633721c8d4cfcd7e',
  ],
  [
    'ggml-org/models',
    '/cache/models--ggml-org--models/snapshots/607a30d783dfa663/stories260K.gguf',
  ],
  [
    'karpathy/stories260K',
    '/cache/models--ggml-org--models/snapshots/607a30d783dfa663/stories260K.gguf',
  ],
  ['unsloth/Llama-3.2-1B-Instruct-unsloth-bnb-4bit', '/m/Llama-3.2-1B-Instruct'],
  ['meta-llama/Llama-3.2-1B-Instruct', '/m/Llama-3.2-1B-Instruct-Q4_K_M.gguf'],
  ['meta-llama/Llama-3.2-1B-Instruct', '/m/Llama-3.2-1B-Instruct.BF16-00001-of-00003.gguf'],
  ['meta-llama/Llama-3.2-1B-Instruct', '/m/Llama-3.2-1B-Instruct-UD-Q4_K_XL.gguf'],
  ['meta-llama/Llama-3.2-1B-Instruct', '/m/Llama-3.2-1B-Instruct.i1-IQ2_XXS.gguf'],
  ['bartowski/Llama-3.2-1B-Instruct-GGUF', '/m/Llama-3.2-1B-Instruct'],
  ['Qwen/Qwen3-0.6B', '/m/Qwen_Qwen3-0.6B-Q4_0.gguf'],
  ['someone/tiny-untied', '/m/someone_tiny-untied-GGUF_tiny-untied-Q4_K_M.gguf'],
  ['Qwen/Qwen2.5-0.5B-Instruct', '/m/Qwen2.5-0.5B-Instruct-GPTQ-Int4'],
  ['openai/gpt-oss-20b', '/m/gpt-oss-20b-MXFP4_MOE.gguf'],
  ['tiny-tied', '/m/tiny-tied-nf4-double'],
  ['mlx-community/Qwen3-0.6B-4bit-DWQ', cache],
])('%s is the base %s', (named, base) => {
  expect(otherName('/a', named, base)).toBe(null);
});

test.each([
  ['Qwen/Qwen2.5-0.5B', '/models/Qwen2.5-0.5B-Instruct'],
  ['google/gemma-2-2b', '/models/gemma-2-2b-it-Q8_0.gguf'],
  ['Qwen/Qwen3-0.6B', '/models/Qwen3-1.7B'],
  ['TinyLlama/TinyLlama_v1.1', '/models/TinyLlama_v1.0'],
  ['Qwen/Qwen3-0.6B-Base', cache],
  ['/runs/b/Foo', '/runs/a/Bar/'],
])('%s is another base than %s', (named, base) => {
  expect(otherName('/a', named, base)).toBe(
    `The adapter /a names "${named}" as its base, and is used with ${base}. If these are not one model under two names, its answers mean nothing.`,
  );
});

test.each([
  [null, '/models/a'],
  ['', '/models/a'],
  ['.', '/models/a'],
  ['../..', '/models/a'],
  ['/runs/a/checkpoint-500', '/models/a'],
  ['https://huggingface.co/org/b/tree/main', '/models/a'],
  ['org/b', blob],
  ['org/b', '/models/a/model-00001-of-00002.gguf'],
  ['org/b', '/models/model'],
])('where one has no name, nothing is said: %s, %s', (named, base) => {
  expect(otherName('/a', named, base)).toBe(null);
});

test('a link to a model has the name of the model, too', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'Foo-1B'));
  symlinkSync('Foo-1B', join(folder, 'link'));
  expect(otherName('/a', 'org/Foo-1B', join(folder, 'link'))).toBe(null);
  expect(otherName('/a', 'org/link', join(folder, 'link'))).toBe(null);
  expect(otherName('/a', 'org/Foo-2B', join(folder, 'link'))).toContain('Foo-2B');
});

test('a name that is no name harms nobody: not the terminal, and not by its length', () => {
  const told = otherName('/a', 'Foo\u001b[31m\u009b31m\nnext: rm', '/m/bar') ?? '';
  expect(told).not.toMatch(/\p{Cc}/u);
  expect(otherName('/a', 'Foo'.repeat(1000), '/m/bar')?.length).toBeLessThan(600);
  for (const long of ['-q4', 'models--a--', '-bnb_', 'a_'])
    for (const times of [1000, 300_000]) otherName('/a', `${long.repeat(times)}!`, '/m/bar');
});

test('adapters of several bases on one without a name', () => {
  expect(severalNames(['org/Foo', null, 'org/Foo-Instruct'], blob)).toEqual([
    'The adapters name different bases: "org/Foo" and "org/Foo-Instruct". If these are not one model under several names, what they answer together means nothing.',
  ]);
  expect(severalNames(['org/Foo', 'other/foo-4bit', null], blob)).toEqual([]);
  // Each that names another one is told of by itself.
  expect(severalNames(['org/Foo', 'org/Foo-Instruct'], '/m/Foo')).toEqual([]);
});
