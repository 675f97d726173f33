/** The weighted sum of adapters as an adapter, without an error but rounding. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { composedAdapter } from './composed-adapter.ts';
import { composedHead } from './composed-head.ts';
import { isOneWhole, partsByModule, type Part } from './parts.ts';
import { scaledFactors, stack } from './stack.ts';

/**
 * Σ wᵢ·ΔWᵢ, of rank Σ rᵢ in each module. One adapter with weight 1 is what it was, DoRA or not.
 * @param parts with weights other than 0; see `composedHead` for their heads
 * Errors: compose/dora-not-exact, compose/head-not-linear, compose/not-finite.
 */
export function composeExactly(parts: readonly Part[]): Adapter {
  if (isOneWhole(parts)) return parts[0].adapter;
  // DoRA's change is of full rank, and no product of two small matrices.
  const dora = parts.filter(({ adapter }) => adapter.useDora);
  if (dora.length > 0)
    throw lorikeetError('compose/dora-not-exact', { paths: dora.map(({ path }) => path) });
  const head = composedHead(parts);
  const modules = [...partsByModule(parts)].map(
    ([path, own]) => [path, scaledFactors(stack(own))] as const,
  );
  return composedAdapter(parts, head, new Map(modules));
}
