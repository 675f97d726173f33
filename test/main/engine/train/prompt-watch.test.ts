/** Prompts that are answered while a run trains: by the adapter as it is then, in the training's own session. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { estimate } from '../../../../src/main/engine/commands/estimate.ts';
import { generate } from '../../../../src/main/engine/commands/generate.ts';
import { train, trainVariants } from '../../../../src/main/engine/commands/train.ts';
import type { EngineContext, EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { AnswersPoint, WatchedPrompt } from '../../../../src/shared/contract/run-points.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { timesAnswered } from '../../../../src/main/engine/train/prompt-watch.ts';
import { askedTo } from '../../../../src/shared/asked-end.ts';
import { promptOf } from '../../../../src/shared/prompt-of.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { model, shortRun } from './short-run.ts';

const prompts = ['light 3', 'dim the kitchen lights'];

function configIn(folder: string, changes: Partial<TrainingConfig> = {}): TrainingConfig {
  return shortRun(folder, {
    generalText: { kind: 'off' },
    // A setting without effect is refused.
    ...(changes.watched && { answerTokens: 8 }),
    ...changes,
    lora: { dropout: 0.2 },
  });
}

type Told = { losses: number[]; prompts: WatchedPrompt[][]; rounds: AnswersPoint[] };

function hearing(pauseAt = Infinity): { told: (variant?: number) => Told; context: EngineContext } {
  const all: { variant: number; event: EngineEvent }[] = [];
  const pause = new AbortController();
  const emit = (event: EngineEvent) => {
    if (event.kind === 'variant') all.push({ variant: event.variant, event: event.event });
    else all.push({ variant: 0, event });
    if (event.kind === 'step' && event.point.step === pauseAt) pause.abort(askedTo('pause', 'it'));
  };
  const told = (wanted = 0): Told => {
    const own = all.flatMap(({ variant, event }) => (variant === wanted ? event : []));
    return {
      losses: own.flatMap((event) => (event.kind === 'step' ? event.point.loss : [])),
      prompts: own.flatMap((event) => (event.kind === 'watched' ? [event.prompts] : [])),
      rounds: own.flatMap((event) => (event.kind === 'answers' ? event.point : [])),
    };
  };
  return { told, context: { emit, signal: pause.signal } };
}

/** What `lorikeet generate` answers to them. */
async function generated(adapter: string | null): Promise<string[]> {
  const answers = await generate(
    {
      ...{ model, precision: 'float32' },
      adapters: adapter === null ? [] : [{ path: adapter, weight: 1 }],
      prompts: prompts.map((prompt) => promptOf(prompt, { hasChatTemplate: true })),
      options: { maxNewTokens: 8, temperature: 0, seed: 0 },
    },
    hearing().context,
  );
  return answers.map(({ text }) => text);
}

test('each round has the answers of the adapter as it is then, beside those of the base', async () => {
  const folder = temporaryFolder();
  const output = join(folder, 'adapter');
  const config = configIn(folder, { watched: { kind: 'typed', prompts }, answerEvery: 2 });
  const { told, context } = hearing();
  await train({ config, output }, context);
  const { prompts: asked, rounds } = told();
  const base = await generated(null);
  expect(asked).toEqual([prompts.map((text, i) => ({ asked: text, wanted: null, base: base[i] }))]);
  expect(rounds.map(({ step }) => step)).toEqual([0, 2, 4, 5]);
  // The base answers once, too.
  const plan = { totalSteps: 5, stepsPerEpoch: 12 };
  expect(timesAnswered([{ config, plan }])).toBe(1 + rounds.length);
  // B is 0 before the first step.
  expect(rounds[0]?.answers).toEqual(base);
  expect(rounds.at(-1)?.answers).toEqual(await generated(output));
  expect(rounds.at(-1)?.answers).not.toEqual(base);
});

