/** The proof of merge: how far the answers of the written files are from those of base + adapter. */
import type { MergeReport } from '../../../shared/contract/merge-report.ts';
import type { KnownLabels } from '../model/classifier.ts';

/** Logits of one model, prompt by prompt: [tokens, V], row-major. */
export type LogitsOf = (tokens: readonly number[]) => Float32Array;

export type Comparison = Pick<
  MergeReport,
  'prompts' | 'tokens' | 'maxAbsoluteLogitDifference' | 'meanKl' | 'perplexity' | 'changedArgmax'
>;

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

/**
 * One position: p and q are logits [V]; `next` is the token that follows, if any. Both sums of exponentials and
 * KL(p ‖ q) = Σ pᵢ·(xᵢ − yᵢ) − log Σ exp xᵢ + log Σ exp yᵢ, with x and y the logits below their greatest, come from one pass:
 * with a large vocabulary they take longer than anything else that is compared.
 */
function comparePosition(p: Float32Array, q: Float32Array, next: number | null): Position {
  const [atP, atQ] = [argmax(p), argmax(q)];
  const [topP, topQ] = [p[atP] ?? NaN, q[atQ] ?? NaN];
  let sumP = 0;
  let sumQ = 0;
  let apart = 0;
  let largest = 0;
  for (let i = 0; i < p.length; i++) {
    const x = (p[i] ?? NaN) - topP;
    const y = (q[i] ?? NaN) - topQ;
    const weight = Math.exp(x);
    sumP += weight;
    sumQ += Math.exp(y);
    apart += weight * (x - y);
    // NaN has to win: a comparison with > would pass it over.
    largest = Math.max(largest, Math.abs((p[i] ?? NaN) - (q[i] ?? NaN)));
  }
  const [a, m] = [Math.log(sumP), Math.log(sumQ)];
  const nll =
    next === null ? null : { a: a + topP - (p[next] ?? NaN), m: m + topQ - (q[next] ?? NaN) };
  return { kl: apart / sumP - a + m, largest, sameArgmax: atP === atQ, nll };
}

/** Where the greatest is; the first of equal ones. */
function argmax(x: Float32Array): number {
  let at = 0;
  for (let i = 1; i < x.length; i++) if ((x[i] ?? NaN) > (x[at] ?? NaN)) at = i;
  return at;
}
