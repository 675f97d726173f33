/** How much of what an adapter changes a file of few bits will hold, known from some rows before it is written. */
import type { ExportTensors } from '../../../../shared/contract/exports.ts';
import { lorikeetError } from '../../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../../checkpoint/adapter.ts';
import type { Checkpoint } from '../../checkpoint/checkpoint.ts';
import type { GgufFileType } from '../../../../shared/export-forms.ts';
import { sampleOf } from '../account-tensors.ts';
import { expectedRow } from '../expected-rows.ts';
import { roundedTo } from '../in-type.ts';
import { isBlock } from './block-error.ts';
import { ChangeShare, isBelow } from './change-share.ts';
import type { GgufPlan } from './write-gguf.ts';

/** So many are looked at, some rows of each. */
const sampledModules = 16;
/** A file with less of the change is no merge of anything. */
const least = 0.5;

/**
 * Where weights lie on the grid of the type already, as those of a file of the same type do, a small change moves few of them to the
 * next step, and rounding gives back the base.
 * Errors: export/loses-adapter.
 */
export function refuseLoss(
  base: Checkpoint,
  adapter: Adapter,
  plan: GgufPlan,
  fileType: GgufFileType,
): void {
  const change = expectedShare(base, adapter, plan);
  if (change === null || !isBelow(change, least)) return;
  throw lorikeetError('export/loses-adapter', { path: base.path, type: fileType, ...change });
}

/** Null where nothing is changed, or nothing of it is rounded to blocks. */
function expectedShare(
  base: Checkpoint,
  { modules }: Adapter,
  { tensors }: GgufPlan,
): ExportTensors['change'] {
  const changed = tensors.flatMap(({ parts, type }) =>
    parts.flatMap((name) => {
      const module = modules.get(name.replace(/\.weight$/, ''));
      return module ? [{ name, type, module }] : [];
    }),
  );
  if (!changed.some(({ type }) => isBlock(type))) return null;
  const sum = new ChangeShare();
  for (const at of sampleOf(changed.length, sampledModules)) {
    const tensor = changed[at];
    if (!tensor) continue;
    const { module } = tensor;
    const rowOfBase = base.rows(tensor.name);
    for (const row of sampleOf(module.out)) {
      const own = rowOfBase(row);
      const { values } = expectedRow(new Float64Array(own), row, module, 'float32');
      const merged = Float32Array.from(values);
      const written = roundedTo(tensor, merged, base.path);
      merged.forEach((value, i) => {
        sum.add(own[i] ?? NaN, value, written[i] ?? NaN);
      });
    }
  }
  return sum.get();
}
