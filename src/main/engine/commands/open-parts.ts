/** Adapters of one base with what each counts, held against the base. */
import type { AdapterSource, EngineContext } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Part } from '../compose/parts.ts';
import { severalNames } from '../origin/base-name.ts';
import { openAdapter } from './open-adapter.ts';
import { tellAll } from './open-model.ts';

/**
 * The adapters that count, as their files have them; one whose weight is 0 is told and left out.
 * Errors: compose/bad-weight, compose/all-weights-zero; those of opening an adapter.
 */
export function openParts(
  sources: readonly AdapterSource[],
  base: Checkpoint,
  context: EngineContext,
): Part[] {
  // What is written is float32, and larger weights would leave even the range of float64 where they are squared.
  const bad = sources.find(({ weight }) => !Number.isFinite(Math.fround(weight)));
  if (bad) throw lorikeetError('compose/bad-weight', bad);
  if (sources.length > 0 && sources.every(({ weight }) => weight === 0))
    throw lorikeetError('compose/all-weights-zero', undefined);
  const opened = sources.map((source) => {
    const told = source.weight === 0 ? { emit: () => undefined } : context;
    return { ...source, adapter: openAdapter(source.path, base, told) };
  });
  const idle = opened.filter(({ weight }) => weight === 0);
  tellAll(
    context,
    idle.map(({ path }) => `${path} has the weight 0 and adds nothing.`),
  );
  const parts = opened.filter(({ weight }) => weight !== 0);
  const named = parts.map(({ adapter }) => adapter.baseModel);
  tellAll(context, severalNames(named, base.path));
  return parts;
}
