/** Bases and adapters of something that is to be written, for its origin: which they are, and that they belong together. */
import type { AdapterSource, EngineContext } from '../../../shared/contract/engine.ts';
import type { BaseOrigin, PartOrigin } from '../../../shared/contract/origin.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { baseOrigin, bytesOf } from '../origin/base-origin.ts';
import { checkSameBase, partsOf } from '../origin/parts.ts';
import type { MergeBases } from './merge-bases.ts';
import { tellAll } from './open-model.ts';

export type Lineage = {
  base: BaseOrigin;
  /** What was merged into in place of it; null where nothing was. */
  mergedInto: BaseOrigin | null;
  parts: PartOrigin[];
};

/**
 * Tells how far a base is that has to be read for it.
 * @param otherBase take a base whose files are other ones than the adapters were made on, and tell so
 * Errors: origin/base-changed, checkpoint/unreadable, and the reason of the signal.
 */
export async function lineageOf(
  { trained, into }: Pick<MergeBases, 'trained' | 'into'>,
  adapters: readonly AdapterSource[],
  otherBase: boolean,
  context: EngineContext,
): Promise<Lineage> {
  const tell = (text: string) => {
    tellAll(context, [text]);
  };
  const base = await originOfBase(trained, tell, context);
  const mergedInto = into === trained ? null : await originOfBase(into, tell, context);
  const parts = await partsOf(adapters, tell, { signal: context.signal });
  checkSameBase(parts, base, otherBase, tell);
  return { base, mergedInto, parts };
}

function originOfBase(
  checkpoint: Checkpoint,
  tell: (text: string) => void,
  { signal, emit }: EngineContext,
): Promise<BaseOrigin> {
  const total = megabytes(bytesOf(checkpoint));
  let read = 0;
  return baseOrigin(checkpoint, tell, {
    signal,
    onBytes(bytes) {
      read += bytes;
      const phase = 'Taking the fingerprint of the base, MB';
      emit({ kind: 'progress', phase, done: megabytes(read), total });
    },
  });
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
