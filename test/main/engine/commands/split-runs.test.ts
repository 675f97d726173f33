/** Runs that end leave the others, which go on as if they had been by themselves: at the rungs of successive halving, and wherever the disk lets them. */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { train, trainVariants } from '../../../../src/main/engine/commands/train.ts';
import { readCheckpoint } from '../../../../src/main/engine/resume/read-checkpoint.ts';
import type { VariantOutcome } from '../../../../src/shared/contract/engine.ts';
import type { RunCheckpoint } from '../../../../src/shared/contract/records.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf } from '../checkpoint/fixtures.ts';
import { ofCurves } from '../parity/bounds.ts';
import { relativeDifference } from '../parity/difference.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-halve-'));
const data = join(root, 'data.jsonl');
const general = join(root, 'general.jsonl');
const line = (n: number) => JSON.stringify({ prompt: `light ${n % 7}`, completion: `{"n":${n}}` });
writeFileSync(data, Array.from({ length: 30 }, (_, n) => line(n)).join('\n'));
writeFileSync(general, '{"text":"the sea is calm"}\n');
afterAll(() => {
  rmSync(root, { recursive: true });
});

const configOf = (learningRate: number, rank: number): TrainingConfig => ({
  ...trainingDefaults,
  ...{ name: '', model: fixturePath('models/tiny-tied'), data, date: '2026-11-26' },
  validation: { kind: 'split', fraction: 0.2 },
  duration: { kind: 'steps', steps: 8 },
  ...{ batchSize: 2, sequenceLength: 64, warmupSteps: 0, learningRate, scheduler: 'constant' },
  // In bfloat16 a product of more rows may be rounded in another way.
  ...{ precision: 'float32', validateEvery: 1 },
  generalText: { kind: 'file', path: general },
  lora: { ...trainingDefaults.lora, rank },
});
/** Two that do not learn, and between them two that do; each is another adapter. */
const configs = [configOf(1e-9, 2), configOf(5e-3, 4), configOf(1e-8, 8), configOf(3e-3, 3)];
const { signal } = new AbortController();

type Told = { losses: number[]; changes: string[]; forgot: (number | null)[] };
const told = configs.map((): Told => ({ losses: [], changes: [], forgot: [] }));
const output = (index: number) => join(root, `adapter-${index}`);

/** Trains these of the runs up to the next rung, or to the end. */
function session(of: readonly number[], resume?: RunCheckpoint): Promise<VariantOutcome[]> {
  const config = (index: number) => configs[index] ?? configOf(1, 1);
  const variants = of.map((index) => ({
    config: config(index),
    output: output(index),
    begun: true,
  }));
  const place = { checkpoints: join(root, 'checkpoints'), ...(resume && { resume: resume.path }) };
  return trainVariants(
    { variants, splits: true, halving: true, ...place },
    {
      signal,
      emit(outer) {
        const own = outer.kind === 'variant' ? told[of[outer.variant] ?? NaN] : undefined;
        if (outer.kind !== 'variant' || !own) return;
        const { event } = outer;
        if (event.kind === 'step') own.losses.push(event.point.loss);
        if (event.kind === 'change') own.changes.push(event.change.text);
        if (event.kind === 'forgetting') own.forgot.push(event.forgetting.after);
      },
    },
  );
}

const goingOf = (outcomes: readonly VariantOutcome[], of: readonly number[]) =>
  outcomes.flatMap((outcome, i) =>
    outcome.kind === 'going' ? [{ index: of[i] ?? NaN, checkpoint: outcome.checkpoint }] : [],
  );

