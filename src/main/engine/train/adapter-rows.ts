/** Which rows of a training batch belong to which adapter: equal shares, one adapter after another. */
import type { Block } from '../batch/block.ts';

export class AdapterRows {
  private readonly rows: number;
  private readonly adapters: number;

  /** @param rows a multiple of `adapters` */
  constructor(rows: number, adapters: number) {
    this.rows = rows;
    this.adapters = adapters;
  }

  adapterOf(row: number): number {
    return Math.floor((row * this.adapters) / this.rows);
  }

  /** Each adapter's blocks in its own rows; null where a row stays empty. */
  place(blocks: readonly (readonly Block[])[]): (Block | null)[] {
    const share = this.rows / this.adapters;
    return blocks.flatMap((own) => Array.from({ length: share }, (_, row) => own[row] ?? null));
  }

  /** Gates [rows · adapters] that leave the base alone. */
  closed(): Float32Array {
    return new Float32Array(this.rows * this.adapters);
  }

  /** Gates [rows · adapters] that open each row to its own adapter alone, or every row to `only`. */
  gates(only?: number): Float32Array {
    const gates = new Float32Array(this.rows * this.adapters);
    for (let row = 0; row < this.rows; row++) {
      gates[row * this.adapters + (only ?? this.adapterOf(row))] = 1;
    }
    return gates;
  }
}
