/** A run that was paused, or that goes on from an earlier checkpoint, is the run that was never interrupted, bit for bit. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { trainVariants } from '../../../../src/main/engine/commands/train.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import type {
  EngineEvent,
  VariantOutcome,
  TrainRequest,
} from '../../../../src/shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../../src/shared/contract/records.ts';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { ofCurves } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-resume-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

const answers = join(root, 'answers.jsonl');
writeFileSync(
  answers,
  lines((n) => ({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` })),
);
const labelled = join(root, 'labelled.jsonl');
writeFileSync(
  labelled,
  lines((n) => ({ text: `light ${n % 7}`, label: n % 3 ? 'on' : 'off' })),
);

function lines(of: (n: number) => object): string {
  return Array.from({ length: 30 }, (_, n) => JSON.stringify(of(n))).join('\n');
}

/** Short, as forgetting is measured twice in each of many runs. */
const general = join(root, 'general.jsonl');
writeFileSync(
  general,
  lines((n) => ({ text: `sea ${n}` })),
);

type Changes = Partial<Omit<TrainingConfig, 'lora'>> & { lora?: Partial<LoraSettings> };

function configOf({ lora, ...changes }: Changes): TrainingConfig {
  return {
    ...trainingDefaults,
    ...{ name: '', model: fixturePath('models/tiny-tied'), data: answers, date: '2026-11-26' },
    validation: { kind: 'split', fraction: 0.2 },
    duration: { kind: 'steps', steps: 8 },
    ...{
      batchSize: 2,
      sequenceLength: 64,
      warmupSteps: 1,
      learningRate: 5e-3,
      precision: 'float32',
    },
    ...{ checkpointEvery: 2, keepCheckpoints: 9, validateEvery: 3 },
    generalText: { kind: 'file', path: general },
    ...changes,
    lora: { ...trainingDefaults.lora, rank: 4, ...lora },
  };
}

const kinds: Record<string, readonly TrainingConfig[]> = {
  'dropout and accumulation': [configOf({ gradientAccumulation: 2, lora: { dropout: 0.3 } })],
  bfloat16: [configOf({ precision: 'bfloat16' })],
  'DoRA with LoRA+': [configOf({ lora: { useDora: true, loraPlusRatio: 4 } })],
  PiSSA: [configOf({ lora: { init: 'pissa' } })],
  'NF4 with LoftQ': [configOf({ base: 'nf4', lora: { init: 'loftq' } })],
  'a mixture of experts': [
    configOf({
      ...{ model: fixturePath('models/tiny-mixtral'), routerLoss: 0.1 },
      lora: { targets: [{ module: 'v_proj', layers: 'all' }] },
    }),
  ],
  'a classifier': [
    configOf({
      ...{ task: 'sequence-classification', data: labelled, generalText: { kind: 'own' } },
      lora: { dropout: 0.1 },
    }),
  ],
  // On a processor only what computes much is compiled: see policy.ts.
  compiled: [configOf({ duration: { kind: 'steps', steps: 200_000 } })],
  variants: [
    configOf({ learningRate: 1e-2 }),
    configOf({ seed: 3, scheduler: 'constant', lora: { useRslora: true } }),
    configOf({ seed: 4, duration: { kind: 'steps', steps: 4 } }),
  ],
};

type Told = { points: unknown[]; losses: number[]; checkpoints: RunCheckpoint[] };

/** What is the same however often the run was interrupted: everything but the time that steps took. */
function comparable(event: EngineEvent): unknown {
  if (event.kind === 'step') {
    const { step, loss, gradientNorm, learningRate, tokens, epoch } = event.point;
    return { step, loss, gradientNorm, learningRate, tokens, epoch };
  }
  const told = ['validation', 'health', 'best', 'forgetting'];
  return told.includes(event.kind) ? event : null;
}

type Session = { pauseAt?: number; resume?: string; begun?: boolean };

/** Where a run that is longer is stopped. */
const last = 8;
const isLonger = (config?: TrainingConfig) =>
  config?.duration.kind === 'steps' && config.duration.steps > last;

