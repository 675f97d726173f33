/** The tiny models of the oracle with its PEFT adapters, in training. */
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { packingOf, type Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { bankOf, type Bank } from '../../../../src/main/engine/lora/adapter-bank.ts';
import { elements } from '../../../../src/main/engine/graph/shape.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut, type BankLayout } from '../../../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../../../src/main/engine/lora/learning-rates.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import type { TrainProgramOptions } from '../../../../src/main/engine/train/program.ts';
import { Trainer, type TrainerStart } from '../../../../src/main/engine/train/trainer.ts';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import { fixturePath } from './fixtures.ts';
import { curveBlocks, type Curve } from './loss-curves.ts';

/** What a tiny model is trained with. */
export type AdapterStart = { model: string; bank: (checkpoint: Checkpoint) => Bank };

/** An adapter that PEFT wrote, on its own model. */
export function fromFixture(name: string): AdapterStart {
  const adapter = readAdapter(fixturePath(`adapters/${name}`));
  const model = adapter.baseModel ?? '';
  return { model, bank: ({ architecture }) => bankOf([adapter], architecture) };
}

/** A new adapter, as a run starts it. */
export function fromSettings(model: string, lora: LoraSettings): AdapterStart {
  return {
    model,
    bank: (checkpoint) => {
      const layout = layOut([resolveTargets(checkpoint.architecture, lora)]);
      const weightOf = (path: string) => checkpoint.read(`${path}.weight`);
      const starts = [{ init: lora.init, seed: 0 }];
      return { layout, parameters: initialParameters(layout, starts, weightOf) };
    },
  };
}

type Settings = Omit<TrainProgramOptions, 'architecture' | 'task' | 'layout' | 'dropout'> &
  Pick<TrainerStart, 'routerLosses'>;

export type TinyTrainer = { trainer: Trainer; layout: BankLayout };

/** Ready for a step. */
export async function tinyTrainer(
  { model, bank }: AdapterStart,
  { routerLosses, ...settings }: Settings,
  loraPlusRatio = 1,
  heldAs: (checkpoint: Checkpoint) => Checkpoint = (checkpoint) => checkpoint,
): Promise<TinyTrainer> {
  const checkpoint = heldAs(await openCheckpoint(fixturePath(`models/${model}`)));
  try {
    const { layout, parameters } = bank(checkpoint);
    const options = {
      ...settings,
      architecture: checkpoint.architecture,
      task: causalLm,
      layout,
      dropout: 0,
      packingOf: packingOf(checkpoint),
    };
    const relativeRates = relativeLearningRates(layout, [loraPlusRatio]);
    const start = { parameters, relativeRates, seed: 0, ...(routerLosses && { routerLosses }) };
    const trainer = new Trainer(options, checkpoint, start);
    return { trainer, layout };
  } finally {
    checkpoint.close();
  }
}

/** A trainer for a curve, in batches of two blocks unless `settings` has another shape. */
export function curveTrainer(
  { adapter, weightDecay, maxGradNorm, loraPlusRatio }: Curve,
  settings: Partial<Settings> = {},
  start: AdapterStart = fromFixture(adapter),
  heldAs?: (checkpoint: Checkpoint) => Checkpoint,
): Promise<TinyTrainer> {
  const all: Settings = {
    shape: { rows: 2, length: 32 },
    capacity: causalLm.capacityFor(mostLosses(curveBlocks, 2)),
    computeType: 'float32',
    fusion: 'islands',
    keep: 'products',
    ...{ weightDecay, maxGradNorm },
    ...settings,
  };
  return tinyTrainer(start, all, loraPlusRatio, heldAs);
}

export type NamedPart = { name: string; values: Float32Array };

/** The pieces of a vector of all that LoRA trains, by PEFT's tensor names. */
export function namedParts(layout: BankLayout, vector: Float32Array): NamedPart[] {
  return layout.adapters.flatMap(({ slots, wholes }) => [
    ...slots.flatMap((slot) => {
      const { path, rank, module, a, b, m } = slot;
      const prefix = `base_model.model.${path}`;
      const piece = (name: string, begin: number, size: number): NamedPart => ({
        name: `${prefix}.${name}`,
        values: vector.subarray(begin, begin + size),
      });
      return [
        piece('lora_A.weight', a, rank * module.in),
        piece('lora_B.weight', b, module.out * rank),
        ...(m === null ? [] : [piece('lora_magnitude_vector', m, module.out)]),
      ];
    }),
    ...wholes.map(({ path, shape, at }) => ({
      name: `base_model.model.${path}`,
      values: vector.subarray(at, at + elements(shape)),
    })),
  ]);
}
