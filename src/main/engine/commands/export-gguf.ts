/** A merged GGUF file as a form of export. */
import { z } from 'zod';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { ggufFileTypes, type GgufFileType } from '../../../shared/export-forms.ts';
import { accountForGguf } from '../export/gguf/account.ts';
import { proofLimitsOf } from '../export/gguf/proof-limits.ts';
import { planGguf, writeGgufModel } from '../export/gguf/write-gguf.ts';
import { proofChecks, proofFailures } from '../export/verify.ts';
import type { FormWriter, WrittenForm } from './form-writer.ts';
import type { Blend } from './open-blend.ts';
import { breathe, tellAll } from './open-model.ts';
import { proofOf } from './proven-merge.ts';

export const exportGguf: FormWriter = (blend, type, context) => {
  const fileType = z.enum(ggufFileTypes).parse(type);
  const plan = planGguf(blend.base, blend.sum(), fileType);
  return {
    needed: plan.bytes,
    write: (file) => provenGguf(file, blend, fileType, plan, context),
  };
};

/** Errors: those of `writeGgufModel`, and of the proof. */
export async function provenGguf(
  file: string,
  blend: Blend,
  fileType: GgufFileType,
  plan: ReturnType<typeof planGguf>,
  context: EngineContext,
): Promise<WrittenForm> {
  const { base } = blend;
  const adapter = blend.sum();
  const tell = (done: number, total: number) => {
    context.emit({ kind: 'progress', phase: 'Merging and writing', done, total });
  };
  const written = await writeGgufModel(file, base, adapter, fileType, plan, tell);
  tellAll(context, written.notices);
  await breathe(context.signal, 'The export');
  const account = await accountForGguf(file, base, adapter, plan);
  await breathe(context.signal, 'The export');
  const { comparison, equal } = await proofOf(file, blend, context);
  const checks = proofChecks(comparison, proofLimitsOf(fileType), equal);
  const failures = [
    ...proofFailures(checks, fileType, base.architecture),
    ...(Number.isFinite(comparison.meanKl) ? [] : ['The file answers with numbers that are none.']),
    ...account.failures,
  ];
  return {
    passed: failures.length === 0,
    failures,
    mergedModules: adapter.modules.size,
    roundingLoss: written.roundingLoss,
    answers: { ...comparison, checks },
    tensors: account.tensors,
    approximation: null,
  };
}
