/** A model in training, as the engine's `train` command has it. */
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../src/main/engine/checkpoint/peft-adapter.ts';
import {
  writeSafetensors,
  type TensorSource,
} from '../../src/main/engine/checkpoint/safetensors-writer.ts';
import { bankOf } from '../../src/main/engine/lora/adapter-bank.ts';
import type { BankLayout } from '../../src/main/engine/lora/layout.ts';
import { relativeLearningRates } from '../../src/main/engine/lora/learning-rates.ts';
import { computeTypeOf, trainingFusion } from '../../src/main/engine/policy.ts';
import { causalLm } from '../../src/main/engine/task/causal-lm.ts';
import { Trainer } from '../../src/main/engine/train/trainer.ts';
import { blockOf } from '../lib/batches.ts';
import type { Batch, OwnVariant, Replies, Requests } from '../protocol.ts';

type Loaded = { trainer: Trainer; layout: BankLayout; learningRate: number };

export class Training {
  private loaded: Loaded | null = null;

  /** Takes the place of what was loaded before. */
  async load(request: Requests<OwnVariant>['load']): Promise<Replies['load']> {
    const started = performance.now();
    this.loaded?.trainer.dispose();
    this.loaded = null;
    const { variant, rows, length, learnt, learningRate } = request;
    const checkpoint = await openCheckpoint(request.model);
    try {
      const { architecture } = checkpoint;
      const { layout, parameters } = bankOf([readAdapter(request.adapter)], architecture);
      const computeType = computeTypeOf(variant.precision);
      const options = {
        architecture,
        task: causalLm,
        layout,
        shape: { rows, length },
        capacity: causalLm.capacityFor(learnt),
        computeType,
        // As in a run that goes on for long.
        fusion: trainingFusion({ weights: 1, tokens: Infinity }),
        keep: variant.keep,
        dropout: 0,
        weightDecay: 0,
        maxGradNorm: 0,
      };
      const relativeRates = relativeLearningRates(layout, [1]);
      const trainer = new Trainer(options, checkpoint, { parameters, relativeRates, seed: 0 });
      this.loaded = { trainer, layout, learningRate };
      return { seconds: secondsSince(started), precision: computeType };
    } finally {
      checkpoint.close();
    }
  }

  step(batch: Batch): Replies['step'] {
    const { trainer, learningRate } = this.ready();
    const blocks = batch.map(blockOf);
    const started = performance.now();
    const [result] = trainer.step([[blocks]], [learningRate]);
    return { seconds: secondsSince(started), loss: result?.loss ?? NaN };
  }

  evaluate(batches: readonly Batch[]): Replies['evaluate'] {
    const { loss } = this.ready().trainer.evaluate(batches.flat().map(blockOf));
    return { loss };
  }

  async gradient(batch: Batch, output: string): Promise<Replies['gradient']> {
    const { trainer, layout } = this.ready();
    const blocks = batch.map(blockOf);
    const { loss, gradient } = trainer.gradient(blocks);
    await writeSafetensors(output, tensorsOf(layout, gradient), 'float32');
    return { loss };
  }

  private ready(): Loaded {
    if (!this.loaded) throw new Error('nothing is loaded');
    return this.loaded;
  }
}

/** The pieces of a vector of all A and B, by PEFT's names. */
function tensorsOf(layout: BankLayout, vector: Float32Array): TensorSource[] {
  return layout.adapters.flatMap(({ slots }) =>
    slots.flatMap((slot): TensorSource[] => {
      const { path, rank, module, a, b } = slot;
      const prefix = `base_model.model.${path}`;
      const piece = (part: string, shape: [number, number], begin: number): TensorSource => ({
        name: `${prefix}.lora_${part}.weight`,
        shape,
        values: () => vector.subarray(begin, begin + shape[0] * shape[1]),
      });
      return [piece('A', [rank, module.in], a), piece('B', [module.out, rank], b)];
    }),
  );
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
