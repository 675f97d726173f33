/**
 * The gradient of every operation: given dL/d(output), it writes dL/d(input) with more operations.
 * The formulas are the usual ones of reverse-mode differentiation (Griewank & Walther, "Evaluating Derivatives", 2008);
 * each is tested against finite differences and PyTorch.
 */
import { isFloating } from '../dtype.ts';
import { GraphError, showTensor, type Node, type Tensor } from '../node.ts';
import * as o from '../ops/index.ts';
import { broadcastAxes, sameShape, sizeAt, type Shape } from '../shape.ts';
import { onlyOutput } from '../scope.ts';

/** dOutputs[i] is null where no gradient arrives; a result is null where none leaves. */
export type GradientRule = (
  node: Node,
  dOutputs: readonly (Tensor | null)[],
  needs: readonly boolean[],
) => readonly (Tensor | null)[];

type UnaryRule = (x: Tensor, y: Tensor, dy: Tensor) => Tensor;

function unary(rule: UnaryRule): GradientRule {
  return (node, [dy]) => (dy ? [rule(input(node, 0), onlyOutput(node), dy)] : [null]);
}

type BinaryRule = (a: Tensor, b: Tensor, y: Tensor, dy: Tensor) => [() => Tensor, () => Tensor];

/** Each operand's gradient, summed over the axes along which the operand was repeated. */
function binary(rule: BinaryRule): GradientRule {
  return (node, [dy], needs) => {
    if (!dy) return [null, null];
    const a = input(node, 0);
    const b = input(node, 1);
    const [da, db] = rule(a, b, onlyOutput(node), dy);
    return [needs[0] ? sumTo(da(), a.shape) : null, needs[1] ? sumTo(db(), b.shape) : null];
  };
}

function input(node: Node, i: number): Tensor {
  const tensor = node.inputs[i];
  if (!tensor) throw new GraphError(`${node.name} has no input ${i}`);
  return tensor;
}

/** Undoes broadcasting. */
function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const axes = broadcastAxes(shape, x.shape);
  const summed = axes.length > 0 ? o.sum(x, axes, { keep: true }) : x;
  return sameShape(summed.shape, shape) ? summed : o.reshape(summed, shape);
}

const none: GradientRule = (node) => node.inputs.map(() => null);

