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
  /** A hash of the program: what tells it from others. */
  private readonly contents: string;
  private readonly released: Tensor | null;
  private state: 'open' | 'failed' | 'disposed' = 'open';

  /** Hands the program to TensorFlow, or takes the same one again. Throws engine/failed. Has to be disposed of. */
  constructor(program: Program) {
    this.binding = loadBinding();
    this.released = program.release();
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
    try {
      if (this.state === 'open' && this.released) this.fetch([], [], [this.released]);
    } finally {
      // What failed once is not used again.
      if (this.state === 'open') keepIdle(this.binding, this.contents, this.id);
      else this.binding.deleteSavedModel(this.id);
      this.state = 'disposed';
    }
  }

  private fetch(feeds: readonly Tensor[], ids: number[], fetches: readonly Tensor[]): TensorData[] {
    const results = this.compute(ids, feeds.map(mainReference), fetches.map(mainReference));
    try {
      return results.map(({ id }) => this.binding.tensorDataSync(id));
    } finally {
      for (const { id } of results) this.binding.deleteTensor(id);
    }
  }

  private compute(ids: number[], feeds: readonly string[], fetches: readonly string[]) {
    try {
      const [inputs, outputs] = [feeds.join(','), fetches.join(',')];
      return guarded(() => this.binding.runSavedModel(this.id, ids, inputs, outputs));
    } catch (thrown) {
      this.state = 'failed';
      throw thrown;
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
