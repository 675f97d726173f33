/** The proof of merge: the verdict on how far the answers of the written files are from those of base + adapter. */
import type { MergeCheck, MergeDtype } from '../../../shared/contract/merge-report.ts';
import type { Architecture } from '../model/architecture.ts';
import type { Comparison } from './comparison.ts';

/**
 * Rounding weights to 16 bits moves logits; a merge that is wrong moves them by far more. Each limit is several times
 * what rounding alone does to SmolLM2-135M.
 */
export type Limits = { meanKl: number; changedArgmax: number; perplexityRatio: number };
export const proofLimits: Record<MergeDtype, Limits> = {
  float32: { meanKl: 1e-6, changedArgmax: 0.002, perplexityRatio: 1.0005 },
  float16: { meanKl: 1e-4, changedArgmax: 0.02, perplexityRatio: 1.005 },
  bfloat16: { meanKl: 5e-3, changedArgmax: 0.06, perplexityRatio: 1.03 },
};

/**
 * The verdict: each figure beside its limit, and what has to be equal. A figure that is no number does not pass. Without limits
 * only what has to be equal. */
export function proofChecks(
  { meanKl, changedArgmax, perplexity }: Comparison,
  limits: Limits | null,
  equal: { tokenizer: boolean; chatTemplate: boolean },
): MergeCheck[] {
  const under = (name: keyof Limits, value: number, shown = value): MergeCheck[] =>
    limits === null
      ? []
      : [{ name, value: shown, limit: limits[name], passed: value <= limits[name] }];
  const same = (name: 'tokenizer' | 'chatTemplate'): MergeCheck => ({
    name,
    value: equal[name],
    limit: true,
    passed: equal[name],
  });
  const factor = ({ merged, adapter }: NonNullable<Comparison['perplexity']>) => {
    const ratio = merged / adapter;
    return under('perplexityRatio', Math.max(ratio, 1 / ratio), ratio);
  };
  return [
    ...[...under('meanKl', meanKl), ...under('changedArgmax', changedArgmax)],
    ...(perplexity === null ? [] : factor(perplexity)),
    ...[same('tokenizer'), same('chatTemplate')],
  ];
}

const failures: Record<MergeCheck['name'], (value: number, limit: number) => string> = {
  meanKl: (value, limit) => `Mean KL is ${value.toExponential(2)} nats, over ${limit}.`,
  changedArgmax: (value, limit) =>
    `The most likely answer changed at ${(100 * value).toFixed(2)} % of the positions, over ${100 * limit} %.`,
  perplexityRatio: (value, limit) =>
    `Perplexity changed by a factor of ${value.toFixed(4)}, over ${limit}.`,
  tokenizer: () => 'The written tokenizer gives other tokens.',
  chatTemplate: () => 'The written chat template is another one.',
};

/** Weights that are not rounded, in the words of either kind of file. */
const exactTypes: ReadonlySet<string> = new Set(['float32', 'F32']);

/** One sentence for each check that failed, and one for what may be behind it. */
export function proofFailures(
  checks: readonly MergeCheck[],
  type: string,
  { experts }: Pick<Architecture, 'experts'>,
): string[] {
  const found = checks.flatMap(({ name, value, limit, passed }) =>
    passed ? [] : [failures[name](Number(value), Number(limit))],
  );
  if (found.length === 0 || !experts || exactTypes.has(type)) return found;
  return [
    ...found,
    `Where two experts are nearly as good, weights rounded to ${type} can send a token to the other one; written in 32 bits, the model sends it where it went.`,
  ];
}