test('four become two and one, and the last is the run that it would be by itself', async () => {
  const first = await session([0, 1, 2, 3]);
  // At a quarter of the steps, those that have not learnt.
  const ended = { kind: 'trained', result: { steps: 2, stopped: true, early: false } };
  expect(first).toMatchObject([ended, { kind: 'going' }, ended, { kind: 'going' }]);
  expect([0, 1, 2, 3].map((index) => existsSync(output(index)))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  expect(told.map(({ changes }) => changes.length)).toEqual([1, 0, 1, 0]);
  expect(told[0]?.changes[0]).toContain('2 other runs, whose validation losses are not higher');
  // Of the base before, and of the adapter that was written.
  expect(told.map(({ forgot }) => forgot.length)).toEqual([2, 1, 2, 1]);

  const [one, other] = goingOf(first, [0, 1, 2, 3]);
  expect([one?.index, other?.index]).toEqual([1, 3]);
  expect(one?.checkpoint).toEqual(other?.checkpoint);
  const { about } = await readCheckpoint(one?.checkpoint.path ?? '');
  expect(about.configs.map(({ lora }) => lora.rank)).toEqual([4, 3]);

  const second = await session([1, 3], one?.checkpoint);
  const [last] = goingOf(second, [1, 3]);
  expect(second.map(({ kind }) => kind).sort()).toEqual(['going', 'trained']);
  expect(second.find(({ kind }) => kind === 'trained')).toMatchObject({
    result: { steps: 4, stopped: true },
  });
  const winner = last?.index ?? NaN;
  expect(await session([winner], last?.checkpoint)).toMatchObject([
    { kind: 'trained', result: { steps: 8, stopped: false } },
  ]);
  expect(told[winner]?.changes).toEqual([]);

  const alone: number[] = [];
  const config = configs[winner];
  if (!config) throw new Error('no winner');
  await train(
    { config, output: join(root, 'alone') },
    {
      signal,
      emit: (event) => {
        if (event.kind === 'step') alone.push(event.point.loss);
      },
    },
  );
  expect(told[winner]?.losses).toHaveLength(8);
  expect(relativeDifference(told[winner]?.losses ?? [], alone)).toBeLessThan(ofCurves);
});

/** All runs at once, in places of their own; `act` hears the steps of the first. */
async function together(
  name: string,
  changes: readonly Partial<TrainingConfig>[],
  {
    act = () => undefined,
    ...place
  }: { act?: (step: number) => void; checkpoints: string } & (
    | { splits: true; halving?: boolean }
    | { splits?: false }
  ),
) {
  const notices: string[] = [];
  const variants = changes.map((each, i) => ({
    config: { ...configOf(5e-3, 2), checkpointEvery: 2, ...each },
    output: join(root, name, `${i}`, 'adapter'),
    rescue: join(root, name, 'file', 'rescue'),
  }));
  mkdirSync(join(root, name));
  writeFileSync(join(root, name, 'file'), '');
  const outcomes = await trainVariants(
    { variants, ...place },
    {
      signal,
      emit(outer) {
        const event = outer.kind === 'variant' ? outer.event : outer;
        if (event.kind === 'notice') notices.push(event.text);
        const isFirst = outer.kind === 'variant' && outer.variant === 0;
        if (event.kind === 'step' && isFirst) act(event.point.step);
      },
    },
  );
  return { outcomes, notices: notices.join('\n') };
}

test('where the better half finds no room for its checkpoint nobody is ended, which is said', async () => {
  const rates = [1e-9, 5e-3, 1e-8].map((learningRate) => ({ learningRate }));
  const place = { splits: true, halving: true } as const;
  const checkpoints = join(root, 'crowded', 'file', 'checkpoints');
  const { outcomes, notices } = await together('crowded', rates, { ...place, checkpoints });
  expect(outcomes).toMatchObject(
    rates.map(() => ({ kind: 'trained', result: { steps: 8, stopped: false } })),
  );
  expect(notices).toContain('All go on together, and none is ended early.');
});

test('an adapter that finds no place pauses its run alone, which goes on from its checkpoint', async () => {
  const name = 'full';
  const checkpoints = join(root, name, 'checkpoints');
  const taken = join(root, name, '1');
  const temporary = process.env['TMPDIR'];
  onTestFinished(() => {
    if (temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = temporary;
  });
  const act = (step: number) => {
    if (step !== 5) return;
    // Neither where it was to go, nor where it is put instead.
    rmSync(taken, { recursive: true, force: true });
    writeFileSync(taken, '');
    process.env['TMPDIR'] = taken;
  };
  const { outcomes } = await together(name, [{}, { seed: 3 }], { act, checkpoints });
  expect(outcomes).toMatchObject([
    { kind: 'trained', result: { steps: 8 } },
    { kind: 'paused', paused: { steps: 8, checkpoint: { step: 7 } } },
  ]);
  expect(existsSync(join(checkpoints, 'step-000007'))).toBe(true);
});

test('one that is over when the last of the others diverges is written all the same', async () => {
  const checkpoints = join(root, 'wild', 'checkpoints');
  const { outcomes } = await together(
    'wild',
    // Its first step is of no length: it has a checkpoint when it diverges.
    [{ duration: { kind: 'steps', steps: 1 } }, { learningRate: 1e25, warmupSteps: 1 }],
    { checkpoints },
  );
  expect(outcomes).toMatchObject([
    { kind: 'trained', result: { steps: 1, stopped: false } },
    {
      kind: 'paused',
      paused: { checkpoint: { step: 1 }, problem: { code: 'train/loss-not-finite' } },
    },
  ]);
});

test('runs whose validation losses say nothing of each other are refused before anything is opened', async () => {
  const refused = async (changes: Partial<TrainingConfig>) => {
    const others = configs.map((config, i) => (i === 2 ? { ...config, ...changes } : config));
    const variants = others.map((config, i) => ({ config, output: join(root, `refused-${i}`) }));
    const checkpoints = join(root, 'refused');
    return problemOf(() =>
      trainVariants(
        { variants, splits: true, halving: true, checkpoints },
        { signal, emit: () => undefined },
      ),
    );
  };
  expect(await refused({ validation: { kind: 'none' }, validateEvery: 0 })).toMatchObject({
    code: 'train/not-to-be-halved',
    what: expect.stringContaining('no validation data') as unknown,
  });
  // Another seed sets other examples aside.
  expect((await refused({ seed: 4 })).what).toContain('different examples');
  expect((await refused({ validateEvery: 100 })).what).toContain('at its end');
  expect((await refused({ validation: { kind: 'split', fraction: 0.3 } })).code).toBe(
    'train/not-to-be-halved',
  );
});
