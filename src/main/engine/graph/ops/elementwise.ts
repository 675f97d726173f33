/** Operations that work element by element, with NumPy's broadcasting. Numbers stand for scalars. */
import type { DType } from '../dtype.ts';
import { GraphError, showTensor, type Tensor } from '../node.ts';
import { broadcast } from '../shape.ts';
import { scalarLike } from './constant.ts';

type Operand = Tensor | number;

function binary(op: string, left: Operand, right: Operand, result?: DType): Tensor {
  const [a, b] = operands(op, left, right);
  const shape = broadcast(a.shape, b.shape);
  if (!shape || a.dtype !== b.dtype) {
    throw new GraphError(`${op} of ${showTensor(a)} and ${showTensor(b)}: they do not fit`);
  }
  const attributes = op.startsWith('Logical')
    ? {}
    : { T: { kind: 'type', value: a.dtype } as const };
  return a.node.scope.addOne({ op, inputs: [a, b], dtype: result ?? a.dtype, shape, attributes });
}

function operands(op: string, left: Operand, right: Operand): [Tensor, Tensor] {
  if (typeof left !== 'number') {
    return [left, typeof right === 'number' ? scalarLike(left, right) : right];
  }
  if (typeof right === 'number') throw new GraphError(`${op} of two numbers`);
  return [scalarLike(right, left), right];
}

function unary(op: string, x: Tensor): Tensor {
  return x.node.scope.addOne({
    op,
    inputs: [x],
    dtype: x.dtype,
    shape: x.shape,
    attributes: { T: { kind: 'type', value: x.dtype } },
  });
}

export const add = (a: Operand, b: Operand): Tensor => binary('AddV2', a, b);
export const sub = (a: Operand, b: Operand): Tensor => binary('Sub', a, b);
export const mul = (a: Operand, b: Operand): Tensor => binary('Mul', a, b);
export const div = (a: Operand, b: Operand): Tensor => binary('RealDiv', a, b);
export const maximum = (a: Operand, b: Operand): Tensor => binary('Maximum', a, b);
export const minimum = (a: Operand, b: Operand): Tensor => binary('Minimum', a, b);

export const equal = (a: Operand, b: Operand): Tensor => binary('Equal', a, b, 'bool');
export const less = (a: Operand, b: Operand): Tensor => binary('Less', a, b, 'bool');
export const greaterEqual = (a: Operand, b: Operand): Tensor =>
  binary('GreaterEqual', a, b, 'bool');
export const and = (a: Tensor, b: Tensor): Tensor => binary('LogicalAnd', a, b, 'bool');
export const or = (a: Tensor, b: Tensor): Tensor => binary('LogicalOr', a, b, 'bool');

export const neg = (x: Tensor): Tensor => unary('Neg', x);
export const exp = (x: Tensor): Tensor => unary('Exp', x);
export const log = (x: Tensor): Tensor => unary('Log', x);
export const sqrt = (x: Tensor): Tensor => unary('Sqrt', x);
export const rsqrt = (x: Tensor): Tensor => unary('Rsqrt', x);
export const sigmoid = (x: Tensor): Tensor => unary('Sigmoid', x);
export const tanh = (x: Tensor): Tensor => unary('Tanh', x);
/** 2/√π · ∫₀ˣ exp(−t²) dt */
export const erf = (x: Tensor): Tensor => unary('Erf', x);
export const cos = (x: Tensor): Tensor => unary('Cos', x);
export const sin = (x: Tensor): Tensor => unary('Sin', x);
export const identity = (x: Tensor): Tensor => unary('Identity', x);

/** x·σ(x): Swish with β = 1 (Ramachandran et al. 2017), called SiLU in LLaMA. */
export const silu = (x: Tensor): Tensor => mul(x, sigmoid(x));

/** `yes` where the condition holds, `no` elsewhere. */
export function where(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  const branches = broadcast(yes.shape, no.shape);
  const shape = branches && broadcast(condition.shape, branches);
  if (!shape || condition.dtype !== 'bool' || yes.dtype !== no.dtype) {
    throw new GraphError(
      `where(${showTensor(condition)}, ${showTensor(yes)}, ${showTensor(no)}): they do not fit`,
    );
  }
  return yes.node.scope.addOne({
    op: 'SelectV2',
    inputs: [condition, yes, no],
    dtype: yes.dtype,
    shape,
    attributes: { T: { kind: 'type', value: yes.dtype } },
  });
}

/** A tensor that no gradient flows through. */
export function stopGradient(x: Tensor): Tensor {
  return unary('StopGradient', x);
}
