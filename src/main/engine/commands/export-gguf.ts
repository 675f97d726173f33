/** A merged GGUF file as a form of export. */
import { z } from 'zod';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { ggufFileTypes, type GgufFileType } from '../../../shared/export-forms.ts';
import { accountForGguf } from '../export/gguf/account.ts';
import { refuseLoss } from '../export/gguf/expected-share.ts';
import { proofLimitsOf } from '../export/gguf/proof-limits.ts';
import { planGguf, writeGgufModel, type GgufPlan } from '../export/gguf/write-gguf.ts';
import { proofChecks, proofFailures } from '../export/verify.ts';
import type { GgmlType } from '../ggml/ggml-types.ts';
import type { FormWriter, WrittenForm } from './form-writer.ts';
import { mergedBaseOf } from './merged-base.ts';
import type { Blend } from './open-blend.ts';
import { breathe, tellAll } from './open-model.ts';
import { proofOf } from './proven-merge.ts';

export const exportGguf: FormWriter = (blend, type, context, force) => {
  const fileType = z.enum(ggufFileTypes).parse(type);
  const plan = checkedPlan(blend, fileType, force);
  return {
    needed: plan.bytes,
    write: (file) => provenGguf(file, blend, fileType, plan, context),
  };
};

/** Errors: those of `planGguf`; export/loses-adapter, unless it is forced. */
export function checkedPlan(blend: Blend, fileType: GgufFileType, force: boolean): GgufPlan {
  const { base } = blend;
  const plan = planGguf(base, blend.sum(), fileType);
  if (!force) refuseLoss(base, blend.sum(), plan, fileType);
  return plan;
}

/** Errors: those of `writeGgufModel`, and of the proof. */
export async function provenGguf(
  file: string,
  blend: Blend,
  fileType: GgufFileType,
  plan: GgufPlan,
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
    base: await mergedBaseOf(blend, { path: file, typeOf: typesOf(plan) }, context),
    roundingLoss: written.roundingLoss,
    answers: { ...comparison, checks },
    tensors: account.tensors,
    approximation: null,
  };
}

/** The type of each weight by its name in the model. */
function typesOf({ tensors }: GgufPlan): (name: string) => GgmlType {
  const types = new Map(
    tensors.flatMap(({ parts, type }) => parts.map((name) => [name, type] as const)),
  );
  return (name) => types.get(name) ?? 'F32';
}
