/** How much memory a graph needs, known from its static shapes before anything runs. */
import { dtypeBytes } from './dtype.ts';
import { calledFunction, type GraphFunction } from './function.ts';
import type { Node, Tensor } from './node.ts';
import { elements } from './shape.ts';

export function tensorBytes({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): number {
  return elements(shape) * dtypeBytes[dtype];
}

/** Operations whose output is their input's memory. */
const aliases = new Set(['Reshape', 'Identity', 'StopGradient', 'Argument', 'Const', 'Bitcast']);

/**
 * The most bytes that a function holds at once besides its arguments: its nodes run one after another, and a tensor is
 * freed after its last use. What XLA holds inside a compiled function is not counted, its results are.
 */
export function workingBytes(fn: GraphFunction): number {
  const nodes = fn.scope.nodes;
  const owner = new Map<Tensor, Tensor>();
  const ownerOf = (tensor: Tensor): Tensor => owner.get(tensor) ?? tensor;
  const lastUse = new Map<Tensor, number>();
  for (const node of nodes) {
    const [source] = node.inputs;
    const [output] = node.outputs;
    if (aliases.has(node.op) && source && output) owner.set(output, ownerOf(source));
    for (const tensor of node.inputs) lastUse.set(ownerOf(tensor), node.id);
  }
  for (const result of fn.results) lastUse.set(ownerOf(result), Infinity);

  let held = 0;
  let most = 0;
  const live = new Set<Tensor>();
  for (const node of nodes) {
    if (aliases.has(node.op)) continue;
    for (const output of node.outputs) {
      held += tensorBytes(output);
      live.add(output);
    }
    most = Math.max(most, held + insideCall(node));
    for (const tensor of live) {
      if ((lastUse.get(tensor) ?? node.id) > node.id) continue;
      held -= tensorBytes(tensor);
      live.delete(tensor);
    }
  }
  return most;
}

function insideCall(node: Node): number {
  const fn = calledFunction(node);
  return fn && !fn.compiled ? Math.max(0, workingBytes(fn) - resultBytes(fn)) : 0;
}

export function resultBytes(fn: GraphFunction): number {
  return fn.results.reduce((total, result) => total + tensorBytes(result), 0);
}
