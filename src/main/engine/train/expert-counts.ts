/** How the tokens of each adapter met the experts of a mixture, counted while they train. */
import type { ExpertUse } from '../../../shared/contract/run-points.ts';
import type { Architecture, Routed } from '../model/architecture.ts';
import { imbalanceOf } from './router-loss.ts';
import type { ExpertSums } from './run-state.ts';

/** Of `Routed`, layer by layer and in each adapter by adapter: [layers with experts · k, E]. */
export type RoutedSums = { readonly [K in keyof Routed]: ArrayLike<number> };

/** What an adapter's tokens chose since the last reading; as in `HealthPoint`. */
export type ExpertReading = { experts: ExpertUse[]; imbalance: number | null };

export class ExpertCounts {
  private readonly layers: readonly number[];
  private readonly experts: number;
  private readonly adapters: number;
  /** By adapter, [layers · E] each. */
  private sums: { probabilities: Float64Array; chosen: Float64Array }[];

  constructor({ experts }: Pick<Architecture, 'experts'>, adapters: number) {
    this.layers = [...(experts?.layers ?? [])];
    this.experts = experts?.count ?? 0;
    this.adapters = adapters;
    this.sums = Array.from({ length: adapters }, () => this.none());
  }

  /** @param routed of one batch */
  add(routed: RoutedSums): void {
    const { experts, adapters } = this;
    this.sums.forEach((sums, adapter) => {
      for (const key of ['probabilities', 'chosen'] as const) {
        sums[key].forEach((sum, i) => {
          const layer = Math.floor(i / experts);
          const at = (layer * adapters + adapter) * experts + (i % experts);
          sums[key][i] = sum + (routed[key][at] ?? 0);
        });
      }
    });
  }

  /** What an adapter's tokens did since the last call, layer by layer; nothing where nothing was counted. */
  take(adapter: number): ExpertReading {
    const { experts, layers } = this;
    const sums = this.sums[adapter] ?? this.none();
    this.sums[adapter] = this.none();
    const use = layers.flatMap((layer, i) => {
      const own = [...sums.chosen.subarray(i * experts, (i + 1) * experts)];
      const all = own.reduce((sum, count) => sum + count, 0);
      return all === 0 ? [] : [{ layer, shares: own.map((count) => rounded(count / all)) }];
    });
    const imbalance = imbalanceOf(sums, experts);
    return { experts: use, imbalance: imbalance && rounded(imbalance) };
  }

  /** By adapter: what was counted since its last reading. */
  state(): ExpertSums[] {
    return this.sums.map(({ probabilities, chosen }) => ({
      probabilities: [...probabilities],
      chosen: [...chosen],
    }));
  }

  restore(states: readonly ExpertSums[]): void {
    this.sums = states.map(({ probabilities, chosen }) => ({
      probabilities: Float64Array.from(probabilities),
      chosen: Float64Array.from(chosen),
    }));
  }

  private none() {
    const size = this.layers.length * this.experts;
    return { probabilities: new Float64Array(size), chosen: new Float64Array(size) };
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
