/** Prompts into answers, several at once, in a session that has the weights already. */
import type { Session, Feed } from '../graph/session.ts';
import { gateColumns } from '../lora/layout.ts';
import { createRandom } from '../random.ts';
import type { AnswerParts, Extension, GenerateProgramOptions } from './program.ts';
import { ReadPrompts } from './read-prompts.ts';

export type SamplingOptions = {
  maxNewTokens: number;
  /** Of prompt and answer together; without it as many as the cache has places. */
  mostTokens?: number;
  /** 0 takes the most likely token. */
  temperature: number;
  /** Draws are from the likeliest tokens that have so much of the probability; 1 takes all. */
  topP?: number;
  seed: number;
  /** Tokens that end an answer; they are not part of it. */
  stopTokens: readonly number[];
};

type Size = Pick<GenerateProgramOptions, 'layout' | 'rows' | 'promptLength' | 'cacheLength'>;

export class Answers {
  private readonly size: Size;
  private readonly program: AnswerParts;
  private readonly session: Session;
  private readonly known: ReadPrompts;

  /** Fills the cache. */
  constructor(size: Size, program: AnswerParts, session: Session) {
    this.size = size;
    this.program = program;
    this.session = session;
    this.known = new ReadPrompts(size.promptLength);
    session.set(program.caches, ({ dtype, shape }) => {
      const count = shape.reduce((a, b) => a * b, 1);
      return dtype === 'float32' ? new Float32Array(count) : new Uint8Array(2 * count);
    });
  }

  /**
   * Puts these numbers [P], in the order of the layout, in the place of those of all adapters; to be called before the first answer
   * where there are some.
   */
  setAdapters(parameters: Float32Array): void {
    const { prepare } = this.program;
    this.known.forget();
    if (prepare) this.session.run([[prepare.parameters, parameters]], [prepare.done]);
  }

  /**
   * Continues up to `rows` prompts together. Between runs it awaits `pause`, which is given the answers so far and may throw to stop.
   * @param gates weight of each adapter, for each prompt
   * @returns the new tokens of each prompt
   */
  async generate(
    prompts: readonly (readonly number[])[],
    gates: readonly (readonly number[])[],
    sampling: SamplingOptions,
    pause: (answers: readonly (readonly number[])[]) => Promise<void> = async () => {},
  ): Promise<number[][]> {
    const { rows, cacheLength, layout } = this.size;
    const random = createRandom(sampling.seed);
    const lengths = Int32Array.from({ length: rows }, (_, row) => prompts[row]?.length ?? 1);
    const answers = prompts.map((): number[] => []);
    const open = new Set(prompts.keys());
    const rowGates = gatesOfRows(gates, gateColumns(layout), rows);
    const { temperature, topP = 1, mostTokens = cacheLength } = sampling;
    // One pair of random numbers for each token of an answer, however many runs its prompt takes.
    const draw = () => ({ rowGates, temperature, topP, seed: [random.uint32(), random.uint32()] });
    let next = await this.read(prompts, gates, draw(), () => pause(answers));
    for (let step = 0; ; step++) {
      for (const row of [...open]) {
        const token = next[row] ?? 0;
        const answer = answers[row] ?? [];
        if (sampling.stopTokens.includes(token)) open.delete(row);
        else answer.push(token);
        const full = (lengths[row] ?? 0) + answer.length >= mostTokens;
        if (answer.length >= sampling.maxNewTokens || full) open.delete(row);
      }
      if (open.size === 0) return answers;
      await pause(answers);
      const starts = lengths.map((length) => Math.min(length + step, cacheLength - 1));
      next = this.extend(this.program.decode, next, starts, new Int32Array(rows), draw());
    }
  }

  /**
   * Reads what of the prompts is not in the cache yet, in as many runs as the longest takes, which have to fit into it: the token
   * that follows each.
   */
  private async read(
    prompts: readonly (readonly number[])[],
    gates: readonly (readonly number[])[],
    draw: Draw,
    pause: () => Promise<void>,
  ): Promise<Int32Array> {
    const { rows, promptLength } = this.size;
    const following = new Int32Array(rows);
    const begins = this.known.begin(prompts, gates);
    const runsOf = (row: number) =>
      Math.ceil(((prompts[row]?.length ?? 1) - (begins[row] ?? 0)) / promptLength);
    const runs = Math.max(...prompts.map((_, row) => runsOf(row)));
    for (let run = 0; run < runs; run += 1) {
      if (run > 0) await pause();
      const tokens = new Int32Array(rows * promptLength);
      const starts = new Int32Array(rows);
      const last = new Int32Array(rows);
      for (const [row, prompt] of prompts.entries()) {
        // A row that has been read reads its end again, which changes nothing.
        const start = (begins[row] ?? 0) + Math.min(run, runsOf(row) - 1) * promptLength;
        const piece = prompt.slice(start, start + promptLength);
        tokens.set(piece, row * promptLength);
        starts[row] = start;
        last[row] = piece.length - 1;
      }
      const next = this.extend(this.program.prefill, tokens, starts, last, draw);
      for (const [row, prompt] of prompts.entries()) {
        following[row] = next[row] ?? 0;
        this.known.note(row, prompt, Math.min((starts[row] ?? 0) + promptLength, prompt.length));
      }
    }
    return following;
  }

  private extend(
    extension: Extension,
    tokens: Int32Array,
    starts: Int32Array,
    last: Int32Array,
    draw: Draw,
  ): Int32Array {
    const { rowGates, temperature, topP, seed } = this.program;
    const feeds: Feed[] = [
      [extension.tokens, tokens],
      [extension.starts, starts],
      [extension.last, last],
      [rowGates, draw.rowGates],
    ];
    const greedy = draw.temperature === 0;
    if (!greedy) {
      feeds.push(
        [temperature, Float32Array.of(draw.temperature)],
        [seed, Int32Array.from(draw.seed)],
      );
    }
    const all = draw.topP >= 1;
    if (!greedy && !all) feeds.push([topP, Float32Array.of(draw.topP)]);
    const drawn = all ? extension.drawn : extension.drawnFromNucleus;
    const [next] = this.session.run(feeds, [greedy ? extension.likeliest : drawn]);
    if (!(next instanceof Int32Array)) throw new TypeError('expected token ids');
    return next;
  }
}

/** What one run needs beside its tokens. */
type Draw = {
  rowGates: Float32Array;
  temperature: number;
  topP: number;
  /** Two random numbers. */
  seed: readonly number[];
};

/** [rows, columns]; rows without a prompt have no adapter. */
function gatesOfRows(
  gates: readonly (readonly number[])[],
  columns: number,
  rows: number,
): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    return gates[Math.floor(i / columns)]?.[i % columns] ?? 0;
  });
}
