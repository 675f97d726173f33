/** `compose`: what is written answers as its parts do together, heads of classifiers with it; nothing half-written when it fails. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
  compositionReport,
  type CompositionOptions,
} from '../../../../src/shared/contract/composition.ts';
import type { AdapterSource, EngineEvent } from '../../../../src/shared/contract/engine.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { classify } from '../../../../src/main/engine/commands/classify.ts';
import { compose } from '../../../../src/main/engine/commands/compose.ts';
import { logits } from '../../../../src/main/engine/commands/logits.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import {
  adapterPath,
  composed,
  optionsOf,
  partsOf,
  tinyModel,
  type Asked,
} from '../compose/parts.ts';
import { ofLogits } from '../parity/bounds.ts';
import { fixturePath, readTensors } from '../parity/fixtures.ts';

type Request = { model?: string; adapters: AdapterSource[]; output: string | null } & Asked;

function run({ model = tinyModel, ...request }: Request, signal = new AbortController().signal) {
  const events: EngineEvent[] = [];
  const options: CompositionOptions = optionsOf(request);
  const context = { emit: (event: EngineEvent) => events.push(event), signal };
  return compose(
    { model, adapters: request.adapters, output: request.output, ...options },
    context,
  ).then((report) => ({ report, events }));
}

const sources = (weights: Readonly<Record<string, number>>): AdapterSource[] =>
  Object.entries(weights).map(([name, weight]) => ({ path: adapterPath(name), weight }));
const both = sources({ layers: 0.7, regex: 0.3 });
const quiet = { emit: () => undefined, signal: new AbortController().signal };

async function answers(model: string, adapters: AdapterSource[]): Promise<Float32Array> {
  const output = join(temporaryFolder(), 'logits.safetensors');
  const tokens = [3, 17, 4, 41, 8, 9, 25, 30];
  await logits({ model, adapters, precision: 'float32', tokens, output }, quiet);
  return readTensors(output).get('logits') ?? new Float32Array();
}

function largestDifference(one: Float32Array, other: Float32Array): number {
  const most = one.reduce((largest, x) => Math.max(largest, Math.abs(x)), 0);
  return one.reduce((gap, x, i) => Math.max(gap, Math.abs(x - (other[i] ?? NaN))), 0) / most;
}

describe('exact', () => {
  test.each([
    ['tiny-tied', { 'all-linear': 0.7, patterns: -0.4, rslora: 0.5, layers: 0.8 }],
    // Matrices that the files hold the other way round.
    ['tiny-gpt2', { 'tiny-gpt2': 0.6 }],
    // Adapters on routed experts, in PEFT's layout and one for each expert.
    ['tiny-qwen2-moe', { 'tiny-qwen2-moe-experts': 0.7, 'tiny-qwen2-moe-experts-own-apart': 0.4 }],
  ])('%s answers as with its adapters together: %o', async (name, weights) => {
    const model = fixturePath(`models/${name}`);
    const output = join(temporaryFolder(), 'composed');
    await run({ model, adapters: sources(weights), kind: 'exact', output });
    const together = await answers(model, sources(weights));
    const one = await answers(model, [{ path: output, weight: 1 }]);
    expect(largestDifference(together, one)).toBeLessThan(ofLogits);
    expect(largestDifference(await answers(model, []), one)).toBeGreaterThan(1000 * ofLogits);
  });

  test('it is written as PEFT writes an adapter, with scaling 1 and its ranks by module', async () => {
    const output = join(temporaryFolder(), 'composed');
    const weights = { 'all-linear': 0.7, rslora: 0.5 };
    const { report } = await run({ adapters: sources(weights), kind: 'exact', output });
    const found = await composed(partsOf(weights), { kind: 'exact' });
    const written = readAdapter(output);
    expect(written.modules).toEqual(found.adapter.modules);
    expect(JSON.parse(readFileSync(join(output, 'adapter_config.json'), 'utf8'))).toMatchObject({
      ...{ r: 8, lora_alpha: 8, use_rslora: false, use_dora: false, task_type: 'CAUSAL_LM' },
      rank_pattern: { q_proj: 4, k_proj: 4, v_proj: 4, gate_proj: 4, down_proj: 4 },
      alpha_pattern: { q_proj: 4, k_proj: 4, v_proj: 4, gate_proj: 4, down_proj: 4 },
    });
    expect(compositionReport.parse(report)).toMatchObject({
      ...{ adapters: sources(weights), kind: 'exact', rank: 8, density: null, seed: null, output },
    });
    const [headerBytes] = new BigUint64Array(
      readFileSync(join(output, 'adapter_model.safetensors')).buffer.slice(0, 8),
    );
    const { size } = statSync(join(output, 'adapter_model.safetensors'));
    expect(size - 8 - Number(headerBytes)).toBe(report.bytes);
  });

  test('one adapter with weight 1 is written as it was, its tensors byte by byte', async () => {
    const output = join(temporaryFolder(), 'composed');
    await run({ adapters: sources({ together: 1 }), kind: 'exact', output });
    expect(readAdapter(output)).toMatchObject({
      ...readAdapter(adapterPath('together')),
      notices: [],
    });
    const ours = readTensors(join(output, 'adapter_model.safetensors'));
    const theirs = readTensors(join(adapterPath('together'), 'adapter_model.safetensors'));
    expect(ours).toEqual(theirs);
  });
});

test('without an output only the figures are told, the same as with it', async () => {
  const request = { adapters: sources({ layers: 0.7, regex: 1 }), kind: 'svd', rank: 1 } as const;
  const output = join(temporaryFolder(), 'composed');
  const { report, events } = await run({ ...request, output: null });
  expect((await run({ ...request, output })).report).toEqual({ ...report, output });
  const steps = events.flatMap((event) => (event.kind === 'progress' ? [event] : []));
  expect(steps.at(-1)).toMatchObject({ done: report.modules.length, total: report.modules.length });
});

test('an adapter that counts 0 is told of and adds nothing', async () => {
  const alone = await run({ adapters: sources({ layers: 0.7 }), kind: 'svd', output: null });
  const adapters = sources({ 'all-linear': 0, layers: 0.7 });
  const { report, events } = await run({ adapters, kind: 'svd', output: null });
  expect(report).toEqual({ ...alone.report, adapters });
  expect(events).toContainEqual({
    kind: 'notice',
    text: `${adapterPath('all-linear')} has the weight 0 and adds nothing.`,
  });
});

describe('heads', () => {
  const folder = (name: string) => fixturePath(`classifiers/${name}`);
  const source = (name: string, weight: number) => ({
    path: join(folder(name), 'adapter'),
    weight,
  });
  const classifier = (name: string) => join(folder(name), 'model');
  const texts: [string][] = [['turn the light on'], ['what a day'], ['off']];

  /** The same adapter with another head and other numbers in its first module. */
  function another(name: string): string {
    const copy = join(temporaryFolder(), 'adapter');
    cpSync(join(folder(name), 'adapter'), copy, { recursive: true });
    const path = join(copy, 'adapter_model.safetensors');
    const bytes = readFileSync(path);
    const begin = 8 + Number(bytes.readBigUInt64LE(0));
    // Every float32 after the header half as large, and of the other sign.
    for (let at = begin; at + 4 <= bytes.length; at += 4)
      bytes.writeFloatLE(-0.5 * bytes.readFloatLE(at), at);
    writeFileSync(path, bytes);
    return copy;
  }

  test.each(['tiny-bert', 'tiny-qwen3-score'])(
    '%s: logits are those of the parts',
    async (name) => {
      const model = classifier(name);
      const adapters = [source(name, 0.7), { path: another(name), weight: 0.6 }];
      const output = join(temporaryFolder(), 'composed');
      await run({ model, adapters, kind: 'exact', output });
      const ask = async (from: AdapterSource[]) => {
        const request = { model, adapters: from, precision: 'float32' as const };
        const found = await classify({ ...request, texts, sequenceLength: 32 }, quiet);
        return Float32Array.from(found.flatMap(({ scores }) => scores.map(({ logit }) => logit)));
      };
      const one = await ask([{ path: output, weight: 1 }]);
      expect(largestDifference(await ask(adapters), one)).toBeLessThan(ofLogits);
      expect(largestDifference(await ask([source(name, 1)]), one)).toBeGreaterThan(1000 * ofLogits);
    },
  );

  test.each(['tiny-roberta', 'tiny-distilbert'])(
    '%s: a head of two layers is no sum',
    async (name) => {
      const model = classifier(name);
      const adapters = [source(name, 0.5), source(name, 0.5)];
      const ask = (kind: 'exact' | 'svd') => run({ model, adapters, kind, output: null });
      for (const kind of ['exact', 'svd'] as const) {
        const { code, where } = await problemOf(() => ask(kind));
        expect([code, where]).toEqual(['compose/head-not-linear', source(name, 1).path]);
      }
      const output = join(temporaryFolder(), 'composed');
      await run({ model, adapters: [source(name, 1)], kind: 'exact', output });
      expect(readAdapter(output).saved).toEqual(readAdapter(source(name, 1).path).saved);
    },
  );

  test('classes have to be the same', async () => {
    const adapters = ['a', 'b'].map((last) => {
      const path = another('tiny-bert');
      const names = { 0: 'x', 1: 'y', 2: last };
      const labels = { problem_type: 'single_label_classification', id2label: names };
      writeFileSync(join(path, 'labels.json'), JSON.stringify(labels));
      return { path, weight: 0.5 };
    });
    const request = {
      model: classifier('tiny-bert'),
      adapters,
      kind: 'exact',
      output: null,
    } as const;
    expect((await problemOf(() => run(request))).code).toBe('adapter/labels-differ');
  });
});

