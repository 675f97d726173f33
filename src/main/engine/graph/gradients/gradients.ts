/** Reverse-mode differentiation inside one scope. */
import { isFloating } from '../dtype.ts';
import { calledFunction } from '../function.ts';
import { GraphError, type Node, type Tensor } from '../node.ts';
import { add } from '../ops/index.ts';
import { callGradient } from './call-gradient.ts';
import { gradientRules } from './rules.ts';

/**
 * dL/dx for each x in `wrt`, where dL/dy is given for each of `ys`; null where L does not depend on x.
 * Only nodes between `wrt` and `ys` are differentiated. Throws a GraphError for an operation without a rule.
 */
export function gradients(
  ys: readonly Tensor[],
  dys: readonly (Tensor | null)[],
  wrt: readonly Tensor[],
): (Tensor | null)[] {
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

function ruleFor(node: Node) {
  const rule = calledFunction(node) ? callGradient : gradientRules[node.op];
  if (!rule) throw new GraphError(`${node.op} has no gradient rule`);
  return rule;
}
