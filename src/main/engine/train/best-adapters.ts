/** The numbers of each adapter at its best validation. */
import type { BankLayout } from '../lora/layout.ts';

export class BestAdapters {
  private readonly layout: BankLayout;
  private readonly kept: (Float32Array | null)[];

  /** @param kept by adapter, of an earlier session */
  constructor(layout: BankLayout, kept: readonly (Float32Array | null)[] = []) {
    this.layout = layout;
    this.kept = layout.adapters.map((_, adapter) => kept[adapter] ?? null);
  }

  /** @param parameters [P] as they are now */
  keep(adapter: number, parameters: Float32Array): void {
    const { begin, end } = this.placeOf(adapter);
    this.kept[adapter] = parameters.slice(begin, end);
  }

  /** The adapter's part of the vector; null where none was kept. */
  of(adapter: number): Float32Array | null {
    return this.kept[adapter] ?? null;
  }

  /** [P]: `parameters` with each adapter that was kept in its place. */
  in(parameters: Float32Array): Float32Array {
    const all = parameters.slice();
    for (const [adapter, kept] of this.kept.entries()) {
      if (kept) all.set(kept, this.placeOf(adapter).begin);
    }
    return all;
  }

  private placeOf(adapter: number): { begin: number; end: number } {
    return this.layout.adapters[adapter] ?? { begin: 0, end: 0 };
  }
}
