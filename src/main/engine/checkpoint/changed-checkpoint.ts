/** A checkpoint that is another one but for what is changed of it. */
import type { Checkpoint } from './checkpoint.ts';
import { rowsOfWhole } from './row-reader.ts';

export type Changes = Partial<Pick<Checkpoint, 'architecture' | 'tensors' | 'read' | 'packed'>>;

/** The files stay those of the original, and closing it closes them. Its tokenizer is read when first asked for, as there. */
export function changedCheckpoint(checkpoint: Checkpoint, changes: Changes): Checkpoint {
  const { path, format, files, architecture, config, tensors, ggufPairs } = checkpoint;
  return {
    ...{ path, format, files, architecture, config, tensors },
    read: (name) => checkpoint.read(name),
    rows(name) {
      const { read } = changes;
      if (!read) return checkpoint.rows(name);
      const { shape = [] } = (changes.tensors ?? tensors).get(name) ?? {};
      return rowsOfWhole(shape.at(-1) ?? 0, () => read(name));
    },
    readPlain: (name, target, begin) => checkpoint.readPlain(name, target, begin),
    packed: (name) => checkpoint.packed(name),
    ...(ggufPairs && { ggufPairs }),
    get tokenizer() {
      return checkpoint.tokenizer;
    },
    close: () => {
      checkpoint.close();
    },
    ...changes,
  };
}
