/** A base that is held packed trains and answers as the same values held dense do, number for number. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { changedCheckpoint } from '../../../../src/main/engine/checkpoint/changed-checkpoint.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import type { KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import type { Prompt } from '../../../../src/shared/contract/engine.ts';
import type { HeldBase } from '../../../../src/shared/contract/records.ts';
import { packedCheckpoint } from '../../../support/packed-checkpoint.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from './fixtures.ts';
import { curveBlocks, readCurve, trainCurve } from './loss-curves.ts';
import { curveTrainer, fromSettings } from './tiny-trainer.ts';

type Policy = { fusion: Fusion; keep: KeepPolicy };

const policies: Policy[] = [
  { fusion: 'none', keep: 'all' },
  { fusion: 'islands', keep: 'inputs' },
];

const curve = readCurve('cosine');

/** The gradient before the first step, the adapters' change of each row after three, and their losses. */
async function trained(
  model: string,
  lora: Partial<LoraSettings>,
  policy: Policy,
  heldAs: (checkpoint: Checkpoint) => Checkpoint,
) {
  const start = fromSettings(model, { ...trainingDefaults.lora, rank: 4, ...lora });
  const { trainer } = await curveTrainer(curve, policy, start, heldAs);
  try {
    const { gradient } = trainer.gradient(curveBlocks.slice(0, 2));
    const { losses } = trainCurve(trainer, { ...curve, steps: 3 });
    return { gradient, losses, state: trainer.adapterState() };
  } finally {
    trainer.dispose();
  }
}

async function bothWays(model: string, lora: Partial<LoraSettings>, policy: Policy) {
  const read: string[] = [];
  const packed = await trained(model, lora, policy, (each) => {
    const held = packedCheckpoint(each).packed;
    const noted = (name: string) => {
      read.push(name);
      return held.packed(name);
    };
    return changedCheckpoint(held, { packed: noted });
  });
  // Or it would be dense both times.
  expect(read.length).toBeGreaterThan(0);
  const dense = await trained(model, lora, policy, (each) => packedCheckpoint(each).dense);
  expect(packed.losses).toEqual(dense.losses);
  expect(packed.gradient).toEqual(dense.gradient);
  expect(packed.state.changes).toEqual(dense.state.changes);
  expect(packed.state.base).toEqual(dense.state.base);
  expect(dense.gradient.some((value) => value !== 0)).toBe(true);
}

// A product sees the same numbers, whatever they were held as. Where XLA makes the products it may sum in another order.
describe('every kind of layer', () => {
  test.each([
    'tiny-gemma3',
    // Matrices that the files hold the other way round.
    'tiny-gpt2',
    // Experts, and with them products of runs of rows.
    'tiny-qwen2-moe',
  ])('%s', async (model) => {
    await bothWays(model, {}, { fusion: 'none', keep: 'inputs' });
  });
});

describe.each(policies)('fusion $fusion, keeping $keep', (policy) => {
  test('LoRA and DoRA', async () => {
    await bothWays('tiny-untied', {}, policy);
    await bothWays('tiny-untied', { useDora: true, init: 'pissa' }, policy);
  });
});

describe('answers of an adapter with DoRA', () => {
  const packed = { form: 'packed', doubleQuant: false } as const;
  const dense = { form: 'dense', doubleQuant: false } as const;
  const context = { emit: () => {}, signal: new AbortController().signal };
  const source = {
    model: fixturePath('models/tiny-tied-nf4'),
    adapters: [{ path: fixturePath('adapters/dora'), weight: 1 }],
    precision: 'float32' as const,
  };

  test('logits', async () => {
    const folder = temporaryFolder();
    const tokens = [5, 17, 80, 3, 42];
    const logitsOf = async (held: HeldBase) => {
      const output = join(folder, `${held.form}.safetensors`);
      await handlers.logits({ ...source, held, tokens, output }, context);
      return readFileSync(output);
    };
    expect((await logitsOf(packed)).equals(await logitsOf(dense))).toBe(true);
  });

  test('text', async () => {
    const prompts: Prompt[] = [{ kind: 'text', text: 'Turn the light' }];
    const options = { maxNewTokens: 12, temperature: 0, seed: 0 };
    const textOf = async (held: HeldBase) =>
      (await handlers.generate({ ...source, held, prompts, options }, context))[0]?.text;
    const text = await textOf(dense);
    expect(text).not.toBe('');
    expect(await textOf(packed)).toBe(text);
  });
});