test('neither a loss nor a number of the adapters is another for it, and variants each answer', async () => {
  const folder = temporaryFolder();
  const runs = async (name: string, changes: Partial<TrainingConfig>) => {
    const { told, context } = hearing();
    const variants = [1e-2, 3e-2].map((learningRate, i) => ({
      config: configIn(folder, { ...changes, learningRate }),
      output: join(folder, `${name}-${i}`),
    }));
    await trainVariants({ variants }, context);
    const weights = variants.map(({ output }) =>
      readFileSync(join(output, 'adapter_model.safetensors')).toString('base64'),
    );
    return { told: [told(0), told(1)], weights };
  };
  const off = await runs('off', {});
  const on = await runs('on', { watched: { kind: 'typed', prompts }, answerEvery: 1 });
  expect(on.told.map(({ losses }) => losses)).toEqual(off.told.map(({ losses }) => losses));
  expect(on.weights).toEqual(off.weights);
  expect(off.told[0]?.rounds).toEqual([]);
  const last = on.told.map(({ rounds }) => rounds.at(-1));
  expect(last.map((round) => round?.step)).toEqual([5, 5]);
  expect(last[0]?.answers).not.toEqual(last[1]?.answers);
});

test('a run that goes on asks where it is, and does not begin again', async () => {
  const folder = temporaryFolder();
  const watched = { kind: 'typed', prompts } as const;
  const config = configIn(folder, { watched, answerEvery: 2 });
  const request = { config, output: join(folder, 'adapter'), checkpoints: join(folder, 'kept') };
  const first = hearing(3);
  await train(request, first.context);
  const second = hearing();
  await train({ ...request, resume: join(folder, 'kept', 'step-000003') }, second.context);
  const steps = [first, second].map(({ told }) => told().rounds.map(({ step }) => step));
  expect(steps).toEqual([
    [0, 2],
    [4, 5],
  ]);
  expect(second.told().prompts).toEqual([]);
});

test('questions of the validation data are asked with what it has for answers', async () => {
  const folder = temporaryFolder();
  const config = configIn(folder, {
    ...{ watched: { kind: 'validation', count: 3 }, duration: { kind: 'steps', steps: 1 } },
    validation: { kind: 'split', fraction: 0.25 },
  });
  const { told, context } = hearing();
  await train({ config, output: join(folder, 'adapter') }, context);
  const [asked = []] = told().prompts;
  expect(asked).toHaveLength(3);
  for (const { asked: question, wanted } of asked) {
    const n = Number(/^\{"n":(\d+)\}$/.exec(wanted ?? '')?.[1]);
    expect(question).toBe(`light ${n % 7}`);
  }
});

test('what cannot be asked is refused by name, and the memory for the rest is in the estimate', async () => {
  const folder = temporaryFolder();
  const { context } = hearing();
  const total = async (changes: Partial<TrainingConfig>) =>
    (await estimate({ configs: [configIn(folder, changes)] }, context)).memory.totalBytes;
  const watched = { kind: 'typed', prompts } as const;
  const [without, short, long] = [
    await total({}),
    await total({ watched }),
    await total({ watched, answerTokens: 40 }),
  ];
  expect(short).toBeGreaterThan(without);
  // Keys and values of 32 tokens more in 3 layers for 2 prompts, 2 heads of 16 float32 numbers each.
  expect(long - short).toBeGreaterThanOrEqual(2 * 32 * 3 * 2 * 2 * 16 * 4);

  const refused = (changes: Partial<TrainingConfig>) => problemOf(() => total(changes));
  const idle = await refused({ watched: { kind: 'validation', count: 3 } });
  expect(idle.code).toBe('train/idle-setting');
  expect(idle.what).toContain('Watched prompts');
  expect((await refused({ answerEvery: 3 })).code).toBe('train/idle-setting');
  const texts = join(folder, 'texts.jsonl');
  writeFileSync(texts, JSON.stringify({ text: 'the sea is calm' }));
  const silent = { kind: 'file', path: texts } as const;
  expect(
    (await refused({ watched: { kind: 'validation', count: 1 }, validation: silent })).code,
  ).toBe('train/no-questions');
});
