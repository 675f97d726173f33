/** The proof of merge: what base + adapter answers, and what the written files answer. */
import type { MergeCheck, MergeDtype, MergeReport } from '../../../shared/contract/merge-report.ts';
import type { Architecture } from '../model/architecture.ts';
import type { KnownLabels } from '../model/classifier.ts';

/** Logits of one model, prompt by prompt: [tokens, V], row-major. */
export type LogitsOf = (tokens: readonly number[]) => Float32Array;

export type Comparison = Pick<
  MergeReport,
  'prompts' | 'tokens' | 'maxAbsoluteLogitDifference' | 'meanKl' | 'perplexity' | 'changedArgmax'
>;

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

/** What classifiers answer to the same texts, [texts, labels] row-major, of base + adapter and of the written files. */
export type Answers = { adapter: Float32Array; merged: Float32Array; labels: KnownLabels };

/**
 * Compares two classifiers: KL of the classes' probabilities, of each class by itself where there can be several. Values have
 * no probabilities: for them `meanKl` is that of normal distributions of deviation 1 round them, half the square of the difference.
 */
export function compareClassifiers(
  { adapter, merged, labels }: Answers,
  tokens: number,
): Comparison {
  const width = labels.names.length;
  const prompts = adapter.length / width;
  let kl = 0;
  let changed = 0;
  let largest = 0;
  for (let i = 0; i < prompts; i++) {
    const p = adapter.subarray(i * width, (i + 1) * width);
    const q = merged.subarray(i * width, (i + 1) * width);
    const each = compareAnswers(p, q, labels.problem);
    kl += each.kl;
    changed += each.same ? 0 : 1;
    for (const [j, x] of p.entries()) largest = Math.max(largest, Math.abs(x - (q[j] ?? NaN)));
  }
  return {
    ...{ prompts, tokens, maxAbsoluteLogitDifference: largest, perplexity: null },
    meanKl: kl / prompts,
    changedArgmax: changed / prompts,
  };
}

function compareAnswers(p: Float32Array, q: Float32Array, problem: KnownLabels['problem']) {
  if (problem === 'regression') {
    const difference = (p[0] ?? NaN) - (q[0] ?? NaN);
    return { kl: difference ** 2 / 2, same: true };
  }
  if (problem === 'single_label_classification') {
    const { kl, sameArgmax } = comparePosition(p, q, null);
    return { kl, same: sameArgmax };
  }
  // Each class is a choice between it, with its logit, and not it, with 0.
  const pairs = Array.from(p, (x, i) =>
    comparePosition(Float32Array.of(0, x), Float32Array.of(0, q[i] ?? NaN), null),
  );
  return {
    kl: pairs.reduce((sum, pair) => sum + pair.kl, 0),
    same: pairs.every(({ sameArgmax }) => sameArgmax),
  };
}

/** Compares two models on the same token sequences, in float64. `after` lets other work in between prompts. */
export async function compareModels(
  prompts: readonly (readonly number[])[],
  vocabSize: number,
  adapter: readonly Float32Array[],
  merged: LogitsOf,
  after: (done: number) => Promise<void>,
): Promise<Comparison> {
  const totals = { positions: 0, kl: 0, changed: 0, largest: 0, predicted: 0, nllA: 0, nllM: 0 };
  for (const [i, tokens] of prompts.entries()) {
    const a = adapter[i] ?? new Float32Array();
    const m = merged(tokens);
    tokens.forEach((_, t) => {
      const p = a.subarray(t * vocabSize, (t + 1) * vocabSize);
      const q = m.subarray(t * vocabSize, (t + 1) * vocabSize);
      const position = comparePosition(p, q, tokens[t + 1] ?? null);
      totals.positions += 1;
      totals.kl += position.kl;
      totals.changed += position.sameArgmax ? 0 : 1;
      totals.largest = Math.max(totals.largest, position.largest);
      if (position.nll) {
        totals.predicted += 1;
        totals.nllA += position.nll.a;
        totals.nllM += position.nll.m;
      }
    });
    await after(i + 1);
  }
  return {
    prompts: prompts.length,
    tokens: totals.positions,
    maxAbsoluteLogitDifference: totals.largest,
    meanKl: totals.kl / totals.positions,
    perplexity: {
      adapter: Math.exp(totals.nllA / totals.predicted),
      merged: Math.exp(totals.nllM / totals.predicted),
    },
    changedArgmax: totals.changed / totals.positions,
  };
}

type Position = {
  kl: number;
  largest: number;
  sameArgmax: boolean;
  nll: { a: number; m: number } | null;
};

/** One position: p and q are logits [V]; `next` is the token that follows, if any. */
function comparePosition(p: Float32Array, q: Float32Array, next: number | null): Position {
  const a = logSumExp(p);
  const m = logSumExp(q);
  let kl = 0;
  let largest = 0;
  for (let i = 0; i < p.length; i++) {
    const x = p[i] ?? NaN;
    const y = q[i] ?? NaN;
    // NaN has to win: a comparison with > would pass it over.
    largest = Math.max(largest, Math.abs(x - y));
    const logA = x - a.value;
    kl += Math.exp(logA) * (logA - (y - m.value));
  }
  const nll =
    next === null ? null : { a: a.value - (p[next] ?? NaN), m: m.value - (q[next] ?? NaN) };
  return { kl, largest, sameArgmax: a.argmax === m.argmax, nll };
}

function logSumExp(x: Float32Array): { value: number; argmax: number } {
  let argmax = 0;
  for (let i = 1; i < x.length; i++) if ((x[i] ?? 0) > (x[argmax] ?? 0)) argmax = i;
  const top = x[argmax] ?? 0;
  let sum = 0;
  for (const value of x) sum += Math.exp(value - top);
  return { value: top + Math.log(sum), argmax };
}

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
