/**
 * What a backward function computes again and what it differentiates are often calls of the same function: one call that
 * gives its results along with its gradients then does the work of two.
 */
import type { Node, Tensor } from '../node.ts';
import { gradientCall, type GradientCall } from './gradient-calls.ts';

export type Extraction = {
  /** In an order in which each finds its inputs. */
  nodes: Node[];
  /** For tensors of calls that were joined: which tensor of the joint call has the same value. */
  standIns: ReadonlyMap<Tensor, Tensor>;
};

/** The nodes that compute `targets` from `sources`, with calls joined wherever a value is not needed before its gradient. */
export function sharedRecomputation(
  sources: ReadonlySet<Tensor>,
  targets: readonly Tensor[],
): Extraction {
  const standIns = new Map<Tensor, Tensor>();
  const needed = () => nodesBetween(sources, targets, standIns);
  const before = needed();
  const forward = new Set(before);
  for (const node of before) {
    const made = gradientCall(node);
    if (!made || !forward.has(made.forward)) continue;
    const upstream = nodesBetween(sources, node.inputs, standIns);
    if (!upstream.includes(made.forward)) join(node, made, standIns);
  }
  return { nodes: standIns.size > 0 ? needed() : before, standIns };
}

function join(node: Node, made: GradientCall, standIns: Map<Tensor, Tensor>): void {
  const { gradients, results } = made.withResults();
  const pair = (olds: readonly Tensor[], news: readonly Tensor[]) => {
    olds.forEach((old, i) => {
      const standIn = news[i];
      if (standIn) standIns.set(old, standIn);
    });
  };
  pair(node.outputs, gradients);
  pair(made.forward.outputs, results);
}

function nodesBetween(
  sources: ReadonlySet<Tensor>,
  targets: readonly Tensor[],
  standIns: ReadonlyMap<Tensor, Tensor>,
): Node[] {
  const makers = (tensors: readonly Tensor[]) =>
    tensors
      .filter((tensor) => !sources.has(tensor))
      .map((tensor) => (standIns.get(tensor) ?? tensor).node);
  const needed = new Set<Node>();
  const queue = makers(targets);
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (needed.has(node)) continue;
    needed.add(node);
    queue.push(...makers(node.inputs));
  }
  // As they were written, but a joint call, which was written last, before the first that reads it.
  const ordered = new Set<Node>();
  const place = (node: Node) => {
    if (ordered.has(node)) return;
    makers(node.inputs).forEach(place);
    ordered.add(node);
  };
  [...needed].sort((a, b) => a.id - b.id).forEach(place);
  return [...ordered];
}
