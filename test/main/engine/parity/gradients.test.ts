/** Loss and gradients of A and B for packed blocks, against PyTorch + PEFT run sequence by sequence. */
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { KeepPolicy } from '../../../../src/main/engine/graph/gradients/keep.ts';
import type { Fusion } from '../../../../src/main/engine/graph/island.ts';
import type { ComputeType } from '../../../../src/main/engine/model/base-weights.ts';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';

import { doraAdapters, mixtures, variantModels } from '../../../support/tiny-models.ts';
import { blockFixture } from './block-fixture.ts';
import { bfloat16Allowance } from './bfloat16-products.ts';
import { ofGradients, ofLoss } from './bounds.ts';
import { relativeDifference, relativeDistance } from './difference.ts';
import { readFixture, readTensors } from './fixtures.ts';
import { fromFixture, namedParts, tinyTrainer, type NamedPart } from './tiny-trainer.ts';

const batch = z.object({ loss: z.number(), adapter: z.string(), blocks: z.array(blockFixture) });
const fixture = readFixture(
  'expected/gradients/batch.json',
  batch.extend({ bfloat16GradientDistances: z.array(z.number()) }),
);
const expected = readTensors('expected/gradients/gradients.safetensors');

type Computed = { losses: number[]; gradients: NamedPart[] };

async function compute(
  { blocks, adapter }: z.output<typeof batch>,
  fusion: Fusion,
  keep: KeepPolicy,
  computeType: ComputeType,
): Promise<Computed> {
  const { trainer, layout } = await tinyTrainer(fromFixture(adapter), {
    shape: { rows: 2, length: 32 },
    capacity: causalLm.capacityFor(mostLosses(blocks, 2)),
    weightDecay: 0,
    maxGradNorm: 0,
    ...{ computeType, fusion, keep },
  });
  try {
    const { loss, gradient } = trainer.gradient(blocks);
    // Without a gradient it is a program of its own: to compile it for each policy, too, is for policies.test.ts.
    const losses = [loss, ...(fusion === 'none' ? [trainer.evaluate(blocks).loss] : [])];
    return { losses, gradients: namedParts(layout, gradient) };
  } finally {
    trainer.dispose();
  }
}

const underPolicies = (name: string): [string, Fusion, KeepPolicy][] => [
  [name, 'none', 'all'],
  [name, 'islands', 'products'],
  [name, 'layers', 'inputs'],
];

/** Plain LoRA under every policy: policies.test.ts. */
test.each([
  ...doraAdapters.flatMap((adapter) => underPolicies(`gradients-${adapter}`)),
  ...variantModels
    .filter(({ model }) => !mixtures.includes(model))
    .flatMap(({ gradients }) => underPolicies(gradients)),
  ...underPolicies('gradients-tiny-qwen2-moe-experts-own-apart').filter(
    ([, fusion]) => fusion !== 'islands',
  ),
  // What a policy does to experts is the same in all of them.
  ...mixtures.flatMap((model): [string, Fusion, KeepPolicy][] => [
    [`gradients-${model}`, 'layers', 'inputs'],
    [`gradients-${model}-experts-own-apart`, 'islands', 'products'],
  ]),
])(
  '%s in float32 has the loss and the gradients of PyTorch: %s, keeping %s',
  async (folder, fusion, keep) => {
    const one = readFixture(`expected/${folder}/batch.json`, batch);
    const gradients = readTensors(`expected/${folder}/gradients.safetensors`);
    const found = await compute(one, fusion, keep, 'float32');
    for (const loss of found.losses) expect(Math.abs(loss / one.loss - 1)).toBeLessThan(ofLoss);
    expect(found.gradients.map(({ name }) => name).sort()).toEqual([...gradients.keys()].sort());
    for (const { name, values } of found.gradients) {
      expect(relativeDifference(values, gradients.get(name) ?? []), name).toBeLessThan(ofGradients);
    }
  },
);

test.each<[Fusion, KeepPolicy]>([
  ['none', 'inputs'],
  ['islands', 'products'],
  ['layers', 'all'],
])(
  'bfloat16 is as near to float32 as PyTorch in bfloat16 is: %s, keeping %s',
  async (fusion, keep) => {
    const { gradients } = await compute(fixture, fusion, keep, 'bfloat16');
    const pairs = gradients.map(({ name, values }) => [values, expected.get(name) ?? []] as const);
    const allowance = bfloat16Allowance();
    const yardstick = Math.max(...fixture.bfloat16GradientDistances);
    expect(relativeDistance(pairs)).toBeLessThan(allowance * yardstick);
  },
);
