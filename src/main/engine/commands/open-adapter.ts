/** An adapter held against the base that it is used with, and what a person should know of it. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { inWholeModel } from '../checkpoint/bare-adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkAdapterFits } from '../checkpoint/adapter-fit.ts';
import {
  adapterFolder,
  readAdapter,
  tensorsPathOf,
  type BaseModules,
} from '../checkpoint/peft-adapter.ts';
import { checkSavedEmbeddings } from '../checkpoint/saved-embeddings.ts';
import { expertsApart } from '../checkpoint/stacked-adapters.ts';
import { linearPaths, type Architecture } from '../model/architecture.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { otherName } from '../origin/base-name.ts';
import { originOf } from '../origin/origin-file.ts';

/**
 * Reads the adapter at `path`, a folder or one of its two files, and tells what of it has no effect, and where it names another base.
 * Errors: those of `readAdapter`; adapter/does-not-fit, adapter/own-embeddings.
 */
export function openAdapter(
  path: string,
  base: Checkpoint,
  { emit }: Pick<EngineContext, 'emit'>,
): Adapter {
  const folder = adapterFolder(path);
  const { notices, embeddings, stacked, ...read } = readAdapter(
    folder,
    modulesOf(base.architecture),
  );
  const whole = inWholeModel(read, base.architecture);
  const adapter = expertsApart(whole, stacked, base.architecture, folder);
  checkAdapterFits(adapter, base.architecture, folder);
  checkSavedEmbeddings(tensorsPathOf(folder), embeddings, base);
  for (const text of notices) emit({ kind: 'notice', text });
  const other = otherName(folder, adapter.baseModel, base.path);
  // What was made here knows its base by the files of it (tell-other-base.ts).
  if (other !== null && originOf(folder, () => undefined) === null)
    emit({ kind: 'notice', text: other });
  return adapter;
}

/** Also by the names that they have in the bare model, which are those without the first part. */
function modulesOf(architecture: Architecture): BaseModules {
  const linears = linearPaths(architecture);
  const weights = [...weightShapes(architecture).keys(), architecture.outside.output ?? []].flat();
  const paths = [...linears, ...weights.map((name) => name.replace(/\.[^.]+$/, ''))];
  return { linears, all: paths.flatMap((path) => [path, path.replace(/^[^.]+\./, '')]) };
}