export const gradientRules: Readonly<Record<string, GradientRule>> = {
  AddV2: binary((_a, _b, _y, dy) => [() => dy, () => dy]),
  Sub: binary((_a, _b, _y, dy) => [() => dy, () => o.neg(dy)]),
  Mul: binary((a, b, _y, dy) => [() => o.mul(dy, b), () => o.mul(dy, a)]),
  RealDiv: binary((_a, b, y, dy) => [() => o.div(dy, b), () => o.neg(o.div(o.mul(dy, y), b))]),
  Maximum: binary((a, b, _y, dy) => [
    () => o.mul(dy, o.cast(o.greaterEqual(a, b), dy.dtype)),
    () => o.mul(dy, o.cast(o.less(a, b), dy.dtype)),
  ]),

  Minimum: binary((a, b, _y, dy) => [
    () => o.mul(dy, o.cast(o.greaterEqual(b, a), dy.dtype)),
    () => o.mul(dy, o.cast(o.less(b, a), dy.dtype)),
  ]),

  Neg: unary((_x, _y, dy) => o.neg(dy)),
  Exp: unary((_x, y, dy) => o.mul(dy, y)),
  Log: unary((x, _y, dy) => o.div(dy, x)),
  Sqrt: unary((_x, y, dy) => o.div(o.mul(dy, 0.5), y)),
  Rsqrt: unary((_x, y, dy) => o.mul(o.mul(dy, -0.5), o.mul(y, o.mul(y, y)))),
  Sigmoid: unary((_x, y, dy) => o.mul(dy, o.mul(y, o.sub(1, y)))),
  Tanh: unary((_x, y, dy) => o.mul(dy, o.sub(1, o.mul(y, y)))),
  Erf: unary((x, _y, dy) => o.mul(o.mul(dy, 2 / Math.sqrt(Math.PI)), o.exp(o.neg(o.mul(x, x))))),
  Cos: unary((x, _y, dy) => o.neg(o.mul(dy, o.sin(x)))),
  Sin: unary((x, _y, dy) => o.mul(dy, o.cos(x))),
  Identity: unary((_x, _y, dy) => dy),
  Cast: unary((x, _y, dy) => {
    if (!isFloating(x.dtype)) throw new GraphError(`no gradient through ${showTensor(x)}`);
    return o.cast(dy, x.dtype);
  }),
  Softmax: unary((_x, y, dy) => o.mul(y, o.sub(dy, o.sum(o.mul(dy, y), [-1], { keep: true })))),

  SelectV2: (node, [dy], needs) => {
    if (!dy) return [null, null, null];
    const condition = input(node, 0);
    const yes = input(node, 1);
    const no = input(node, 2);
    const zero = o.zerosLike(dy);
    return [
      null,
      needs[1] ? sumTo(o.where(condition, dy, zero), yes.shape) : null,
      needs[2] ? sumTo(o.where(condition, zero, dy), no.shape) : null,
    ];
  },

  Sum: (node, [dy]) => {
    if (!dy) return [null, null];
    const x = input(node, 0);
    const axes = constantValues(input(node, 1));
    const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
    return [o.broadcastTo(o.reshape(dy, kept), x.shape), null];
  },
  L2Loss: unary((x, _y, dy) => o.mul(dy, x)),

  Reshape: (node, [dy]) => [dy ? o.reshape(dy, input(node, 0).shape) : null, null],
  Transpose: (node, [dy]) => {
    const order = constantValues(input(node, 1));
    return [
      dy
        ? o.transpose(
            dy,
            order.map((_, axis) => order.indexOf(axis)),
          )
        : null,
      null,
    ];
  },
  BroadcastTo: (node, [dy]) => [dy ? sumTo(dy, input(node, 0).shape) : null, null],
  ConcatV2: (node, [dy]) => {
    const parts = node.inputs.slice(0, -1);
    const [axis = 0] = constantValues(input(node, parts.length));
    if (!dy) return node.inputs.map(() => null);
    return [
      ...o.split(
        dy,
        parts.map((part) => sizeAt(part.shape, axis)),
        axis,
      ),
      null,
    ];
  },
  SplitV: (node, dys) => {
    const [axis = 0] = constantValues(input(node, 2));
    if (dys.every((dy) => dy === null)) return [null, null, null];
    const filled = node.outputs.map((output, i) => dys[i] ?? o.zerosLike(output));
    return [o.concat(filled, axis), null, null];
  },
  Slice: (node, [dy]) => {
    if (!dy) return [null, null, null];
    const x = input(node, 0);
    const begin = constantValues(input(node, 1));
    const after = x.shape.map((size, i) => size - (begin[i] ?? 0) - (dy.shape[i] ?? 0));
    return [o.pad(dy, begin, after), null, null];
  },

  Pad: (node, [dy]) => {
    if (!dy) return [null, null];
    const x = input(node, 0);
    const before = constantValues(input(node, 1)).filter((_, i) => i % 2 === 0);
    return [o.slice(dy, before, x.shape), null];
  },

  GatherV2: (node, [dy]) => {
    if (!dy) return [null, null, null];
    const table = input(node, 0);
    const rows = input(node, 1);
    const count = sizeAt(table.shape, 0);
    const flatRows = o.reshape(rows, [rows.shape.reduce((a, b) => a * b, 1)]);
    const flat = o.reshape(dy, [...flatRows.shape, ...table.shape.slice(1)]);
    return [o.scatterAdd(flat, flatRows, count), null, null];
  },
  UnsortedSegmentSum: (node, [dy]) => [dy ? o.gather(dy, input(node, 1)) : null, null, null],

  MatMul: (node, [dy], needs) =>
    productGradient(node, dy ?? null, needs, 'transpose_a', 'transpose_b'),
  BatchMatMulV2: (node, [dy], needs) => productGradient(node, dy ?? null, needs, 'adj_x', 'adj_y'),

  StopGradient: none,
  OneHot: none,
  TopKV2: none,
  StatelessRandomUniform: none,
  ZerosLike: none,
};

/** y = a·b: da = dy·bᵀ, db = aᵀ·dy; with operands read transposed, the same written so that nothing is moved. */
function productGradient(
  node: Node,
  dy: Tensor | null,
  needs: readonly boolean[],
  flagA: string,
  flagB: string,
): readonly (Tensor | null)[] {
  if (!dy) return [null, null];
  const a = input(node, 0);
  const b = input(node, 1);
  const ta = isSet(node, flagA);
  const tb = isSet(node, flagB);
  const da = () =>
    ta
      ? o.matmul(b, dy, { transposeA: tb, transposeB: true })
      : o.matmul(dy, b, { transposeB: !tb });
  const db = () =>
    tb
      ? o.matmul(dy, a, { transposeA: true, transposeB: ta })
      : o.matmul(a, dy, { transposeA: !ta });
  return [needs[0] ? sumTo(da(), a.shape) : null, needs[1] ? sumTo(db(), b.shape) : null];
}

function isSet(node: Node, flag: string): boolean {
  const attribute = node.attributes[flag];
  return attribute?.kind === 'bool' && attribute.value;
}

function constantValues(tensor: Tensor): readonly number[] {
  const value = tensor.node.attributes['value'];
  if (value?.kind !== 'tensor') throw new GraphError(`${showTensor(tensor)} is not a constant`);
  return value.value.values;
}
