/** A program: the main graph of one session, with the tensors that are fed to it, its variables, and what can be fetched. */
import type { DType } from './dtype.ts';
import type { Node, Tensor } from './node.ts';
import { onlyOutput, Scope } from './scope.ts';
import type { Shape } from './shape.ts';
import { bitcast, floats, identity } from './ops/index.ts';

/** A tensor that lives in the session between runs. */
export type Variable = {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: Shape;
  readonly handle: Tensor;
  /** The value before anything in this run changes it. */
  readonly value: Tensor;
  /** What is fed to set the variable from outside, and what is fetched to do it. */
  readonly setter: { feed: Tensor; assign: Node };
};

/** Variables that are set together from outside. */
export type VariableGroup = { readonly variables: readonly Variable[]; readonly done: Tensor };

export class Program {
  readonly scope = new Scope('main', { main: true });
  private readonly variables: Variable[] = [];
  private released: Tensor | null = null;

  /** A tensor that is given with every run that needs it. Fed types: float32, int32, uint8, bool. */
  placeholder(name: string, dtype: DType, shape: Shape): Tensor {
    return this.scope.addOne({
      op: 'Placeholder',
      name,
      dtype,
      shape,
      attributes: {
        dtype: { kind: 'type', value: dtype },
        shape: { kind: 'shape', value: shape },
      },
    });
  }

  variable(name: string, dtype: DType, shape: Shape): Variable {
    const handle = this.scope.addOne({
      op: 'VarHandleOp',
      name: 'variable',
      dtype: 'resource',
      shape: [],
      attributes: {
        dtype: { kind: 'type', value: dtype },
        shape: { kind: 'shape', value: shape },
        shared_name: { kind: 'string', value: name },
        container: { kind: 'string', value: '' },
      },
    });
    const value = this.read(handle, dtype, shape);
    const setter = this.setter(handle, dtype, shape);
    const made: Variable = { name, dtype, shape, handle, value, setter };
    this.variables.push(made);
    return made;
  }

  /**
   * What is fetched to give back what all variables hold, which have to be set before they are read again; null without variables.
   * To be called when all of them are there.
   */
  release(): Tensor | null {
    if (this.variables.length === 0) return null;
    this.released ??= this.done(this.variables.map(({ handle }) => this.destroy(handle)));
    return this.released;
  }

  /** The variable's value once `after` has run. */
  read(handle: Tensor, dtype: DType, shape: Shape, after: readonly Node[] = []): Tensor {
    return this.scope.addOne({
      op: 'ReadVariableOp',
      inputs: [handle],
      after,
      dtype,
      shape,
      attributes: { dtype: { kind: 'type', value: dtype } },
    });
  }

  assign(handle: Tensor, value: Tensor, after: readonly Node[] = []): Node {
    return this.scope.add({
      op: 'AssignVariableOp',
      inputs: [handle, value],
      after,
      attributes: {
        dtype: { kind: 'type', value: value.dtype },
        validate_shape: { kind: 'bool', value: false },
      },
      outputs: [],
    });
  }

  /**
   * The variable [n, ...] once its rows `indices` (int32 [r]) are `rows` [r, ...]. They are written where the variable
   * lies: an assignment of rows (ResourceScatterNdUpdate) would have every later read copy the whole variable.
   */
  writeRows(variable: Variable, indices: Tensor, rows: Tensor): Tensor {
    const { handle, dtype, shape } = variable;
    return this.scope.addOne({
      op: 'InplaceUpdate',
      inputs: [this.read(handle, dtype, shape), indices, rows],
      dtype,
      shape,
      attributes: { T: { kind: 'type', value: dtype } },
    });
  }

  /** Lets a session set these variables, all in one run. */
  group(variables: readonly Variable[]): VariableGroup {
    return { variables, done: this.done(variables.map((variable) => variable.setter.assign)) };
  }

  /** A scalar 1 that is there once all the nodes have run: only tensors can be fetched, not nodes. */
  done(after: readonly Node[]): Tensor {
    const one = floats(this.scope, [1], []);
    return this.scope.addOne({
      op: 'Identity',
      inputs: [one],
      after,
      dtype: 'float32',
      shape: [],
      attributes: { T: { kind: 'type', value: 'float32' } },
    });
  }

  /** The same tensor, fetched only once the nodes have run. */
  afterAll(tensor: Tensor, after: readonly Node[]): Tensor {
    return onlyOutput(
      this.scope.add({
        op: 'Identity',
        inputs: [tensor],
        after,
        attributes: { T: { kind: 'type', value: tensor.dtype } },
        outputs: [{ dtype: tensor.dtype, shape: tensor.shape }],
      }),
    );
  }

  private destroy(handle: Tensor): Node {
    return this.scope.add({
      op: 'DestroyResourceOp',
      inputs: [handle],
      // One that was never set holds nothing.
      attributes: { ignore_lookup_error: { kind: 'bool', value: true } },
      outputs: [],
    });
  }

  private setter(handle: Tensor, dtype: DType, shape: Shape): Variable['setter'] {
    // The binding feeds no bfloat16 or int8; their bytes go in as uint8.
    const asBytes = dtype !== 'float32' && dtype !== 'int32' && dtype !== 'uint8';
    const feed = !asBytes
      ? this.placeholder('initial', dtype, shape)
      : this.placeholder('initial', 'uint8', dtype === 'int8' ? shape : [...shape, 2]);
    const value = asBytes ? bitcast(feed, dtype) : identity(feed);
    return { feed, assign: this.assign(handle, value) };
  }
}