describe('what cannot be composed', () => {
  const cases: [string, AdapterSource[], { model?: string }][] = [
    ['compose/no-adapters', [], {}],
    ['compose/all-weights-zero', sources({ layers: 0, regex: 0 }), {}],
    ['compose/bad-weight', sources({ layers: NaN, regex: 1 }), {}],
    ['compose/bad-weight', sources({ layers: 1, regex: Infinity }), {}],
    ['compose/bad-weight', sources({ layers: 1e39, regex: 1 }), {}],
    ['compose/not-finite', sources({ rslora: 3.3e38 }), {}],
    ['adapter/not-found', sources({ layers: 1, nowhere: 1 }), {}],
    ['adapter/does-not-fit', sources({ 'all-linear': 1, 'tiny-qwen3': 1 }), {}],
    ['adapter/does-not-fit', both, { model: fixturePath('models/tiny-gpt2') }],
  ];
  test.each(cases)('%s: %o', async (code, adapters, { model = tinyModel }) => {
    const folder = temporaryFolder();
    const request = { model, adapters, kind: 'exact', output: join(folder, 'out') } as const;
    expect((await problemOf(() => run(request))).code).toBe(code);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder with something in it stays as it is', async () => {
    const output = join(temporaryFolder(), 'taken');
    mkdirSync(output);
    writeFileSync(join(output, 'mine.txt'), 'mine');
    const request = { adapters: both, kind: 'exact', output } as const;
    expect((await problemOf(() => run(request))).code).toBe('output/not-empty');
    expect(readdirSync(output)).toEqual(['mine.txt']);
  });

  test('one that is stopped leaves nothing', async () => {
    const folder = temporaryFolder();
    const stopped = AbortSignal.abort();
    const request = { adapters: both, kind: 'ties', output: join(folder, 'out') } as const;
    expect((await problemOf(() => run(request, stopped))).code).toBe('engine/cancelled');
    expect(existsSync(join(folder, 'out'))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('adapters that name other bases are told of', async () => {
  const path = join(temporaryFolder(), 'adapter');
  cpSync(adapterPath('layers'), path, { recursive: true });
  const file = join(path, 'adapter_config.json');
  const config = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  writeFileSync(file, JSON.stringify({ ...config, base_model_name_or_path: 'somebody/Other-1B' }));
  const adapters = [...sources({ regex: 1 }), { path, weight: 1 }];
  const toldBy = ({ events }: Awaited<ReturnType<typeof run>>) =>
    events.flatMap((event) => (event.kind === 'notice' ? [event.text] : []));
  expect(toldBy(await run({ adapters, kind: 'exact', output: null }))).toEqual([
    `The adapter ${path} names "somebody/Other-1B" as its base, and is used with ${fixturePath('models/tiny-tied')}. If these are not one model under two names, its answers mean nothing.`,
  ]);
  // One that adds nothing means nothing anyway.
  const idle = [...sources({ regex: 1 }), { path, weight: 0 }];
  expect(toldBy(await run({ adapters: idle, kind: 'exact', output: null }))).toEqual([
    `${path} has the weight 0 and adds nothing.`,
  ]);
  const same = await run({ adapters: both, kind: 'exact', output: null });
  expect(same.events.some((event) => event.kind === 'notice')).toBe(false);
});
