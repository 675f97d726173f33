/** A model in training: the loop's view of the program. Every call is one or a few runs of the session. */
import type { Block } from '../batch/block.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { Session } from '../graph/session.ts';
import { createRandom } from '../random.ts';
import { adamW } from './adamw.ts';
import { batchFeeds, type BatchArrays } from '../score/batch-feeds.ts';
import { meanLoss, sumOfLosses } from '../score/mean-loss.ts';
import { trainProgram, type TrainProgram, type TrainProgramOptions } from './program.ts';

export type StepResult = {
  /** Mean over the learnt tokens of the step, nats per token. */
  loss: number;
  /** Global norm before clipping, of each adapter. */
  gradientNorms: number[];
  learntTokens: number;
};

export type TrainerStart = {
  /** [P] first A and B, in the order of the layout. */
  parameters: Float32Array;
  /** [P] as from `relativeLearningRates`. */
  relativeRates: Float32Array;
  /** Of dropout. */
  seed: number;
};

export class Trainer {
  private readonly options: TrainProgramOptions;
  private readonly compiled: TrainProgram;
  private readonly session: Session;
  private readonly seed: number;
  private steps = 0;

  /** Builds the program, hands it to TensorFlow and fills the weights. Has to be disposed of. */
  constructor(
    options: TrainProgramOptions,
    checkpoint: Checkpoint,
    { parameters, relativeRates, seed }: TrainerStart,
    onTensor?: (done: number, total: number) => void,
  ) {
    this.options = options;
    this.seed = seed;
    this.compiled = trainProgram(options);
    this.session = new Session(this.compiled.program);
    this.compiled.weights.load(this.session, checkpoint, onTensor);
    this.session.set(this.compiled.setParameters, () => parameters);
    this.session.set(this.compiled.setRelativeRates, () => relativeRates);
    this.session.set(this.compiled.setState, () => new Float32Array(options.layout.size));
  }

  /**
   * One update from the sum of the micro-batches' gradients; the loss is the mean over all their learnt tokens.
   * @param learningRates one for each adapter
   */
  step(microBatches: readonly (readonly Block[])[], learningRates: readonly number[]): StepResult {
    const learntTokens = microBatches.flat().reduce((total, block) => total + block.learnt, 0);
    const random = createRandom(this.seed, this.steps);
    this.steps += 1;
    const { step, accumulate, update } = this.compiled;
    let sum = 0;
    let gradientNorms: number[] = [];
    microBatches.forEach((blocks, index) => {
      const arrays = this.feeds(blocks, 1 / learntTokens, [
        random.uint32() | 0,
        random.uint32() | 0,
      ]);
      const carry = Float32Array.of(index === 0 ? 0 : 1);
      const shared = [...arrays.feeds, [step.carry, carry] as const];
      if (index < microBatches.length - 1) {
        const [losses] = this.session.run(shared, [accumulate.losses]);
        sum += sumOfLosses(losses, arrays.lossRows.length);
        return;
      }
      const [losses, norms] = this.session.run(
        [
          ...shared,
          [step.learningRates, Float32Array.from(learningRates)],
          [step.correction1, Float32Array.of(1 - adamW.beta1 ** this.steps)],
          [step.correction2, Float32Array.of(1 - adamW.beta2 ** this.steps)],
        ],
        [update.losses, update.gradientNorms],
      );
      sum += sumOfLosses(losses, arrays.lossRows.length);
      gradientNorms = [...(norms ?? [])];
    });
    return { loss: sum / learntTokens, gradientNorms, learntTokens };
  }

  /** Mean loss over the learnt tokens of the blocks, nats per token; dropout off. */
  evaluate(blocks: readonly Block[]): { loss: number; tokens: number } {
    return meanLoss(blocks, this.options, (batch) => {
      const arrays = this.feeds(batch, 0, [0, 0]);
      const [losses] = this.session.run(arrays.feeds, [this.compiled.evaluate.losses]);
      return { losses, count: arrays.lossRows.length };
    });
  }

  /** Gradients [P] of the mean loss of one batch, nothing updated. */
  gradient(blocks: readonly Block[]): Float32Array {
    const learnt = blocks.reduce((sum, block) => sum + block.learnt, 0);
    const { feeds } = this.feeds(blocks, 1 / learnt, [0, 0]);
    const [values] = this.session.run(feeds, [this.compiled.gradient]);
    return floats(values);
  }

  /** [P]: all A and B as they are now. */
  parameters(): Float32Array {
    const [values] = this.session.run([], [this.compiled.parameters.value]);
    return floats(values);
  }

  dispose(): void {
    this.session.dispose();
  }

  private feeds(blocks: readonly Block[], weight: number, seed: [number, number]): BatchArrays {
    const { shape, capacity, layout } = this.options;
    const gates = new Float32Array(shape.rows * layout.adapters.length).fill(1);
    return batchFeeds(
      this.compiled.batch,
      blocks,
      { ...shape, capacity },
      () => weight,
      gates,
      seed,
    );
  }
}

function floats(values: unknown): Float32Array {
  if (!(values instanceof Float32Array)) throw new TypeError('expected float32 values');
  return values;
}

/** Learnt tokens of the fullest possible batch. */
export function mostLearnt(blocks: readonly Block[], rows: number): number {
  return blocks
    .map((block) => block.learnt)
    .sort((a, b) => b - a)
    .slice(0, rows)
    .reduce((sum, count) => sum + count, 0);
}
