/** A model in training: the loop's view of the program. Every call is one or a few runs of the session. */
import type { Block } from '../batch/block.ts';
import type { Tensor } from '../graph/node.ts';
import type { Variable } from '../graph/program.ts';
import { Answers, type SamplingOptions } from '../generate/answers.ts';
import { Session, type Feed } from '../graph/session.ts';
import { notingNorms, type BaseNorms } from '../lora/base-norms.ts';
import type { AdapterState } from '../lora/health.ts';
import type { BankLayout } from '../lora/layout.ts';
import type { Routed } from '../model/architecture.ts';
import type { WeightSource } from '../model/group-matrix.ts';
import { createRandom } from '../random.ts';
import type { TensorData } from '../runtime/tensor-data.ts';
import { adamW } from './adamw.ts';
import { AdapterRows } from './adapter-rows.ts';
import { batchFeeds, type BatchArrays } from '../score/batch-feeds.ts';
import { stateVectors, type StateVector, type TrainerState } from './run-state.ts';
import { ExpertCounts, type ExpertReading, type RoutedSums } from './expert-counts.ts';
import { evaluateBlocks, evaluateInTurn, type Evaluation } from '../score/evaluation.ts';
import { trainProgram, type TrainProgram, type TrainProgramOptions } from './program.ts';

/** What one adapter learns from in one step: blocks by micro-batch. Empty when it rests. */
export type MicroBatches = readonly (readonly Block[])[];

type PassOptions = {
  /** Whether the sum of the gradients begins with it. */
  first: boolean;
  /** How much of its step each adapter's micro-batch is. */
  shares: readonly number[];
  /** The learning rates to update with, by adapter; null where nothing is updated. */
  update: readonly number[] | null;
};

/** What one pass over a micro-batch gives; the norms are those of the gradients' sum. */
type Pass = { losses: Float32Array; gradientNorms: Float32Array; routed: RoutedSums | null };

/** How a step went for one adapter. */
export type StepResult = {
  /** Mean over the adapter's learnt tokens of the step, nats per token; NaN when it rested. */
  loss: number;
  /** Global norm before clipping. */
  gradientNorm: number;
  learntTokens: number;
};

export type TrainerStart = {
  /** [P] first A and B, in the order of the layout. */
  parameters: Float32Array;
  /** [P] as from `relativeLearningRates`. */
  relativeRates: Float32Array;
  /** Of dropout. */
  seed: number;
  /** By adapter: how much the loss of a mixture's routers counts; none for 0. */
  routerLosses?: readonly number[];
};

export class Trainer {
  private readonly options: TrainProgramOptions;
  private readonly program: TrainProgram;
  private readonly session: Session;
  private readonly baseNorms: BaseNorms;
  private readonly seed: number;
  private readonly rows: AdapterRows;
  private readonly relativeRates: Float32Array;
  /** Updates that are done. */
  private steps = 0;
  private readonly experts: ExpertCounts;
  private readonly routerLosses: readonly number[];
  /** From the first that is asked for. */
  private answers: Answers | null = null;

  /** Hands the program to TensorFlow and fills the weights. Has to be disposed of. */
  constructor(
    options: TrainProgramOptions,
    checkpoint: WeightSource,
    { parameters, relativeRates, seed, routerLosses = [] }: TrainerStart,
    onTensor?: (done: number, total: number) => void,
    program = trainProgram(options),
  ) {
    this.options = options;
    this.seed = seed;
    this.relativeRates = relativeRates;
    this.experts = new ExpertCounts(options.architecture, options.layout.adapters.length);
    this.routerLosses = routerLosses;
    this.program = program;
    this.rows = new AdapterRows(options.shape.rows, options.layout.adapters.length);
    this.session = new Session(this.program.program);
    const { source, norms } = notingNorms(checkpoint, options.layout);
    this.baseNorms = norms;
    this.program.weights.load(this.session, source, onTensor);
    const first = new Map([
      [this.program.parameters, parameters],
      [this.program.relativeRates, relativeRates],
    ]);
    this.setAll((variable) => first.get(variable));
  }

  get layout(): BankLayout {
    return this.options.layout;
  }

