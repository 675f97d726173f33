/** An adapter held against the base that it is used with, and what a person should know of it. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { inWholeModel } from '../checkpoint/bare-adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkAdapterFits, missingModules } from '../checkpoint/adapter-fit.ts';
import { adapterFolder, readAdapter, tensorsPathOf } from '../checkpoint/peft-adapter.ts';
import { checkSavedEmbeddings } from '../checkpoint/saved-embeddings.ts';

/**
 * Reads the adapter at `path`, a folder or one of its two files, and tells what of it has no effect.
 * Errors: those of `readAdapter`; adapter/does-not-fit, adapter/own-embeddings.
 */
export function openAdapter(
  path: string,
  base: Checkpoint,
  { emit }: Pick<EngineContext, 'emit'>,
): Adapter {
  const folder = adapterFolder(path);
  const read = inWholeModel(readAdapter(folder), base.architecture);
  const { notices, selects, embeddings, ...adapter } = read;
  checkAdapterFits(adapter, base.architecture, folder);
  checkSavedEmbeddings(tensorsPathOf(folder), embeddings, base);
  const missing = selects ? missingModules(adapter, selects, base.architecture) : [];
  const incomplete = `The adapter's config selects ${missing.length} modules that its file has nothing for, such as ${missing[0] ?? ''}: they stay as the base has them.`;
  for (const text of [...notices, ...(missing.length > 0 ? [incomplete] : [])]) {
    emit({ kind: 'notice', text });
  }
  return adapter;
}
