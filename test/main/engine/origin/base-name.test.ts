import { expect, test } from 'vitest';
import { baseNameOf, otherName } from '../../../../src/main/engine/origin/base-name.ts';

test.each([
  ['HuggingFaceTB/SmolLM2-135M-Instruct', 'smollm2-135m-instruct'],
  ['/models/SmolLM2-135M-Instruct/', 'smollm2-135m-instruct'],
  ['C:\\models\\SmolLM2-135M-Instruct', 'smollm2-135m-instruct'],
  ['unsloth/Llama-3.2-1B-Instruct-unsloth-bnb-4bit', 'llama-3.2-1b-instruct'],
  ['/models/Llama-3.2-1B-Instruct-Q4_K_M.gguf', 'llama-3.2-1b-instruct'],
  ['/models/Llama-3.2-1B-Instruct.BF16-00001-of-00003.gguf', 'llama-3.2-1b-instruct'],
  ['bartowski/Llama-3.2-1B-Instruct-GGUF', 'llama-3.2-1b-instruct'],
  ['qwen2.5-0.5b-instruct-fp16', 'qwen2.5-0.5b-instruct'],
  [
    '/cache/models--Qwen--Qwen3-0.6B/snapshots/c1899de289a04d12100db370d81485cdf75e47ca',
    'qwen3-0.6b',
  ],
  ['/cache/models--gpt2/snapshots/607a30d783dfa663caf39e06633721c8d4cfcd7e', 'gpt2'],
  ['/blobs/sha256-6a0746a1ec1aef3e7ec53868f220ff6e389f6f8ef87a01d77c96807de94ca2aa', null],
  ['/models/Qwen3/model-00001-of-00002.gguf', null],
  ['', null],
])('the base %s is called %s', (path, name) => {
  expect(baseNameOf(path)).toBe(name);
});

test('a model and its instructed one are two', () => {
  expect(otherName('Qwen/Qwen2.5-0.5B', '/models/Qwen2.5-0.5B-Instruct')).toBe(
    'The adapter names Qwen/Qwen2.5-0.5B as its base, and is used with /models/Qwen2.5-0.5B-Instruct. If these are not one model under two names, its answers mean nothing.',
  );
});

test('nothing is said where either has no name, or both the same', () => {
  expect(otherName(null, '/models/a')).toBe(null);
  expect(otherName('', '/models/a')).toBe(null);
  expect(otherName('org/a', '/blobs/sha256-6a0746a1ec1aef3e')).toBe(null);
  expect(otherName('org/A-4bit', '/models/a.Q8_0.gguf')).toBe(null);
});