/** Trains to the end, or pauses after the step `pauseAt`. */
async function session(
  configs: readonly TrainingConfig[],
  folder: string,
  { pauseAt = Infinity, resume, begun = false }: Session = {},
): Promise<{ told: Told[]; outcomes: VariantOutcome[] }> {
  const told = configs.map((): Told => ({ points: [], losses: [], checkpoints: [] }));
  const pause = new AbortController();
  const variants = configs.map((config, i): TrainRequest => ({
    ...{ config, begun, output: join(folder, `adapter-${i}`) },
  }));
  const outcomes = await trainVariants(
    { variants, checkpoints: join(folder, 'checkpoints'), ...(resume !== undefined && { resume }) },
    {
      signal: pause.signal,
      emit: (outer) => {
        if (outer.kind !== 'variant') return;
        const { event, variant } = outer;
        if (event.kind === 'step' && event.point.step === pauseAt)
          pause.abort(askedTo('pause', 'it'));
        if (event.kind === 'step' && event.point.step === last && isLonger(configs[variant]))
          pause.abort(askedTo('stop', 'it'));
        if (event.kind === 'step') told[variant]?.losses.push(event.point.loss);
        if (event.kind === 'checkpoint') told[variant]?.checkpoints.push(event.checkpoint);
        const point = comparable(event);
        if (point !== null) told[variant]?.points.push(point);
      },
    },
  );
  return { told, outcomes };
}

/** The tensors and settings of all adapters; where they came from tells times. */
function adaptersIn(folder: string): Map<string, string> {
  const names = readdirSync(folder)
    .filter((name) => name.startsWith('adapter-'))
    .sort();
  return new Map(
    names.flatMap((name) =>
      ['adapter_model.safetensors', 'adapter_config.json'].map((file) => [
        `${name}/${file}`,
        readFileSync(join(folder, name, file)).toString('base64'),
      ]),
    ),
  );
}

let count = 0;
const newFolder = () => join(root, String((count += 1)));

test.each(Object.keys(kinds))('%s: paused, and from a checkpoint before that', async (kind) => {
  const configs = kinds[kind] ?? [];
  const whole = newFolder();
  const expected = await session(configs, whole);
  for (const outcome of expected.outcomes) expect(outcome.kind).toBe('trained');

  const paused = newFolder();
  const first = await session(configs, paused, { pauseAt: 5 });
  const latest = join(paused, 'checkpoints', 'step-000005');
  const checkpoint = { path: latest, step: 5, at: expect.any(Number) as number };
  for (const [i, outcome] of first.outcomes.entries()) {
    const { duration } = configs[i] ?? {};
    // One that had no further step is over.
    if (duration?.kind === 'steps' && duration.steps < 5) expect(outcome.kind).toBe('trained');
    else expect(outcome).toMatchObject({ kind: 'paused', paused: { checkpoint, problem: null } });
  }
  expect(first.told[0]?.checkpoints.map(({ step }) => step)).toEqual([2, 4, 5]);
  // As after a crash, with what came after its checkpoint undone.
  const crashed = newFolder();
  cpSync(paused, crashed, { recursive: true });
  const second = await session(configs, paused, { resume: latest, begun: true });
  for (const [i, { points }] of expected.told.entries()) {
    const [before, after] = [first, second].map(({ told }) => told[i]?.points ?? []);
    // What was over is only written again.
    const isOver = first.outcomes[i]?.kind === 'trained';
    expect(isOver ? before : [...(before ?? []), ...(after ?? [])]).toEqual(points);
    expect(points).toEqual(expect.arrayContaining(after ?? []));
  }
  expect(adaptersIn(paused)).toEqual(adaptersIn(whole));
  expect(second.outcomes.map(withoutPlaces)).toEqual(expected.outcomes.map(withoutPlaces));

  const earlier = join(crashed, 'checkpoints', 'step-000002');
  const again = await session(configs, crashed, { resume: earlier, begun: true });
  for (const [i, { points }] of expected.told.entries()) {
    const after = again.told[i]?.points ?? [];
    expect(after).toEqual(points.slice(points.length - after.length));
  }
  expect(adaptersIn(crashed)).toEqual(adaptersIn(whole));
});

test('variants without one that was removed go on as if it were still there', async () => {
  const configs = kinds['variants'] ?? [];
  const left = configs.filter((_, i) => i !== 1);
  const { told: whole } = await session(configs, newFolder());
  const folder = newFolder();
  await session(configs, folder, { pauseAt: 3 });
  const resume = join(folder, 'checkpoints', 'step-000003');
  // Their places are others: each is known by its settings.
  const { told, outcomes } = await session(left.toReversed(), newFolder(), { resume });
  expect(outcomes.map(({ kind }) => kind)).toEqual(['trained', 'trained']);
  for (const [i, { losses }] of told.toReversed().entries()) {
    const expected = whole[2 * i]?.losses ?? [];
    expect(losses.length).toBe(expected.length - 3);
    expect(relativeDifference(losses, expected.slice(3))).toBeLessThan(ofCurves);
  }
  const other = left.map((config) => ({ ...config, learningRate: 1 }));
  const refused = await problemOf(() => session(other, newFolder(), { resume }));
  expect(refused.code).toBe('resume/settings-differ');
});

