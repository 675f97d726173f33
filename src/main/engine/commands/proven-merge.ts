/** Base + adapters as a Hugging Face directory, with the proof that it answers as they did. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { MergeDtype, MergeReport } from '../../../shared/contract/merge-report.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { tensorBytes } from '../checkpoint/safetensors-writer.ts';
import { accountForFiles } from '../export/account-files.ts';
import { writeMergedModel } from '../export/merge-model.ts';
import { proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import { mergedBaseOf } from './merged-base.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { mergedOf, proveAnswers, proveClassifier, type Proof } from './prove.ts';

const ggmlTypes = { float32: 'F32', bfloat16: 'BF16', float16: 'F16' } as const;

/** Writes into an empty folder. Errors: those of `writeMergedModel`, and of the proof. */
export async function provenMerge(
  folder: string,
  blend: Blend,
  dtype: MergeDtype,
  context: EngineContext,
): Promise<Omit<MergeReport, 'output'>> {
  const { base } = blend;
  const adapter = blend.sum();
  const written = await writeMergedModel(folder, base, adapter, dtype, (done, total) => {
    context.emit({ kind: 'progress', phase: 'Merging and writing', done, total });
  });
  await breathe(context.signal, 'The merge');
  const proof = await proofOf(folder, blend, context);
  const checks = proofChecks(proof.comparison, proofLimits[dtype], proof.equal);
  const account = accountForFiles(folder, base, adapter, dtype);
  const failures = [...proofFailures(checks, dtype, base.architecture), ...account.failures];
  return {
    passed: failures.length === 0,
    dtype,
    ...proof.comparison,
    roundingLoss: written.roundingLoss,
    checks,
    failures,
    mergedModules: written.mergedModules,
    base: await mergedBaseOf(blend, { path: folder, typeOf: () => ggmlTypes[dtype] }, context),
    bytes: written.bytes,
    files: account.files,
  };
}

/** What the files at `path` answer, against what base and adapters do. */
export function proofOf(path: string, blend: Blend, context: EngineContext): Promise<Proof> {
  const { base, labels, tokenizer } = blend;
  const merged = mergedOf(blend);
  return labels
    ? proveClassifier(path, base, { ...merged, labels }, tokenizer, context)
    : proveAnswers(path, base, merged, tokenizer, context);
}

/** Of the weights and the tokenizer, which are nearly all that is written. */
export function mergedBytes({ tensors, tokenizer }: Checkpoint, dtype: MergeDtype): number {
  const shapes = [...tensors.values()].map(({ shape }) => tensorBytes(shape, dtype));
  return shapes.reduce((sum, bytes) => sum + bytes, tokenizer.tokenizerFile?.length ?? 0);
}
