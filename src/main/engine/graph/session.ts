/** A program at work: TensorFlow's session, the values fed to it and fetched from it. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { messageOf } from '../../../shared/errors/message-of.ts';
import { loadBinding, type Binding, type BindingType } from '../runtime/binding.ts';
import { refusedMemory } from '../runtime/out-of-memory.ts';
import type { TensorData } from '../runtime/tensor-data.ts';
import { encodeProgram, mainReference } from './encode.ts';
import { keepIdle, takeIdle } from './idle-programs.ts';
import { GraphError, showTensor, type Tensor } from './node.ts';
import type { Program, Variable, VariableGroup } from './program.ts';
import { elements } from './shape.ts';

export type Feed = readonly [Tensor, TensorData];

export class Session {
  private readonly binding: Binding;
  private readonly id: number;
  /** What tells this program from others. */
  private readonly contents: string;
  private readonly released: Tensor | null;
  private state: 'open' | 'failed' | 'disposed' = 'open';

  /** Hands the program to TensorFlow, or takes the same one again. Throws engine/failed. Has to be disposed of. */
  constructor(program: Program) {
    this.binding = loadBinding();
    this.released = program.released();
    const bytes = encodeProgram(program);
    this.contents = createHash('sha256').update(bytes).digest('hex');
    this.id = takeIdle(this.contents) ?? loadProgram(this.binding, bytes);
  }

  /** Computes the fetched tensors, and blocks until they are there. Throws engine/failed with TensorFlow's words, and engine/out-of-memory. */
  run(feeds: readonly Feed[], fetches: readonly Tensor[]): TensorData[] {
    const ids = feeds.map(([tensor, values]) => this.tensor(tensor, values));
    try {
      return this.fetch(
        feeds.map(([tensor]) => tensor),
        ids,
        fetches,
      );
    } finally {
      for (const id of ids) this.binding.deleteTensor(id);
    }
  }

  /** Sets the variables of a group. Values are asked for one at a time, so that one copy of a model is enough. */
  set(group: VariableGroup, values: (variable: Variable) => TensorData): void {
    const ids: number[] = [];
    try {
      for (const variable of group.variables) {
        ids.push(this.tensor(variable.setter.feed, values(variable)));
      }
      const feeds = group.variables.map((variable) => variable.setter.feed);
      this.fetch(feeds, ids, [group.done]);
    } finally {
      for (const id of ids) this.binding.deleteTensor(id);
    }
  }

  /** Gives back what the variables hold; the compiled program is kept for a while. */
  dispose(): void {
    if (this.state === 'disposed') return;
    let usable = false;
    try {
      if (this.state === 'open' && this.released) this.fetch([], [], [this.released]);
      usable = this.state === 'open';
    } finally {
      this.state = 'disposed';
      if (usable) keepIdle(this.binding, this.contents, this.id);
      else this.binding.deleteSavedModel(this.id);
    }
  }

  private fetch(feeds: readonly Tensor[], ids: number[], fetches: readonly Tensor[]): TensorData[] {
    const inputs = feeds.map(mainReference).join(',');
    const outputs = fetches.map(mainReference).join(',');
    // What failed once is not used again.
    const before = this.state;
    this.state = 'failed';
    const results = guarded(() => this.binding.runSavedModel(this.id, ids, inputs, outputs));
    this.state = before;
    try {
      return results.map(({ id }) => this.binding.tensorDataSync(id));
    } finally {
      for (const { id } of results) this.binding.deleteTensor(id);
    }
  }

  private tensor(target: Tensor, values: TensorData): number {
    if (values.length !== elements(target.shape)) {
      throw new GraphError(`${values.length} values for ${showTensor(target)}`);
    }
    return this.binding.createTensor(target.shape, fedType(target), values);
  }
}

function loadProgram(binding: Binding, bytes: Uint8Array): number {
  const directory = mkdtempSync(join(tmpdir(), 'lorikeet-program-'));
  try {
    writeFileSync(join(directory, 'saved_model.pb'), bytes);
    return guarded(() => binding.loadSavedModel(directory, 'serve'));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function fedType(tensor: Tensor): BindingType {
  const { dtype } = tensor;
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'uint8' || dtype === 'bool')
    return dtype;
  throw new GraphError(`${showTensor(tensor)} cannot be fed`);
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const message = messageOf(cause);
    const refused = refusedMemory(message);
    if (refused !== null)
      throw lorikeetError('engine/out-of-memory', { message: refused }, { cause });
    throw lorikeetError('engine/failed', { message }, { cause });
  }
}
