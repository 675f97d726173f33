/** The order in which TensorFlow's executor runs a graph on one thread. */
import type { Node, Tensor } from './node.ts';

/** The nodes that `results` need: each in the order in which its inputs, and what it has to wait for, are there. */
export function executionOrder(results: readonly Tensor[]): Node[] {
  const waitsFor = new Map<Node, number>();
  const waiting = new Map<Node, Node[]>();
  const queue = results.map(({ node }) => node);
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (waitsFor.has(node)) continue;
    const needs = new Set([...node.inputs.map((input) => input.node), ...node.after]);
    waitsFor.set(node, needs.size);
    for (const needed of needs) {
      waiting.set(needed, [...(waiting.get(needed) ?? []), node]);
      queue.push(needed);
    }
  }
  const order = [...waitsFor.keys()].filter((node) => waitsFor.get(node) === 0);
  order.sort((a, b) => a.id - b.id);
  // A node joins the end once the last node that it waits for has had its turn.
  for (let at = 0; at < order.length; at++) {
    const done = order[at];
    for (const node of done ? (waiting.get(done) ?? []) : []) {
      const left = (waitsFor.get(node) ?? 0) - 1;
      waitsFor.set(node, left);
      if (left === 0) order.push(node);
    }
  }
  return order;
}
