/** The tiny model of the oracle, ready to be trained on a fixed batch with any adapter settings. */
import { z } from 'zod';
import type {
  LoraSettings,
  TrainingConfig,
} from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { mostLosses } from '../../../../src/main/engine/batch/most-losses.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { initialParameters } from '../../../../src/main/engine/lora/init.ts';
import { layOut, type BankLayout } from '../../../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../../../src/main/engine/lora/learning-rates.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { causalLm } from '../../../../src/main/engine/task/causal-lm.ts';
import { planSteps } from '../../../../src/main/engine/train/plan.ts';
import type { TrainingRun } from '../../../../src/main/engine/train/run-progress.ts';
import { Trainer } from '../../../../src/main/engine/train/trainer.ts';
import { blockFixture } from '../parity/block-fixture.ts';
import { fixturePath, readFixture } from '../parity/fixtures.ts';

export const { blocks } = readFixture(
  'expected/gradients/batch.json',
  z.object({ blocks: z.array(blockFixture) }),
);
export const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));

type Tiny = {
  /** Of each adapter; they share the two rows of the batch. */
  adapters?: readonly Partial<LoraSettings>[];
  dropout?: number;
  seed?: number;
  /** Changes the first values before training. */
  prepare?: (parameters: Float32Array, layout: BankLayout) => void;
};

/** Has to be disposed of. */
export function tinyTrainer({
  adapters = [{}],
  dropout = 0,
  seed = 1,
  prepare,
}: Tiny = {}): Trainer {
  const { architecture } = checkpoint;
  const settings = adapters.map((lora) => ({ ...trainingDefaults.lora, ...lora }));
  const layout = layOut(settings.map((lora) => resolveTargets(architecture, lora)));
  const starts = settings.map(({ init }) => ({ init, seed }));
  const ratios = settings.map(({ loraPlusRatio }) => loraPlusRatio);
  const parameters = initialParameters(layout, starts, (path) => checkpoint.read(`${path}.weight`));
  prepare?.(parameters, layout);
  return new Trainer(
    {
      architecture,
      task: causalLm,
      layout,
      shape: { rows: 2, length: 32 },
      capacity: causalLm.capacityFor(mostLosses(blocks, 2)),
      computeType: 'float32',
      fusion: 'none',
      keep: 'products',
      dropout,
      weightDecay: 0,
      maxGradNorm: 1,
    },
    checkpoint,
    { parameters, relativeRates: relativeLearningRates(layout, ratios), seed },
  );
}

/** A run of `tinyTrainer`'s adapter over the batch, told to `emit`. */
export function tinyRun(change: Partial<TrainingConfig>, emit: TrainingRun['emit']): TrainingRun {
  const config: TrainingConfig = {
    ...trainingDefaults,
    name: '',
    model: '',
    data: '',
    validation: { kind: 'none' },
    batchSize: 2,
    warmupSteps: 0,
    scheduler: 'constant',
    ...change,
  };
  const data = { blocks, validation: [], notices: [] };
  return { config, plan: planSteps(config, blocks.length), data, emit };
}
