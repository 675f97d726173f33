/** What is written, in a real llama.cpp: its answers are those of transformers and PEFT. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cachePaths } from '../../../../../src/main/cache.ts';
import { readAdapter } from '../../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { openCheckpoint } from '../../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openAdapter } from '../../../../../src/main/engine/commands/open-adapter.ts';
import {
  planAdapterFile,
  writeAdapterFile,
} from '../../../../../src/main/engine/export/gguf/adapter-file.ts';
import { ggufOf } from '../../../../../src/main/engine/export/gguf/gguf-of.ts';
import { planTensors } from '../../../../../src/main/engine/export/gguf/tensor-plan.ts';
import {
  noAdapter,
  type Adapter,
  type AdapterModule,
} from '../../../../../src/main/engine/checkpoint/adapter.ts';
import { planGguf, writeGgufModel } from '../../../../../src/main/engine/export/gguf/write-gguf.ts';
import type { Architecture } from '../../../../../src/main/engine/model/architecture.ts';
import { createRandom } from '../../../../../src/main/engine/random.ts';
import type { GgufFileType } from '../../../../../src/shared/export-forms.ts';
import { createTokenizer } from '../../../../../src/main/engine/tokenizer/tokenizer.ts';
import { openLlamaCpp, type LlamaCpp } from '../../../../support/llama-cpp.ts';
import { ofLogits } from '../../parity/bounds.ts';
import { relativeDifference } from '../../parity/difference.ts';
import { readFixture, readTensors } from '../../parity/fixtures.ts';
import { modelLogits } from '../../parity/model-logits.ts';
import { tinyAdapter, tinyModel } from '../exported.ts';

const tokensOf = (model: string) => readFixture(`expected/${model}/tokens.json`, z.array(z.int()));

/** Log probabilities [V] after the first `count` tokens, out of logits [T, V]. */
function wanted(logits: ArrayLike<number>, count: number, vocabulary: number): Float64Array {
  const row = Float64Array.from({ length: vocabulary }, (_, i) => {
    return logits[(count - 1) * vocabulary + i] ?? NaN;
  });
  const most = row.reduce((a, b) => Math.max(a, b));
  const sum = row.reduce((all, x) => all + Math.exp(x - most), 0);
  return row.map((x) => x - most - Math.log(sum));
}

/** The largest difference of log probabilities after a few beginnings, over the largest of them. */
async function distance(
  llama: LlamaCpp,
  tokens: readonly number[],
  logits: ArrayLike<number>,
): Promise<number> {
  let [largest, difference] = [0, 0];
  for (const count of [1, 5, tokens.length]) {
    const found = await llama.next(tokens.slice(0, count));
    wanted(logits, count, found.length).forEach((want, i) => {
      largest = Math.max(largest, Math.abs(want));
      // What is no number has to win, which Math.max sees to.
      difference = Math.max(difference, Math.abs(want - (found[i] ?? NaN)));
    });
  }
  return difference / largest;
}

/**
 * llama.cpp looks GELU up in a table of 16-bit numbers, whose half unit is 2⁻¹² of a value; through the few layers of these models
 * what a block adds to the stream is off by about as much, and logits by a few times that.
 */
const withTable = 8 * 2 ** -12;
const boundOf = (model: string) => (/gpt|gemma/.test(model) ? withTable : 2 * ofLogits);

/** What `adapter` says in PEFT's words, merged. */
const mergedLogits = (adapter: string) =>
  readTensors(`expected/adapter-${adapter.replace(/-apart$/, '')}/logits.safetensors`).get(
    'merged.logits',
  ) ?? [];

