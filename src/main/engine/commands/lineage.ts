/** Base and adapters of something that is to be written, for its origin: which they are, and that they belong together. */
import type { AdapterSource, EngineContext } from '../../../shared/contract/engine.ts';
import type { BaseOrigin, PartOrigin } from '../../../shared/contract/origin.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { baseOrigin, bytesOf } from '../origin/base-origin.ts';
import { checkSameBase, partsOf } from '../origin/parts.ts';
import { tellAll } from './open-model.ts';

export type Lineage = { base: BaseOrigin; parts: PartOrigin[] };

/**
 * Tells how far a base is that has to be read for it.
 * @param otherBase take a base whose files are other ones than the adapters were made on, and tell so
 * Errors: origin/base-changed, checkpoint/unreadable, and the reason of the signal.
 */
export async function lineageOf(
  checkpoint: Checkpoint,
  adapters: readonly AdapterSource[],
  otherBase: boolean,
  context: EngineContext,
): Promise<Lineage> {
  const tell = (text: string) => {
    tellAll(context, [text]);
  };
  const total = megabytes(bytesOf(checkpoint));
  let read = 0;
  const base = await baseOrigin(checkpoint, tell, {
    signal: context.signal,
    onBytes(bytes) {
      read += bytes;
      const phase = 'Taking the fingerprint of the base, MB';
      context.emit({ kind: 'progress', phase, done: megabytes(read), total });
    },
  });
  const parts = await partsOf(adapters, tell, { signal: context.signal });
  checkSameBase(parts, base, otherBase, tell);
  return { base, parts };
}

function megabytes(bytes: number): number {
  return Math.ceil(bytes / 1e6);
}
