/** What is said where a base that answers is another one than its adapters were made on. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { knownBaseHash } from '../origin/base-origin.ts';
import { originOf } from '../origin/origin-file.ts';
import { checkSameBase } from '../origin/parts.ts';

/** Says it as far as it is known without reading the base, and says nothing else. */
export function tellOtherBase(
  checkpoint: Checkpoint,
  adapters: readonly string[],
  { emit }: Pick<EngineContext, 'emit'>,
): void {
  const sha256 = adapters.length === 0 ? null : knownBaseHash(checkpoint);
  if (sha256 === null) return;
  const tell = (text: string) => {
    emit({ kind: 'notice', text });
  };
  const parts = adapters.map((path) => ({ path, origin: originOf(path, tell) }));
  checkSameBase(parts, { path: checkpoint.path, sha256 }, true, tell);
}