function withoutPlaces(outcome: VariantOutcome): unknown {
  if (outcome.kind !== 'trained') return outcome;
  const { steps, early, best, stopped } = outcome.result;
  return { steps, early, best, stopped };
}

test('a run that is paused before it goes on stays where it was', async () => {
  const [config] = kinds['dropout and accumulation'] ?? [];
  if (!config) throw new Error('no configuration');
  const folder = newFolder();
  await session([config], folder, { pauseAt: 2 });
  const resume = join(folder, 'checkpoints', 'step-000002');
  const before = readdirSync(join(folder, 'checkpoints'));
  const variants = [{ config, output: join(folder, 'adapter-0') }];
  const signal = AbortSignal.abort(askedTo('pause', 'it'));
  const place = { checkpoints: join(folder, 'checkpoints'), resume };
  const [outcome] = await trainVariants({ variants, ...place }, { signal, emit: () => undefined });
  expect(outcome).toMatchObject({
    kind: 'paused',
    paused: { steps: 2, checkpoint: { path: resume } },
  });
  expect(readdirSync(join(folder, 'checkpoints'))).toEqual(before);
});

test('killed when its adapter was written, and nobody knew: it goes on, and the adapter stays where it is', async () => {
  const config = configOf({});
  const folder = newFolder();
  await session([config], folder);
  const written = adaptersIn(folder);
  const resume = join(folder, 'checkpoints', 'step-000004');
  const unknown = await problemOf(() => session([config], folder, { resume }));
  expect(unknown.code).toBe('output/not-empty');
  const { outcomes } = await session([config], folder, { resume, begun: true });
  const adapter = join(folder, 'adapter-0');
  expect(outcomes).toMatchObject([{ kind: 'trained', result: { adapter } }]);
  expect(adaptersIn(folder)).toEqual(written);

  // What is not its own is left alone, as ever.
  const other = join(adapter, 'adapter_config.json');
  writeFileSync(other, '{}');
  const again = await session([config], folder, { resume, begun: true });
  expect(again.outcomes).toMatchObject([{ result: { adapter: `${adapter}-2` } }]);
  expect(readFileSync(other, 'utf8')).toBe('{}');
});

test('another model, other data and other settings are refused by name', async () => {
  const data = join(root, 'changing.jsonl');
  writeFileSync(data, readFileSync(answers));
  const config = configOf({ data });
  const folder = newFolder();
  await session([config], folder, { pauseAt: 2 });
  const resume = join(folder, 'checkpoints', 'step-000002');
  const settings = await problemOf(() =>
    session([{ ...config, learningRate: 1, seed: 5 }], folder, { resume }),
  );
  expect(settings).toMatchObject({ code: 'resume/settings-differ', where: resume });
  expect(settings.what).toContain('learningRate; seed');
  writeFileSync(
    data,
    lines((n) => ({ prompt: `light ${n % 7}`, completion: `{"n":${n + 1}}` })),
  );
  const changed = await problemOf(() => session([config], folder, { resume }));
  expect(changed).toMatchObject({ code: 'resume/file-changed', where: data });
  expect(changed.what).toContain('data file');
});

test('a checkpoint that is gone or damaged is told, and nothing is touched', async () => {
  const config = configOf({});
  const folder = newFolder();
  await session([config], folder, { pauseAt: 2 });
  const resume = join(folder, 'checkpoints', 'step-000002');
  const state = join(resume, 'state.safetensors');
  const bytes = readFileSync(state);
  bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
  writeFileSync(state, bytes);
  const damaged = await problemOf(() => session([config], folder, { resume }));
  expect(damaged).toMatchObject({ code: 'resume/damaged', where: resume });
  const gone = await problemOf(() => session([config], folder, { resume: join(folder, 'none') }));
  expect(gone).toMatchObject({ code: 'resume/no-checkpoint' });
  expect(readdirSync(folder)).toEqual(['checkpoints']);
});