const adapters = [
  ...['all-linear', 'untied', 'patterns', 'rslora', 'dora', 'pissa', 'layers'],
  ...['tiny-qwen2', 'tiny-qwen3', 'qwen3-dora', 'tiny-mistral-full', 'tiny-gpt2', 'tiny-gpt-neox'],
  ...['tiny-qwen3-moe', 'tiny-mixtral', 'tiny-mixtral-experts', 'tiny-qwen3-moe-experts-own-apart'],
];
/** Files of bases serve several tests. */
const folder = mkdtempSync(join(tmpdir(), 'lorikeet-gguf-'));
let files = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const silent = { emit: () => undefined, signal: new AbortController().signal };
const modelOf = (adapter: string) => readAdapter(tinyAdapter(adapter).path).baseModel ?? '';

/** The model with its adapter as one file, where there is one. */
async function writeModel(model: string, adapter: string | null, type: GgufFileType) {
  const base = await openCheckpoint(model);
  try {
    const change = adapter === null ? noAdapter : openAdapter(adapter, base, silent);
    const plan = planGguf(base, change, type);
    const path = join(folder, `${files++}.gguf`);
    await writeGgufModel(path, base, change, type, plan, () => undefined);
    return path;
  } finally {
    base.close();
  }
}

/** Files of the bases, each written once. */
const bases = new Map<string, Promise<string>>();
function writtenBase(model: string): Promise<string> {
  const known = bases.get(model) ?? writeModel(tinyModel(model), null, 'F32');
  bases.set(model, known);
  return known;
}

async function writeAdapterOf(adapter: string): Promise<string> {
  const base = await openCheckpoint(tinyModel(modelOf(adapter)));
  try {
    const { form, family } = ggufOf(base.architecture, base.path);
    const planned = planTensors(base.architecture, family, base.path);
    const change = openAdapter(tinyAdapter(adapter).path, base, silent);
    const path = join(folder, `${files++}.gguf`);
    const tensors = planAdapterFile(change, planned, base.path);
    await writeAdapterFile(path, form.architecture, tensors, 'F32');
    return path;
  } finally {
    base.close();
  }
}

/** How far the answers of a file are from logits after the tokens of its model. */
async function answersOf(
  path: string,
  model: string,
  logits: ArrayLike<number>,
  adapters: { path: string; scale: number }[] = [],
): Promise<number> {
  const llama = await openLlamaCpp(path, { adapters });
  try {
    const length = logits.length / (await llama.next([0])).length;
    return await distance(llama, tokensOf(model).slice(0, length), logits);
  } finally {
    await llama.dispose();
  }
}

test.each(adapters)('merged: %s', async (adapter) => {
  const model = modelOf(adapter);
  const path = await writeModel(tinyModel(model), tinyAdapter(adapter).path, 'F32');
  expect(await answersOf(path, model, mergedLogits(adapter))).toBeLessThan(boundOf(model));
});

test.each(adapters.filter((name) => !name.includes('dora')))(
  'an adapter by itself, at scale 1: %s',
  async (adapter) => {
    const model = modelOf(adapter);
    const attached = [{ path: await writeAdapterOf(adapter), scale: 1 }];
    const found = await answersOf(
      ...([await writtenBase(model), model, mergedLogits(adapter), attached] as const),
    );
    expect(found).toBeLessThan(boundOf(model));
  },
);

describe('models without an adapter', () => {
  /** What a GGUF file has no place for is in their twins only. */
  const models = [
    ...['tiny-tied', 'tiny-untied-bf16-sharded', 'tiny-gemma2-plain', 'tiny-gemma3-linear'],
    ...['tiny-phi3-longrope', 'tiny-gpt-neox-sequential', 'tiny-qwen2-moe-sparse'],
    'tiny-olmoe-plain',
  ];
  test.each(models)('%s', async (model) => {
    const logits = readTensors(`expected/${model}/logits.safetensors`).get('logits') ?? [];
    expect(await answersOf(await writtenBase(model), model, logits)).toBeLessThan(boundOf(model));
  });

  test.each(['tiny-tied', 'tiny-qwen3', 'tiny-mixtral'])(
    '%s goes on as transformers has it',
    async (model) => {
      const generation = readFixture(
        `expected/${model}/generation.json`,
        z.object({ promptTokens: z.array(z.int()), tokens: z.array(z.int()) }),
      );
      const llama = await openLlamaCpp(await writtenBase(model));
      const found = await llama.greedy(generation.promptTokens, 16);
      await llama.dispose();
      expect(found).toEqual(generation.tokens.slice(0, 16));
    },
  );
});

