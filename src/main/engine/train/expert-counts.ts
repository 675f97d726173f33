/** How often each expert of a mixture was chosen, counted while a model trains. */
import type { ExpertUse } from '../../../shared/contract/records.ts';
import type { Architecture } from '../model/architecture.ts';

export class ExpertCounts {
  private readonly layers: readonly number[];
  private readonly experts: number;
  private counts: Float64Array;

  constructor({ experts }: Pick<Architecture, 'experts'>) {
    this.layers = [...(experts?.layers ?? [])];
    this.experts = experts?.count ?? 0;
    this.counts = new Float64Array(this.layers.length * this.experts);
  }

  /** @param chosen of one batch, [layers with experts · E]; undefined for models without */
  add(chosen: ArrayLike<number> | undefined): void {
    if (chosen) this.counts = this.counts.map((count, i) => count + (chosen[i] ?? 0));
  }

  /** Shares of all choices since the last call, layer by layer; none where nothing was counted. */
  take(): ExpertUse[] {
    const { counts, experts } = this;
    this.counts = new Float64Array(counts.length);
    return this.layers.flatMap((layer, i) => {
      const own = [...counts.subarray(i * experts, (i + 1) * experts)];
      const all = own.reduce((sum, count) => sum + count, 0);
      if (all === 0) return [];
      return [{ layer, shares: own.map((count) => Number((count / all).toPrecision(4))) }];
    });
  }
}
