/** Adapters as one adapter, module by module, with how far each is from the weighted sum. */
import type { Adapter } from '../checkpoint/adapter.ts';
import { checkRank, type Combination } from './combination.ts';
import { composedAdapter } from './composed-adapter.ts';
import { composedHead } from './composed-head.ts';
import { Composer } from './composer.ts';
import { composeExactly } from './exact.ts';
import type { Figures } from './figures.ts';
import { isOneWhole, partsByModule, type ModulePart, type Part } from './parts.ts';
import type { ModuleFactors } from './stack.ts';

export type Composition = { adapter: Adapter; figures: ReadonlyMap<string, Figures> };

export type Composing = {
  /** The base matrix [out, in] of a module path; asked for only with DoRA. */
  weightOf: (path: string) => Float32Array;
  /** Awaited after each module. What it throws ends the work. */
  tell: (done: number, total: number) => Promise<void>;
};

/**
 * @param parts at least one, with weights other than 0; see `composedHead` for their heads
 * Errors: compose/bad-rank, compose/dora-not-exact, compose/head-not-linear, compose/not-finite; engine/failed.
 */
export async function composeParts(
  parts: readonly Part[],
  combination: Combination,
  { weightOf, tell }: Composing,
): Promise<Composition> {
  const modules = partsByModule(parts);
  const composer = new Composer(weightOf);
  const figures = new Map<string, Figures>();
  const each = async (compute: (path: string, own: readonly ModulePart[]) => Figures) => {
    for (const [path, own] of modules) {
      figures.set(path, compute(path, own));
      await tell(figures.size, modules.size);
    }
  };
  try {
    if (combination.kind === 'exact') {
      const adapter = composeExactly(parts);
      const unchanged = isOneWhole(parts);
      await each((path, own) => {
        if (unchanged) return { ...composer.sumOf(path, own), squaredError: 0 };
        return composer.measure(own, adapter.modules.get(path));
      });
      return { adapter, figures };
    }
    checkRank(combination, modules);
    const head = composedHead(parts);
    const factors = new Map<string, ModuleFactors>();
    await each((path, own) => {
      const found = composer.reduce(path, own, combination);
      factors.set(path, found.factors);
      return found.figures;
    });
    return { adapter: composedAdapter(parts, head, factors), figures };
  } finally {
    composer.dispose();
  }
}
