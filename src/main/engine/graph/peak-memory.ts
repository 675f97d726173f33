/** How much memory a graph holds while it runs, known from its static shapes before anything runs. */
import { dtypeBytes } from './dtype.ts';
import { executionOrder } from './execution-order.ts';
import { calledFunction, type GraphFunction } from './function.ts';
import type { Node, Tensor } from './node.ts';
import { elements } from './shape.ts';

/** Operations that take no memory of their own: the output is the input's memory, a variable's, or that of a feed. */
const aliases = new Set(
  'Reshape Identity StopGradient Bitcast Argument Const Placeholder VarHandleOp ReadVariableOp'.split(
    ' ',
  ),
);

/** Operations that overwrite an input with their result where nobody reads that input later. */
const inPlace = new Set(
  'AddV2 Sub Mul RealDiv Maximum Minimum Neg Exp Log Sqrt Rsqrt Sigmoid Tanh Erf Softmax'.split(
    ' ',
  ),
);

/**
 * The most bytes that are held at once while `results`, tensors of one scope, are computed: everything but variables, what is
 * fed, and a function's arguments. A tensor is freed after its last use; what a variable is set to stays.
 */
export function peakBytes(results: readonly Tensor[]): number {
  const nodes = executionOrder(results);
  const owners = ownersOf(nodes);
  const ownerOf = (tensor: Tensor): Tensor => owners.get(tensor) ?? tensor;
  const lastUse = new Map<Tensor, number>();
  nodes.forEach((node, at) => {
    const until = node.op === 'AssignVariableOp' ? Infinity : at;
    for (const tensor of node.inputs) {
      lastUse.set(ownerOf(tensor), Math.max(lastUse.get(ownerOf(tensor)) ?? 0, until));
    }
  });
  for (const result of results) lastUse.set(ownerOf(result), Infinity);

  let held = 0;
  let most = 0;
  const live = new Set<Tensor>();
  const free = (tensor: Tensor) => {
    if (live.delete(tensor)) held -= tensorBytes(tensor);
  };
  nodes.forEach((node, at) => {
    if (aliases.has(node.op)) return;
    const last = node.inputs.map(ownerOf).filter((tensor) => (lastUse.get(tensor) ?? at) <= at);
    for (const output of node.outputs) {
      const size = tensorBytes(output);
      const reused = last.find((tensor) => live.has(tensor) && tensorBytes(tensor) === size);
      if (inPlace.has(node.op) && reused) free(reused);
      held += size;
      live.add(output);
    }
    most = Math.max(most, held + insideCall(node));
    for (const tensor of [...last, ...node.outputs]) {
      if ((lastUse.get(tensor) ?? at) <= at) free(tensor);
    }
  });
  return most;
}

/** Whose memory a tensor is, where it is not its own. */
function ownersOf(nodes: readonly Node[]): Map<Tensor, Tensor> {
  const owners = new Map<Tensor, Tensor>();
  for (const { op, inputs, outputs } of nodes) {
    const [source] = inputs;
    const [output] = outputs;
    if (aliases.has(op) && source && output) owners.set(output, owners.get(source) ?? source);
  }
  return owners;
}

const inside = new WeakMap<GraphFunction, number>();

/** What a call holds besides its arguments and its results. */
function insideCall(node: Node): number {
  const fn = calledFunction(node);
  if (!fn) return 0;
  const known = inside.get(fn) ?? insideBytes(fn);
  inside.set(fn, known);
  return known;
}

/** Where XLA cannot compute in one pass from arguments to results, it holds about one float32 copy of the results. */
const passes = new Set(['Sum', 'Max', 'Softmax', 'ConcatV2']);

function insideBytes(fn: GraphFunction): number {
  const ops = fn.scope.nodes.map(({ op }) => op);
  if (fn.compiled && !ops.includes('MatMul')) {
    const copies = ops.some((op) => passes.has(op)) ? 1 : 0;
    return copies * sum(fn.results.map(({ shape }) => elements(shape) * dtypeBytes.float32));
  }
  return Math.max(0, peakBytes(fn.results) - sum(fn.results.map(tensorBytes)));
}

function tensorBytes({ dtype, shape }: Pick<Tensor, 'dtype' | 'shape'>): number {
  return elements(shape) * dtypeBytes[dtype];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
