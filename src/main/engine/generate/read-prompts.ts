/** What of earlier prompts is still in the cache: a prompt that goes on from one is not read from its beginning. */

type ReadRow = { tokens: readonly number[]; gates: readonly number[] };

/**
 * Of each row the whole runs of the prompt that was read last. Answers are read anew with the prompt that they become a part of,
 * so that keys and values are always those that reading the whole prompt gives, to the last bit.
 */
export class ReadPrompts {
  private readonly runLength: number;
  private rows = new Map<number, ReadRow>();

  /** @param runLength tokens that one run reads */
  constructor(runLength: number) {
    this.runLength = runLength;
  }

  /**
   * How many tokens of each prompt, one for each row, need not be read: whole runs, and never the last token. What is in the cache
   * of other rows, or behind these, is lost.
   */
  begin(prompts: readonly (readonly number[])[], gates: readonly (readonly number[])[]): number[] {
    const before = this.rows;
    this.rows = new Map();
    return prompts.map((prompt, row) => {
      const known = before.get(row);
      const own = gates[row] ?? [];
      const same = known && known.gates.join() === own.join();
      const common = same ? commonLength(known.tokens, prompt) : 0;
      const kept = this.wholeRuns(Math.min(common, prompt.length - 1));
      this.rows.set(row, { tokens: prompt.slice(0, kept), gates: own });
      return kept;
    });
  }

  /** A row has been read up to this token of its prompt. */
  note(row: number, prompt: readonly number[], upTo: number): void {
    const known = this.rows.get(row);
    if (known) this.rows.set(row, { ...known, tokens: prompt.slice(0, this.wholeRuns(upTo)) });
  }

  /** What is in the cache is of other adapters. */
  forget(): void {
    this.rows = new Map();
  }

  private wholeRuns(tokens: number): number {
    return Math.floor(Math.max(0, tokens) / this.runLength) * this.runLength;
  }
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  const differing = one.findIndex((token, i) => token !== other[i]);
  return differing < 0 ? one.length : differing;
}
