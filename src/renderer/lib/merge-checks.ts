/** The figures of a proof of merge, each with its limit and a word of help. */
import type { MergeReport } from '../../shared/contract/records.ts';
import { formatPercent, formatSmall } from '../../shared/format.ts';

export type MergeCheck = {
  label: string;
  value: string;
  /** What the figure must stay under; null for a figure that is only shown. */
  limit: string | null;
  /** Null for a figure that is only shown. */
  passed: boolean | null;
  help: string;
};

/** Every figure of the report, those that decide first. */
export function mergeChecks(report: MergeReport): MergeCheck[] {
  const { limits, perplexity } = report;
  const ratio = perplexity.merged / perplexity.adapter;
  return [
    {
      label: 'Mean KL divergence',
      value: `${formatSmall(report.meanKl)} nats/token`,
      limit: formatSmall(limits.meanKl),
      passed: report.meanKl <= limits.meanKl,
      help: 'How differently the written model spreads its bets on the next token. 0 is identical.',
    },
    {
      label: 'Changed first choices',
      value: formatPercent(report.changedArgmax),
      limit: formatPercent(limits.changedArgmax),
      passed: report.changedArgmax <= limits.changedArgmax,
      help: 'Positions at which the most likely next token is another one.',
    },
    {
      label: 'Perplexity, with adapter → merged',
      value: `${perplexity.adapter.toPrecision(4)} → ${perplexity.merged.toPrecision(4)}`,
      limit: `a factor of ${limits.perplexityRatio}`,
      passed: ratio <= limits.perplexityRatio && ratio >= 1 / limits.perplexityRatio,
      help: 'How surprised each is by the held-out text. The two should be the same.',
    },
    {
      label: 'Tokenizer',
      value: report.tokenizerEqual ? 'equal' : 'different',
      limit: null,
      passed: report.tokenizerEqual,
      help: 'The written tokenizer cuts text into the same tokens.',
    },
    {
      label: 'Chat template',
      value: report.chatTemplateEqual ? 'equal' : 'different',
      limit: null,
      passed: report.chatTemplateEqual,
      help: 'Chats are laid out for the model the same way.',
    },
    {
      label: 'Largest logit difference',
      value: formatSmall(report.maxAbsoluteLogitDifference),
      limit: null,
      passed: null,
      help: 'The single largest change of any raw score. Shown for information.',
    },
    {
      label: 'Rounding loss',
      value: formatPercent(report.roundingLoss),
      limit: null,
      passed: null,
      help: `Size of the rounding to ${report.dtype}, measured against what the adapter changed. Shown for information.`,
    },
  ];
}