describe('the starter model with an adapter', () => {
  const model = cachePaths().starterModel;
  const text = 'The capital of France is';

  /** On a few modules, with drawn numbers that change the answers. */
  function drawn({ linears }: Architecture): Adapter {
    const random = createRandom(3);
    const normal = (length: number) => Float32Array.from({ length }, () => 0.3 * random.normal());
    const modules = [0, 7].flatMap((layer) =>
      linears.map(({ path, in: inputs, out }): [string, AdapterModule] => {
        const factors = { a: normal(2 * inputs), b: normal(2 * out) };
        const sizes = { rank: 2, alpha: 1, scaling: 0.5, in: inputs, out };
        return [`model.layers.${layer}.${path}`, { ...sizes, ...factors, magnitude: null }];
      }),
    );
    return { ...noAdapter, rank: 2, alpha: 1, modules: new Map(modules) };
  }

  async function answer(path: string, attached: { path: string; scale: number }[] = []) {
    const llama = await openLlamaCpp(path, { adapters: attached });
    try {
      return await llama.next(llama.tokenize(text));
    } finally {
      await llama.dispose();
    }
  }

  test('attached to the base it says what the merged file says, and what is said here', async () => {
    const base = await openCheckpoint(model);
    const adapter = drawn(base.architecture);
    const write = async (change: Adapter) => {
      const path = join(folder, `${files++}.gguf`);
      const plan = planGguf(base, change, 'F16');
      await writeGgufModel(path, base, change, 'F16', plan, () => undefined);
      return path;
    };
    const { form, family } = ggufOf(base.architecture, base.path);
    const planned = planTensors(base.architecture, family, base.path);
    const alone = join(folder, `${files++}.gguf`);
    const tensors = planAdapterFile(adapter, planned, base.path);
    await writeAdapterFile(alone, form.architecture, tensors, 'F32');
    const [merged, plain] = [await write(adapter), await write(noAdapter)];
    const tokenizer = createTokenizer(base.tokenizer, base.config);
    const tokens = tokenizer.encode(text);
    base.close();
    const [one, other, before] = [
      await answer(merged),
      await answer(plain, [{ path: alone, scale: 1 }]),
      await answer(plain),
    ];
    // Weights of 16 bits are off by 2⁻¹² of themselves: through thirty layers log probabilities by about √30 · 2⁻¹² of their size.
    const bound = 30 * 2 ** -12;
    expect(relativeDifference(one, other)).toBeLessThan(bound);
    expect(relativeDifference(one, before)).toBeGreaterThan(10 * bound);
    const here = await modelLogits({ model: merged, adapter: null, tokens, fusion: 'none' });
    expect(relativeDifference(one, wanted(here, tokens.length, one.length))).toBeLessThan(bound);
  });

  test('quantised: the ids, the template, and what it says', async () => {
    const path = await writeModel(model, null, 'Q8_0');
    const written = await openCheckpoint(path);
    const tokenizer = createTokenizer(written.tokenizer, written.config);
    const llama = await openLlamaCpp(path);
    for (const each of [text, ' x = 12345;\n\n\tif (a)', 'naïve 北京 🦜']) {
      expect(llama.tokenize(each)).toEqual([...tokenizer.encode(each)]);
    }
    expect(llama.chatTemplate).toBe(written.tokenizer.chatTemplate);
    const [best = -1] = await llama.greedy(tokenizer.encode(text), 1);
    written.close();
    await llama.dispose();
    expect(tokenizer.decode([best])).toBe(' Paris');
  });
});
