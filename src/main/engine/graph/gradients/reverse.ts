/** Reverse-mode differentiation inside one scope: from the results back, adding up what arrives at each tensor. */
import { isFloating } from '../dtype.ts';
import type { Node, Tensor } from '../node.ts';
import { add } from '../ops/index.ts';
import type { GradientRule } from './rules.ts';

/** dL/dx for each x in `wrt`, where dL/dy is given for each of `ys`; null where L does not depend on x. */
export type Gradients = (
  ys: readonly Tensor[],
  dys: readonly (Tensor | null)[],
  wrt: readonly Tensor[],
) => (Tensor | null)[];

/** `Gradients` by the rules that `ruleFor` finds. Only nodes between `wrt` and `ys` are differentiated. */
export function reverse(
  ruleFor: (node: Node) => GradientRule,
  ...[ys, dys, wrt]: Parameters<Gradients>
): ReturnType<Gradients> {
  const scope = ys[0]?.node.scope;
  if (!scope) return wrt.map(() => null);
  const nodes = scope.nodes.slice();
  const onPath = new Set<Tensor>(wrt);
  for (const node of nodes) {
    if (!node.inputs.some((tensor) => onPath.has(tensor))) continue;
    for (const output of node.outputs) if (isFloating(output.dtype)) onPath.add(output);
  }

  const total = new Map<Tensor, Tensor>();
  const accumulate = (tensor: Tensor, gradient: Tensor) => {
    const before = total.get(tensor);
    total.set(tensor, before ? add(before, gradient) : gradient);
  };
  ys.forEach((y, i) => {
    const dy = dys[i];
    if (dy && onPath.has(y)) accumulate(y, dy);
  });

  for (const node of nodes.reverse()) {
    const needs = node.inputs.map((tensor) => onPath.has(tensor));
    const arriving = node.outputs.map((output) => total.get(output) ?? null);
    if (!needs.includes(true) || arriving.every((gradient) => gradient === null)) continue;
    ruleFor(node)(node, arriving, needs).forEach((gradient, i) => {
      const tensor = node.inputs[i];
      if (tensor && gradient && needs[i]) accumulate(tensor, gradient);
    });
  }
  return wrt.map((x) => total.get(x) ?? null);
}
