/** A loaded model that scores token sequences. */
import type { Block } from '../batch/block.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { Session } from '../graph/session.ts';
import { gateColumns } from '../lora/layout.ts';
import { batchFeeds } from './batch-feeds.ts';
import { meanLoss } from './mean-loss.ts';
import { scoreProgram, type ScoreProgram, type ScoreProgramOptions } from './program.ts';

export class Scorer {
  private readonly options: ScoreProgramOptions;
  private readonly program: ScoreProgram;
  private readonly session: Session;
  private readonly rowGates: Float32Array;

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
    const columns = gateColumns(options.layout);
    this.rowGates = Float32Array.from(
      { length: options.shape.rows * columns },
      (_, i) => adapters.gates[i % columns] ?? 0,
    );
    this.program = scoreProgram(options);
    this.session = new Session(this.program.program);
    this.program.weights.load(this.session, checkpoint, onTensor);
    const { setParameters } = this.program;
    if (setParameters) this.session.set(setParameters, () => adapters.parameters);
  }

  /** Mean loss over the learnt tokens of one batch after another, nats per token. */
  evaluate(blocks: readonly Block[]): { loss: number; tokens: number } {
    return meanLoss(blocks, this.options, (batch) => {
      const { feeds, count } = this.feeds(batch);
      const [losses] = this.session.run(feeds, [this.program.losses]);
      return { losses, count };
    });
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
    const [values] = this.session.run(this.feeds([block]).feeds, [this.program.logits]);
    if (!(values instanceof Float32Array)) throw new TypeError('expected float32 logits');
    return values.subarray(0, tokens.length * this.options.architecture.config.vocabSize);
  }

  dispose(): void {
    this.session.dispose();
  }

  private feeds(blocks: readonly Block[]) {
    const { shape, capacity } = this.options;
    const size = { ...shape, capacity };
    const arrays = batchFeeds(this.program.batch, blocks, size, () => 0, this.rowGates, [0, 0]);
    return { feeds: arrays.feeds, count: arrays.lossRows.length };
  }
}
