/** The heads of classifiers as one head. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter, SavedTensor } from '../checkpoint/adapter.ts';
import { allFinite } from '../numbers/float-formats.ts';
import { isOneWhole, type Part } from './parts.ts';

export type ComposedHead = Pick<Adapter, 'saved' | 'labels'>;

/**
 * Σ wᵢ·headᵢ: the logits of a single linear layer are linear in it, so that this head answers as the heads do together.
 * @param parts with their heads whole, of equal labels, as `openHead` gives them
 * Errors: compose/head-not-linear, compose/not-finite.
 */
export function composedHead(parts: readonly Part[]): ComposedHead {
  const first = parts.find(({ adapter }) => adapter.saved.size > 0);
  if (!first) return { saved: new Map(), labels: null };
  const { saved, labels } = first.adapter;
  if (isOneWhole(parts)) return { saved, labels };
  const layers = new Set([...saved.keys()].map((name) => name.replace(/\.[^.]+$/, '')));
  if (layers.size > 1)
    throw lorikeetError('compose/head-not-linear', { path: first.path, layers: [...layers] });
  const summed = [...saved].map(([name, { shape, values }]): [string, SavedTensor] => {
    const sums = values.map((_, i) =>
      parts.reduce(
        (sum, { adapter, weight }) => sum + weight * (adapter.saved.get(name)?.values[i] ?? 0),
        0,
      ),
    );
    if (!allFinite(sums)) throw lorikeetError('compose/not-finite', { module: name });
    return [name, { shape, values: sums }];
  });
  return { saved: new Map(summed), labels };
}
