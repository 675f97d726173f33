/** The proof of an adapter that was written by itself: it answers on its base as what it was made of. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { ExportReport } from '../../../shared/contract/exports.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import type { WrittenForm } from './form-writer.ts';
import type { Blend } from './open-blend.ts';
import { mergedOf, proveAdapter } from './prove.ts';

/** Errors: compose/no-adapters. */
export function checkAdapters({ parts }: Blend): void {
  if (parts.length === 0) throw lorikeetError('compose/no-adapters', undefined);
}

/**
 * The report of a written adapter by its answers, where it has any.
 * @param adapter what was to be written
 * @param approximation null where that was written exactly
 */
export async function provenAdapter(
  written: Adapter,
  adapter: Adapter,
  approximation: ExportReport['approximation'],
  blend: Blend,
  dtype: 'float32' | 'float16',
  context: EngineContext,
): Promise<WrittenForm> {
  const { base, labels, tokenizer } = blend;
  const missing = [...adapter.modules.keys()].filter((path) => !written.modules.has(path));
  const failures = missing.map((path) => `${path} is not in the file.`);
  const shape = {
    ...{ mergedModules: written.modules.size, base: null },
    ...{ roundingLoss: 0, tensors: null },
  };
  if (labels !== null) {
    return { passed: failures.length === 0, failures, ...shape, answers: null, approximation };
  }
  const comparison = await proveAdapter(written, base, mergedOf(blend), tokenizer, context);
  // What is only brought near is shown with its error, and not judged by its answers.
  const limits = approximation === null ? proofLimits[dtype] : null;
  const checks = proofChecks(comparison, limits, { tokenizer: true, chatTemplate: true }).filter(
    ({ name }) => name !== 'tokenizer' && name !== 'chatTemplate',
  );
  failures.push(...proofFailures(checks, dtype, base.architecture));
  return {
    passed: failures.length === 0,
    failures,
    ...shape,
    answers: { ...comparison, checks },
    approximation,
  };
}
