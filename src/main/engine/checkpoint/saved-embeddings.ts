/** Embeddings that PEFT saved into an adapter beside A and B: of no effect where they are the base's own, else not computed here. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Checkpoint } from './checkpoint.ts';
import { narrowed } from './safetensors-writer.ts';
import { floatTypeOf, widened } from '../numbers/float-formats.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';

const prefix = 'base_model.model.';
/** PEFT's `EMBEDDING_LAYER_NAMES`: what it saves along when the vocabulary was looked at. */
const embedding = /^base_model\.model\.((?:.+\.)?(?:embed_tokens|lm_head)\.weight)$/;

/** The names that the embeddings in an adapter's file have in the base. */
export function savedEmbeddings(tensors: Iterable<string>): string[] {
  return [...tensors].flatMap((name) => embedding.exec(name)?.[1] ?? []);
}

/**
 * Every one of `names` in the adapter's file has to hold the values of the base, rounded to its own type.
 * Errors: adapter/own-embeddings, naming each that does not; those of reading.
 */
export function checkSavedEmbeddings(
  file: string,
  names: readonly string[],
  base: Pick<Checkpoint, 'architecture' | 'tensors' | 'read'>,
): void {
  if (names.length === 0) return;
  const adapter = openSafetensors(file);
  try {
    const problems = names.flatMap((name) => differenceOf(adapter, name, base) ?? []);
    if (problems.length > 0)
      throw lorikeetError('adapter/own-embeddings', { path: file, problems });
  } finally {
    adapter.close();
  }
}

/** What is different in one of them; null where it is the base's own. */
function differenceOf(
  adapter: SafetensorsFile,
  name: string,
  base: Pick<Checkpoint, 'architecture' | 'tensors' | 'read'>,
): string | null {
  // A tied output matrix is the embedding.
  const baseName = base.tensors.has(name) ? name : base.architecture.outside.embedding;
  const expected = base.tensors.get(baseName);
  const found = adapter.tensors.get(prefix + name);
  if (expected === undefined || found === undefined) return `the base has no ${name}`;
  if (found.shape.join() !== expected.shape.join()) {
    return `${name} is [${found.shape.join(', ')}], that of the base [${expected.shape.join(', ')}]`;
  }
  const values = adapter.read(prefix + name);
  const type = floatTypeOf.get(found.dtype) ?? 'float32';
  const own = base.read(baseName);
  const rounded = type === 'float32' ? own : widened(narrowed(name, own, type), type);
  const same = values.every((value, i) => value === rounded[i]);
  return same ? null : `${name} has other values than that of the base`;
}
