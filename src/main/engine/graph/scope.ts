/** Where nodes live: the main graph of a program, or the body of a function. */
import type { DType } from './dtype.ts';
import { GraphError, type Attributes, type Node, type Tensor } from './node.ts';
import type { Shape } from './shape.ts';

export type NodeSpec = {
  op: string;
  inputs?: readonly Tensor[];
  after?: readonly Node[];
  attributes?: Attributes;
  outputs: readonly { dtype: DType; shape: Shape }[];
  keepable?: Iterable<number>;
  /** A readable start of the node's name; the operation's name when absent. */
  name?: string;
};

export class Scope {
  readonly label: string;
  /** The main graph of a program, and not a function's body. */
  readonly main: boolean;
  readonly nodes: Node[] = [];

  constructor(label: string, { main = false } = {}) {
    this.label = label;
    this.main = main;
  }

  /** Adds a node. Its inputs must live in this scope. */
  add(spec: NodeSpec): Node {
    const inputs = spec.inputs ?? [];
    for (const input of inputs) {
      if (input.node.scope !== this) {
        throw new GraphError(
          `${spec.op} in ${this.label} uses ${input.node.name} of ${input.node.scope.label}`,
        );
      }
    }
    const id = this.nodes.length;
    const outputs: Tensor[] = [];
    const node: Node = {
      scope: this,
      id,
      name: `${spec.name ?? spec.op}_${id}`,
      op: spec.op,
      inputs,
      after: spec.after ?? [],
      attributes: spec.attributes ?? {},
      outputs,
      keepable: new Set(spec.keepable),
    };
    spec.outputs.forEach(({ dtype, shape }, index) => outputs.push({ node, index, dtype, shape }));
    this.nodes.push(node);
    return node;
  }

  /** Adds a node with one output and gives that output. */
  addOne(spec: Omit<NodeSpec, 'outputs'> & { dtype: DType; shape: Shape }): Tensor {
    const { dtype, shape, ...rest } = spec;
    return onlyOutput(this.add({ ...rest, outputs: [{ dtype, shape }] }));
  }
}

export function onlyOutput(node: Node): Tensor {
  const [output] = node.outputs;
  if (!output || node.outputs.length !== 1) {
    throw new GraphError(`${node.name} has ${node.outputs.length} outputs, not one`);
  }
  return output;
}
