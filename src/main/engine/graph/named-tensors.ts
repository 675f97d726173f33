/** Tensors by name in a fixed order: what a function is computed from, listed once. */
import { GraphError, type Tensor } from './node.ts';

export type NamedTensor = readonly [name: string, tensor: Tensor];

export class NamedTensors {
  readonly tensors: readonly Tensor[];
  private readonly names: readonly string[];
  private readonly byName: ReadonlyMap<string, Tensor>;

  /** Throws a GraphError when a name is there twice. */
  constructor(entries: readonly NamedTensor[]) {
    this.names = entries.map(([name]) => name);
    this.tensors = entries.map(([, tensor]) => tensor);
    this.byName = new Map(entries);
    if (this.byName.size !== entries.length) {
      throw new GraphError(`a name is there twice: ${this.names.join(', ')}`);
    }
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** Throws a GraphError when there is none of that name. */
  get(name: string): Tensor {
    const tensor = this.byName.get(name);
    if (!tensor) throw new GraphError(`there is no ${name} among ${this.names.join(', ')}`);
    return tensor;
  }

  /** Those of `numbered(name, …)`, in their order. */
  list(name: string): Tensor[] {
    const found: Tensor[] = [];
    for (let i = 0; ; i++) {
      const tensor = this.byName.get(`${name}.${i}`);
      if (!tensor) return found;
      found.push(tensor);
    }
  }

  /** The same names for other tensors in the same order, such as the parameters of a function. */
  like(tensors: readonly Tensor[]): NamedTensors {
    if (tensors.length !== this.names.length) {
      throw new GraphError(`${this.names.length} names for ${tensors.length} tensors`);
    }
    return new NamedTensors(tensors.map((tensor, i): NamedTensor => [this.names[i] ?? '', tensor]));
  }

  /** One value for each name, in their order. */
  map<T>(valueOf: (name: string, index: number) => T): T[] {
    return this.names.map(valueOf);
  }
}

/** Entries `${name}.0`, `${name}.1`, … */
export function numbered(name: string, tensors: readonly Tensor[]): NamedTensor[] {
  return tensors.map((tensor, i): NamedTensor => [`${name}.${i}`, tensor]);
}
