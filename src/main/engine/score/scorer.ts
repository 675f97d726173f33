/** A loaded model that scores token sequences. */
import type { Block } from '../batch/block.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { Session } from '../graph/session.ts';
import { gateColumns } from '../lora/layout.ts';
import { batchFeeds, type BatchArrays } from './batch-feeds.ts';
import { evaluateInTurn, inBatches, type BatchOutcome, type Evaluation } from './evaluation.ts';
import { scoreProgram, type ScoreProgram, type ScoreProgramOptions } from './program.ts';

export class Scorer {
  private readonly options: ScoreProgramOptions;
  private readonly program: ScoreProgram;
  private readonly session: Session;
  /** [B, k] */
  private rowGates: Float32Array;

  /**
   * Builds the program and fills the weights. Has to be disposed of.
   * @param parameters [P] A and B of all adapters; empty without adapters
   * @param gates weight of each adapter
   */
  constructor(
    options: ScoreProgramOptions,
    checkpoint: Checkpoint,
    adapters: { parameters: Float32Array; gates: readonly number[] },
    onTensor?: (done: number, total: number) => void,
  ) {
    this.options = options;
    this.rowGates = this.gatesOf(adapters.gates);
    this.program = scoreProgram(options);
    this.session = new Session(this.program.program);
    this.program.weights.load(this.session, checkpoint, onTensor);
    const { setParameters } = this.program;
    if (setParameters) this.session.set(setParameters, () => adapters.parameters);
  }

  /** From now on each adapter counts so much. */
  weigh(gates: readonly number[]): void {
    this.rowGates = this.gatesOf(gates);
  }

  /**
   * Mean loss over the places with loss of one batch after another, nats per place, and the task's figures. After each batch it
   * awaits `pause`, which is told how many blocks were in it and may throw to stop.
   */
  evaluate(
    blocks: readonly Block[],
    pause: (blocks: number) => Promise<void> = async () => {},
  ): Promise<Evaluation> {
    return evaluateInTurn(blocks, this.options, (batch) => this.outcome(batch), pause);
  }

  /** What the task's head answers at the places with loss of all blocks: [places, W], row-major. */
  outputs(blocks: readonly Block[]): Float32Array {
    const { task } = this.options;
    const batches = [...inBatches(blocks, this.options)].map((batch) => {
      const { labels, outputs } = this.outcome(batch);
      return [...Float32Array.from(outputs ?? []).subarray(0, labels.length * task.outputWidth)];
    });
    return Float32Array.from(batches.flat());
  }

  /** Logits of one sequence of at most T tokens: [tokens, V], row-major. */
  logits(tokens: readonly number[]): Float32Array {
    const { length } = this.options.shape;
    const places = Int32Array.from({ length }, (_, t) => t);
    const block: Block = {
      tokens: Int32Array.from({ length }, (_, t) => tokens[t] ?? 0),
      segments: places.map((t) => (t < tokens.length ? 1 : 0)),
      positions: places,
      labels: places.map(() => -100),
      lossCount: 0,
    };
    const { logits } = this.program;
    const [values] = logits ? this.session.run(this.feeds([block]).feeds, [logits]) : [];
    if (!(values instanceof Float32Array)) throw new TypeError('expected float32 logits');
    return values.subarray(0, tokens.length * this.options.architecture.config.vocabSize);
  }

  dispose(): void {
    this.session.dispose();
  }

  private gatesOf(gates: readonly number[]): Float32Array {
    const { shape, layout } = this.options;
    const columns = gateColumns(layout);
    return Float32Array.from({ length: shape.rows * columns }, (_, i) => gates[i % columns] ?? 0);
  }

  private outcome(batch: readonly Block[]): BatchOutcome {
    const { feeds, labels } = this.feeds(batch);
    const { losses, outputs } = this.program;
    const [found, answered] = this.session.run(feeds, [losses, ...(outputs ? [outputs] : [])]);
    return { losses: found, labels, outputs: answered };
  }

  private feeds(blocks: readonly Block[]): BatchArrays {
    const { shape, capacity, task } = this.options;
    const size = { ...shape, capacity, task };
    return batchFeeds(this.program.batch, blocks, size, () => 0, this.rowGates, [0, 0]);
  }
}
