/** How the queue is changed: which runs get which places. */
import { inOrder, type Placed } from '../shared/queue-order.ts';

/**
 * What changes so that `ids` stand right before the run of number `before`, or last where that is null or not there: one place
 * where there is room between the neighbours, and otherwise all of them anew.
 */
export function placesBefore(
  placed: readonly Placed[],
  ids: readonly number[],
  before: number | null,
): Placed[] {
  const others = inOrder(placed.filter(({ id }) => !ids.includes(id)));
  const found = others.findIndex(({ id }) => id === before);
  const at = found < 0 ? others.length : found;
  const [low, high] = [others[at - 1]?.order, others[at]?.order];
  const order = between(low, high);
  if (order > (low ?? -Infinity) && order < (high ?? Infinity))
    return ids.map((id) => ({ id, order }));
  const ones = others.map(({ id }) => id);
  return [...ones.slice(0, at), ...ids, ...ones.slice(at)].map((id, index) => ({
    id,
    order: index,
  }));
}

function between(low: number | undefined, high: number | undefined): number {
  if (low === undefined) return high === undefined ? 0 : high - 1;
  return high === undefined ? low + 1 : (low + high) / 2;
}