  /**
   * One update of each adapter from the sum of its micro-batches' gradients. Each has its own rows of the batch
   * and sees nothing of the others. Where a gradient norm is not finite, no adapter is updated.
   * @param batches one for each adapter
   * @param learningRates one for each adapter
   */
  step(batches: readonly MicroBatches[], learningRates: readonly number[]): StepResult[] {
    const learnt = batches.map((each) => learntOf(each.flat()));
    const passes = Math.max(...batches.map((each) => each.length));
    const random = createRandom(this.seed, this.steps);
    const sums = batches.map(() => 0);
    const routings: RoutedSums[] = [];
    let norms: ArrayLike<number> = [];
    for (let pass = 0; pass < passes; pass++) {
      const seed = [random.uint32() | 0, random.uint32() | 0] as const;
      const blocks = batches.map((each) => each[pass] ?? []);
      const rows = this.rows.place(blocks);
      const weight = (row: number) => 1 / (learnt[this.rows.adapterOf(row)] ?? NaN);
      const arrays = this.feeds(rows, weight, this.rows.gates(), seed);
      const shares = blocks.map((own, adapter) => learntOf(own) / (learnt[adapter] || 1));
      const { losses, gradientNorms, routed } = this.pass(arrays.feeds, {
        first: pass === 0,
        shares,
        update: pass === passes - 1 ? learningRates : null,
      });
      if (routed) routings.push(routed);
      arrays.lossRows.forEach((row, i) => {
        sums[this.rows.adapterOf(row)] = (sums[this.rows.adapterOf(row)] ?? 0) + (losses[i] ?? NaN);
      });
      norms = gradientNorms;
    }
    // One that updated nobody is done again.
    if (Array.from(norms).every(Number.isFinite)) {
      this.steps += 1;
      for (const routed of routings) this.experts.add(routed);
    }
    return learnt.map((learntTokens, adapter) => ({
      loss: (sums[adapter] ?? NaN) / learntTokens,
      gradientNorm: norms[adapter] ?? NaN,
      learntTokens,
    }));
  }

  /** Mean loss of one adapter over the places with loss of the blocks, nats per place, with the task's figures; dropout off. */
  evaluate(blocks: readonly Block[], adapter = 0): Evaluation {
    const gates = this.rows.gates(adapter);
    return evaluateBlocks(blocks, this.options, (batch) => {
      const { feeds, labels } = this.feeds(batch, () => 0, gates, [0, 0]);
      const { losses, outputs } = this.program.evaluate;
      const [found, answered] = this.session.run(feeds, [losses, ...(outputs ? [outputs] : [])]);
      return { losses: found, labels, outputs: answered };
    });
  }

  /**
   * Mean loss of one adapter over blocks of the general text, of the base alone for null; dropout off. After each batch it awaits
   * `pause`, which is told how many blocks were in it.
   */
  async generalLoss(
    blocks: readonly Block[],
    adapter: number | null,
    pause: (blocks: number) => Promise<void>,
  ): Promise<Pick<Evaluation, 'loss' | 'tokens'>> {
    const { batch, general } = this.program;
    const { shape, generalCapacity: capacity = 0, task } = this.options;
    if (!general) throw new RangeError('a program without a general text');
    const gates = adapter === null ? this.rows.closed() : this.rows.gates(adapter);
    const places = { ...batch, ...general.places };
    const size = { ...shape, capacity, task };
    return evaluateInTurn(
      blocks,
      { shape, capacity, task },
      (some) => {
        const { feeds, labels } = batchFeeds(places, some, size, () => 0, gates, [0, 0]);
        const [losses] = this.session.run(feeds, [general.losses]);
        return { losses, labels, outputs: undefined };
      },
      pause,
    );
  }

  /**
   * The most likely answers to prompts, which are as many and as long as the program was made for: of one adapter as it is now, of
   * the base alone for null. Between tokens it awaits `pause`, which may throw to stop.
   */
  async answer(
    prompts: readonly (readonly number[])[],
    adapter: number | null,
    { maxNewTokens, stopTokens }: Pick<SamplingOptions, 'maxNewTokens' | 'stopTokens'>,
    pause: () => Promise<void>,
  ): Promise<number[][]> {
    const { options, program, session } = this;
    if (!options.answers || !program.answers)
      throw new RangeError('a program that answers nothing');
    const size = { ...options.answers, layout: options.layout };
    this.answers ??= new Answers(size, program.answers, session);
    this.answers.setAdapters(this.parameters());
    const gates = prompts.map(() => options.layout.adapters.map((_, i) => (i === adapter ? 1 : 0)));
    const sampling = { maxNewTokens, stopTokens, temperature: 0, seed: 0 };
    return this.answers.generate(prompts, gates, sampling, pause);
  }

  /** The mean loss of one batch and its gradients [P], nothing updated. */
  gradient(blocks: readonly Block[]): { loss: number; gradient: Float32Array } {
    const learnt = learntOf(blocks);
    const { feeds } = this.feeds(blocks, () => 1 / learnt, this.rows.gates(), [0, 0]);
    const shares = this.options.layout.adapters.map(() => 1);
    const { losses } = this.pass(feeds, { first: true, shares, update: null });
    const [values] = this.session.run([], [this.program.gradientSum.value]);
    const sum = losses.subarray(0, learnt).reduce((total, loss) => total + loss, 0);
    return { loss: sum / learnt, gradient: floats(values) };
  }

  /** [P]: all A and B as they are now. */
  parameters(): Float32Array {
    const [values] = this.session.run([], [this.program.parameters.value]);
    return floats(values);
  }

  /** Everything that a step changes, as it is now. */
  state(): TrainerState {
    const vectors = this.stateVariables();
    const names = stateVectors.map((name) => vectors[name].value);
    const [parameters, firstMoment, secondMoment, gradientSum] = this.session.run([], names);
    return {
      steps: this.steps,
      vectors: {
        parameters: floats(parameters),
        firstMoment: floats(firstMoment),
        secondMoment: floats(secondMoment),
        gradientSum: floats(gradientSum),
      },
      experts: this.experts.state(),
    };
  }

