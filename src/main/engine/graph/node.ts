/** What a graph is made of: nodes (operations), and tensors (their outputs) with element type and static shape. */
import type { DType } from './dtype.ts';
import type { GraphFunction } from './function.ts';
import type { Scope } from './scope.ts';
import { showShape, type Shape } from './shape.ts';

export type ConstantValue = {
  dtype: 'float32' | 'int32';
  shape: Shape;
  values: readonly number[];
};

/** An attribute of a node, tagged as in tensorflow/core/framework/attr_value.proto. */
export type Attribute =
  | { kind: 'type'; value: DType }
  | { kind: 'types'; value: readonly DType[] }
  | { kind: 'shape'; value: Shape }
  | { kind: 'bool'; value: boolean }
  | { kind: 'int'; value: number }
  | { kind: 'ints'; value: readonly number[] }
  | { kind: 'string'; value: string }
  | { kind: 'tensor'; value: ConstantValue }
  | { kind: 'function'; value: GraphFunction };

export type Attributes = Readonly<Record<string, Attribute>>;

export type Node = {
  readonly scope: Scope;
  /** Position in its scope; inputs always have smaller ids. */
  readonly id: number;
  readonly name: string;
  /** TensorFlow's name of the operation; 'Argument' marks a function's parameter. */
  readonly op: string;
  readonly inputs: readonly Tensor[];
  /** Nodes that have to run before this one. */
  readonly after: readonly Node[];
  readonly attributes: Attributes;
  readonly outputs: readonly Tensor[];
  /** Which outputs are worth keeping for the backward pass; see `keepable`. */
  readonly keepable: Set<number>;
};

export type Tensor = {
  readonly node: Node;
  /** Which output of the node. */
  readonly index: number;
  readonly dtype: DType;
  readonly shape: Shape;
};

/** A tensor that the code knows to be there; the compiler cannot know how many results a function has. */
export function present(tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new GraphError('a tensor is missing');
  return tensor;
}

/** 'float32 [1024, 576]' */
export function showTensor(tensor: Tensor): string {
  return `${tensor.dtype} ${showShape(tensor.shape)} (${tensor.node.name})`;
}

/** A graph that was written wrongly; only programming errors of the project raise it. */
export class GraphError extends Error {
  override readonly name = 'GraphError';
}
