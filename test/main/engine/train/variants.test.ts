/** Adapters trained together are those that come out of runs of their own, and none disturbs another. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { train, trainVariants } from '../../../../src/main/engine/commands/train.ts';
import { readTrainingRecord } from '../../../../src/main/engine/export/training-record.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { ofCurves } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { problemOf } from '../checkpoint/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-variants-'));
const data = join(root, 'data.jsonl');
const lines = Array.from({ length: 30 }, (_, n) =>
  JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` }),
);
writeFileSync(data, lines.join('\n'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

type Changes = Partial<Omit<TrainingConfig, 'lora'>> & { lora?: Partial<LoraSettings> };

function configOf({ lora, ...changes }: Changes): TrainingConfig {
  return {
    ...trainingDefaults,
    generalText: { kind: 'off' },
    ...{ name: '', model: fixturePath('models/tiny-tied'), data },
    validation: { kind: 'split', fraction: 0.2 },
    duration: { kind: 'epochs', epochs: 3 },
    ...{ batchSize: 2, sequenceLength: 64, warmupSteps: 1, learningRate: 5e-3 },
    // In bfloat16 a product of more rows may be rounded in another way.
    precision: 'float32',
    ...changes,
    lora: { ...trainingDefaults.lora, ...lora },
  };
}

/** Ranks, scalings, rates, seeds (and with them the data's order and split), targets and numbers of steps of their own. */
const variants = [
  configOf({ gradientAccumulation: 2 }),
  configOf({
    ...{ gradientAccumulation: 2, seed: 3, learningRate: 2e-2, scheduler: 'constant' },
    lora: { rank: 4, alpha: 4, useRslora: true },
  }),
  configOf({
    ...{ gradientAccumulation: 2, seed: 4, duration: { kind: 'steps', steps: 5 } },
    lora: { targets: [{ module: 'v_proj', layers: [1] }], useDora: true, loraPlusRatio: 4 },
  }),
  configOf({ gradientAccumulation: 2, seed: 5, lora: { rank: 2, init: 'pissa' } }),
];

const ofMixture = (changes: Changes) =>
  configOf({
    model: fixturePath('models/tiny-mixtral'),
    duration: { kind: 'steps', steps: 3 },
    lora: { rank: 2, targets: [{ module: 'v_proj', layers: 'all' }] },
    ...changes,
  });
/** Whose routers are pushed, and not. */
const mixtures = [ofMixture({ routerLoss: 2 }), ofMixture({ seed: 3 })];

type Told = { losses: number[]; validations: number[] };

function listener(): { told: Told; hear: (event: EngineEvent) => void } {
  const told: Told = { losses: [], validations: [] };
  const hear = (event: EngineEvent) => {
    if (event.kind === 'step') told.losses.push(event.point.loss);
    if (event.kind === 'validation') told.validations.push(event.point.loss);
  };
  return { told, hear };
}

const { signal } = new AbortController();

async function alone(config: TrainingConfig, name: string) {
  const output = join(root, name);
  const { told, hear } = listener();
  await train({ config, output }, { emit: hear, signal });
  return { ...told, values: valuesIn(output) };
}

async function together(configs: readonly TrainingConfig[], name: string) {
  const listeners = configs.map(listener);
  const outputs = configs.map((_, index) => join(root, `${name}-${index}`));
  const outcomes = await trainVariants(
    { variants: configs.map((config, i) => ({ config, output: outputs[i] ?? '' })) },
    {
      emit: (event) => {
        if (event.kind === 'variant') listeners[event.variant]?.hear(event.event);
      },
      signal,
    },
  );
  return outcomes.map((outcome, i) => {
    const values =
      outcome.kind === 'trained' ? valuesIn(outputs[i] ?? '') : new Map<string, Float32Array>();
    return { outcome, values, ...(listeners[i]?.told ?? { losses: [], validations: [] }) };
  });
}