  /** Sets all A and B, [P], for what is asked after the last step: the optimiser's state is gone. */
  setParameters(parameters: Float32Array): void {
    const kept = new Map([
      [this.program.parameters, parameters],
      [this.program.relativeRates, this.relativeRates],
    ]);
    this.setAll((variable) => kept.get(variable));
  }

  /** Goes on from a state of the same layout. */
  restore({ steps, vectors, experts }: TrainerState): void {
    this.steps = steps;
    this.experts.restore(experts);
    const variables = this.stateVariables();
    const kept = new Map([
      ...stateVectors.map((name) => [variables[name], vectors[name]] as const),
      [this.program.relativeRates, this.relativeRates],
    ]);
    this.setAll((variable) => kept.get(variable));
  }

  /** What the health of the adapters is worked out from, after a step. */
  adapterState(): AdapterState {
    const { parameters, gradientSum, changes } = this.program;
    const { squares, overlaps } = changes;
    const fetches = [parameters.value, gradientSum.value, squares, ...(overlaps ? [overlaps] : [])];
    const [values, gradient, lengths, products] = this.session.run([], fetches);
    return {
      layout: this.options.layout,
      parameters: floats(values),
      gradient: floats(gradient),
      changes: { squares: floats(lengths), overlaps: overlaps ? floats(products) : null },
      base: this.baseNorms,
    };
  }

  /** What an adapter's tokens did with the experts since it was last asked. */
  expertUse(adapter: number): ExpertReading {
    return this.experts.take(adapter);
  }

  /** Sets an adapter and its optimiser to 0: what it gives is then finite whatever it was. */
  clear(adapter: number): void {
    const { parameters, moments } = this.program;
    const { begin, end } = this.options.layout.adapters[adapter] ?? { begin: 0, end: 0 };
    const read = (variable: Variable) => floats(this.session.run([], [variable.value])[0]);
    const cleared = [parameters, moments.firstMoment, moments.secondMoment].map(
      (each) => [each, read(each).fill(0, begin, end)] as const,
    );
    const kept = new Map([...cleared, [this.program.relativeRates, this.relativeRates]]);
    this.setAll((variable) => kept.get(variable));
  }

  dispose(): void {
    this.session.dispose();
  }

  private stateVariables(): Record<StateVector, Variable> {
    const { parameters, moments, gradientSum } = this.program;
    return { parameters, ...moments, gradientSum };
  }

  /** Sets everything that is [P]; what has no value becomes 0. */
  private setAll(valueOf: (variable: Variable) => Float32Array | undefined): void {
    const zeros = new Float32Array(this.options.layout.size);
    this.session.set(this.program.setAll, (variable) => valueOf(variable) ?? zeros);
  }

  /** One run of the program: adds the gradients of a micro-batch up, and updates with them where it is asked to. */
  private pass(feeds: readonly Feed[], { first, shares, update }: PassOptions): Pass {
    const { passFeeds, pass } = this.program;
    const { routerWeights } = passFeeds;
    const learningRates = update ?? shares.map(() => 0);
    const weights = shares.map((share, adapter) => share * (this.routerLosses[adapter] ?? 0));
    const [losses, gradientNorms, ...sums] = this.session.run(
      [
        ...feeds,
        [passFeeds.carry, Float32Array.of(first ? 0 : 1)],
        [passFeeds.normLimit, Float32Array.of(update ? Infinity : 0)],
        [passFeeds.learningRates, Float32Array.from(learningRates)],
        [passFeeds.correction1, Float32Array.of(1 - adamW.beta1 ** (this.steps + 1))],
        [passFeeds.correction2, Float32Array.of(1 - adamW.beta2 ** (this.steps + 1))],
        ...(routerWeights ? [[routerWeights, Float32Array.from(weights)] as const] : []),
      ],
      [pass.losses, pass.gradientNorms, ...tensorsOf(pass.routed)],
    );
    return { losses: floats(losses), gradientNorms: floats(gradientNorms), routed: sumsOf(sums) };
  }

  private feeds(
    blocks: readonly (Block | null)[],
    weight: (row: number) => number,
    gates: Float32Array,
    seed: readonly [number, number],
  ): BatchArrays {
    const { shape, capacity, task } = this.options;
    const size = { ...shape, capacity, task };
    return batchFeeds(this.program.batch, blocks, size, weight, gates, seed);
  }
}

/** Places with loss. */
function learntOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, block) => sum + block.lossCount, 0);
}

function tensorsOf(routed: Routed | null): Tensor[] {
  return routed ? [routed.probabilities, routed.chosen] : [];
}

function sumsOf([probabilities, chosen]: readonly TensorData[]): RoutedSums | null {
  return probabilities && chosen ? { probabilities, chosen } : null;
}

function floats(values: unknown): Float32Array {
  if (!(values instanceof Float32Array)) throw new TypeError('expected float32 values');
  return values;
}
