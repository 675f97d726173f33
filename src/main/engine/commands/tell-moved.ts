/** Says where an adapter is that did not fit where it was to go. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Placed } from '../export/output-folder.ts';

export function tellMoved(
  { path, moved }: Pick<Placed<unknown>, 'path' | 'moved'>,
  output: string,
  emit: EngineContext['emit'],
): void {
  if (moved === null) return;
  const text = `The adapter is in ${path}, since ${output} could not take it: ${moved.what}`;
  emit({ kind: 'notice', text });
}