/** A and B of each module. */
function valuesIn(adapter: string): Map<string, Float32Array> {
  return new Map(
    [...readAdapter(adapter).modules].flatMap(([path, { a, b, magnitude }]) => [
      [`${path} A`, a],
      [`${path} B`, b],
      ...(magnitude ? [[`${path} magnitude`, magnitude] as const] : []),
    ]),
  );
}

const norm = (parts: readonly Float32Array[]) =>
  Math.sqrt(parts.reduce((sum, part) => part.reduce((total, x) => total + x * x, sum), 0));
const minus = (a: Float32Array, b: Float32Array | undefined) =>
  a.map((x, i) => x - (b?.[i] ?? NaN));

test.each([
  ['four variants', variants],
  ['two of a mixture', mixtures],
])('%s are what as many runs give', async (name, configs) => {
  const found = await together(configs, `${name}-together`);
  for (const [index, config] of configs.entries()) {
    const expected = await alone(config, `${name}-alone-${index}`);
    // The day that a chat template was given, for whoever asks the adapter later.
    expect(readTrainingRecord(join(root, `${name}-alone-${index}`))?.date).toMatch(
      /^\d{4}-\d{2}-\d{2}$/,
    );
    const variant = found[index];
    expect(variant?.outcome.kind).toBe('trained');
    expect(variant?.losses).toHaveLength(expected.losses.length);
    expect(relativeDifference(variant?.losses ?? [], expected.losses)).toBeLessThan(ofCurves);
    expect(relativeDifference(variant?.validations ?? [], expected.validations)).toBeLessThan(
      ofCurves,
    );
    expect([...(variant?.values.keys() ?? [])]).toEqual([...expected.values.keys()]);
    const distance = norm(
      [...expected.values].flatMap(([name, values]) => minus(values, variant?.values.get(name))),
    );
    const size = norm([...expected.values.values()]);
    expect(distance / size, `variant ${index}`).toBeLessThan(ofCurves);
  }
});

test('one whose loss is not finite ends, and leaves the others as they would be without it', async () => {
  const [good] = variants;
  const bad = configOf({ gradientAccumulation: 2, learningRate: 1e30, scheduler: 'constant' });
  if (!good) throw new Error('no variants');
  const expected = await alone(good, 'without');
  const [failed, other] = await together([bad, good], 'with');
  expect(failed?.outcome).toMatchObject({
    kind: 'failed',
    problem: { code: 'train/loss-not-finite' },
  });
  expect(other?.losses.length).toBeGreaterThan(failed?.losses.length ?? NaN);
  expect(relativeDifference(other?.losses ?? [], expected.losses)).toBeLessThan(ofCurves);
});

test('one whose validation loss is not finite ends at once, and no such validation is told', async () => {
  const often = { gradientAccumulation: 2, validateEvery: 1 };
  const bad = configOf({ ...often, learningRate: 1e30, scheduler: 'constant', warmupSteps: 0 });
  const good = configOf(often);
  const expected = await alone(good, 'often');
  const [failed, other] = await together([bad, good], 'often-with');
  expect(failed?.outcome).toMatchObject({
    kind: 'failed',
    problem: {
      code: 'train/loss-not-finite',
      what: expect.stringContaining('at step 1') as unknown,
    },
  });
  expect([failed?.losses.length, failed?.validations]).toEqual([1, []]);
  expect(other?.outcome.kind).toBe('trained');
  expect(relativeDifference(other?.validations ?? [], expected.validations)).toBeLessThan(ofCurves);
});

test('a router loss is refused by a model without experts', async () => {
  const problem = await problemOf(() => alone(configOf({ routerLoss: 0.01 }), 'no-router'));
  expect(problem).toMatchObject({ code: 'train/no-router' });
});

test('settings that are part of the shared program have to be the same', async () => {
  const others = configOf({ gradientAccumulation: 2, batchSize: 1, lora: { dropout: 0.1 } });
  const problem = await problemOf(() => together([...variants.slice(0, 1), others], 'differ'));
  expect(problem).toMatchObject({ code: 'train/variants-differ' });
  expect(problem.what).toContain('dropout; batchSize');
});
