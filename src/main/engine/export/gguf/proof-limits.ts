/** How far the answers of a GGUF file may be from those of base and adapter. */
import type { GgufFileType } from '../../../../shared/export-forms.ts';
import { proofLimits, type Limits } from '../verify.ts';

const ofFloats: Readonly<Partial<Record<GgufFileType, Limits>>> = {
  F32: proofLimits.float32,
  F16: proofLimits.float16,
  BF16: proofLimits.bfloat16,
};

/**
 * Null for blocks of few bits: they move answers by an amount that depends on the model, and is shown and not judged. What decides
 * there is whether each tensor is as near as its type allows.
 */
export function proofLimitsOf(type: GgufFileType): Limits | null {
  return ofFloats[type] ?? null;
}
