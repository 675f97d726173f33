/** Prompts into answers, several at once, in a session that has the weights already. */
import type { Session, Feed } from '../graph/session.ts';
import { gateColumns } from '../lora/layout.ts';
import { createRandom, type Random } from '../random.ts';
import type { AnswerParts, Extension, GenerateProgramOptions } from './program.ts';

export type SamplingOptions = {
  maxNewTokens: number;
  /** 0 takes the most likely token. */
  temperature: number;
  seed: number;
  /** Tokens that end an answer; they are not part of it. */
  stopTokens: readonly number[];
};

type Size = Pick<GenerateProgramOptions, 'layout' | 'rows' | 'promptLength' | 'cacheLength'>;

export class Answers {
  private readonly size: Size;
  private readonly program: AnswerParts;
  private readonly session: Session;

  /** Fills the cache. */
  constructor(size: Size, program: AnswerParts, session: Session) {
    this.size = size;
    this.program = program;
    this.session = session;
    session.set(program.caches, ({ dtype, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return dtype === 'float32' ? new Float32Array(count) : new Uint8Array(2 * count);
    });
  }

  /** From now on the adapters are these, [P] in the order of the layout; to be called before the first answer where there are some. */
  prepare(parameters: Float32Array): void {
    const { prepare } = this.program;
    if (prepare) this.session.run([[prepare.parameters, parameters]], [prepare.done]);
  }

  /**
   * Continues up to `rows` prompts together. Between tokens it awaits `pause`, which may throw to stop.
   * @param gates weight of each adapter, the same for all prompts
   * @returns the new tokens of each prompt
   */
  async generate(
    prompts: readonly (readonly number[])[],
    gates: readonly number[],
    sampling: SamplingOptions,
    pause: () => Promise<void> = async () => {},
  ): Promise<number[][]> {
    const { rows, promptLength, cacheLength } = this.size;
    const random = createRandom(sampling.seed);
    const rowGates = repeatGates(gates, gateColumns(this.size.layout), rows);
    const lengths = Int32Array.from({ length: rows }, (_, row) => prompts[row]?.length ?? 1);
    const tokens = new Int32Array(rows * promptLength);
    prompts.forEach((prompt, row) => tokens.set(prompt, row * promptLength));

    const answers = prompts.map((): number[] => []);
    const open = new Set(prompts.keys());
    const shared = { rowGates, temperature: sampling.temperature, random };
    let next = this.extend(
      this.program.prefill,
      tokens,
      new Int32Array(rows),
      lengths.map((n) => n - 1),
      shared,
    );
    for (let step = 0; ; step++) {
      for (const row of [...open]) {
        const token = next[row] ?? 0;
        const answer = answers[row] ?? [];
        if (sampling.stopTokens.includes(token)) open.delete(row);
        else answer.push(token);
        const full = (lengths[row] ?? 0) + answer.length >= cacheLength;
        if (answer.length >= sampling.maxNewTokens || full) open.delete(row);
      }
      if (open.size === 0) return answers;
      await pause();
      const starts = lengths.map((length) => Math.min(length + step, cacheLength - 1));
      next = this.extend(this.program.decode, next, starts, new Int32Array(rows), shared);
    }
  }

  private extend(
    extension: Extension,
    tokens: Int32Array,
    starts: Int32Array,
    last: Int32Array,
    shared: { rowGates: Float32Array; temperature: number; random: Random },
  ): Int32Array {
    const { rowGates, temperature, seed } = this.program;
    const feeds: Feed[] = [
      [extension.tokens, tokens],
      [extension.starts, starts],
      [extension.last, last],
      [rowGates, shared.rowGates],
    ];
    const greedy = shared.temperature === 0;
    if (!greedy) {
      feeds.push(
        [temperature, Float32Array.of(shared.temperature)],
        [seed, Int32Array.of(shared.random.uint32(), shared.random.uint32())],
      );
    }
    const [next] = this.session.run(feeds, [greedy ? extension.likeliest : extension.drawn]);
    if (!(next instanceof Int32Array)) throw new TypeError('expected token ids');
    return next;
  }
}

function repeatGates(gates: readonly number[], columns: number, rows: number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => gates[i % columns] ?? 0);
}
