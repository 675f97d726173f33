/** The tiny model of the oracle with one of its PEFT adapters, in training. */
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { bankOf } from '../../../../src/main/engine/lora/adapter-bank.ts';
import { modulePath, type BankLayout } from '../../../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../../../src/main/engine/lora/learning-rates.ts';
import type { TrainProgramOptions } from '../../../../src/main/engine/train/program.ts';
import { Trainer } from '../../../../src/main/engine/train/trainer.ts';
import { fixturePath } from './fixtures.ts';

type Settings = Omit<TrainProgramOptions, 'config' | 'layout' | 'dropout'>;

export type TinyTrainer = { trainer: Trainer; layout: BankLayout };

/** tiny-tied with the fixture adapter `name`, ready for a step. */
export async function tinyTrainer(name: string, settings: Settings): Promise<TinyTrainer> {
  const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));
  try {
    const { config } = checkpoint;
    const { layout, parameters } = bankOf([readAdapter(fixturePath(`adapters/${name}`))], config);
    const options = { ...settings, config, layout, dropout: 0 };
    const relativeRates = relativeLearningRates(layout, [1]);
    const trainer = new Trainer(options, checkpoint, { parameters, relativeRates, seed: 0 });
    return { trainer, layout };
  } finally {
    checkpoint.close();
  }
}

export type NamedPart = { name: string; values: Float32Array };

/** The pieces of a vector of all A and B, by PEFT's tensor names. */
export function namedParts(layout: BankLayout, vector: Float32Array): NamedPart[] {
  return layout.adapters.flatMap(({ modules }) =>
    modules.flatMap((placed) => {
      const { rank, module, a, b, m } = placed;
      const prefix = `base_model.model.${modulePath(placed)}`;
      return [
        { name: `${prefix}.lora_A.weight`, values: vector.subarray(a, a + rank * module.in) },
        { name: `${prefix}.lora_B.weight`, values: vector.subarray(b, b + module.out * rank) },
        ...(m === null
          ? []
          : [
              {
                name: `${prefix}.lora_magnitude_vector`,
                values: vector.subarray(m, m + module.out),
              },
            ]),
      ];
    }),
  );
}
