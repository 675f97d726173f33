/** The checks and figures of a proof of merge in words. The verdict is the report's. */
import type { MergeCheck, MergeReport } from '../../shared/contract/records.ts';
import { formatPercent, formatSmall } from '../../shared/format.ts';

export type MergeRow = {
  label: string;
  value: string;
  /** Null where there is none to say. */
  limit: string | null;
  /** Null for a figure that is only shown. */
  passed: boolean | null;
  help: string;
};

type Say = (value: number, report: MergeReport) => string;
type Words = { label: string; help: string; value: Say; limit: Say | null };

const words: Record<MergeCheck['name'], Words> = {
  meanKl: {
    label: 'Mean KL divergence',
    help: 'How differently the written model spreads its bets on the next token. 0 is identical.',
    value: (value) => `${formatSmall(value)} nats/token`,
    limit: formatSmall,
  },
  changedArgmax: {
    label: 'Changed first choices',
    help: 'Positions at which the most likely next token is another one.',
    value: formatPercent,
    limit: formatPercent,
  },
  perplexityRatio: {
    label: 'Perplexity, with adapter → merged',
    help: 'How surprised each is by the held-out text. The two should be the same.',
    value: (_, { perplexity }) =>
      perplexity === null
        ? ''
        : `${perplexity.adapter.toPrecision(4)} → ${perplexity.merged.toPrecision(4)}`,
    limit: (limit) => `a factor of ${limit}`,
  },
  tokenizer: {
    label: 'Tokenizer',
    help: 'The written tokenizer cuts text into the same tokens.',
    value: equality,
    limit: null,
  },
  chatTemplate: {
    label: 'Chat template',
    help: 'Chats are laid out for the model the same way.',
    value: equality,
    limit: null,
  },
};

/** Where a classifier's differ. */
const wordsOfClassifier: Partial<Record<MergeCheck['name'], Partial<Words>>> = {
  meanKl: {
    help: 'How differently the written model spreads its bets on the labels. 0 is identical.',
    value: (value) => `${formatSmall(value)} nats/text`,
  },
  changedArgmax: {
    label: 'Changed labels',
    help: 'Texts that are told to be something else.',
  },
  tokenizer: { help: 'The written tokenizer cuts texts into the same tokens.' },
};

/** Whether the merged model tells texts apart rather than to predict the next token. */
export function classifies({ perplexity }: Pick<MergeReport, 'perplexity'>): boolean {
  return perplexity === null;
}

function equality(equal: number): string {
  return equal === 1 ? 'equal' : 'different';
}

/** Every check of the report, then the figures that decide nothing. */
export function mergeRows(report: MergeReport): MergeRow[] {
  // Nobody looks for it at a classifier, but for a fault.
  const shownChecks = report.checks.filter(
    ({ name, passed }) => name !== 'chatTemplate' || !passed || !classifies(report),
  );
  const checks = shownChecks.map(({ name, value, limit, passed }): MergeRow => {
    const said = { ...words[name], ...(classifies(report) ? wordsOfClassifier[name] : {}) };
    return {
      label: said.label,
      help: said.help,
      passed,
      value: said.value(Number(value), report),
      limit: said.limit && said.limit(Number(limit), report),
    };
  });
  const shown = { limit: null, passed: null };
  return [
    ...checks,
    {
      ...shown,
      label: 'Largest logit difference',
      value: formatSmall(report.maxAbsoluteLogitDifference),
      help: 'The single largest change of any raw score. Shown for information.',
    },
    {
      ...shown,
      label: 'Rounding loss',
      value: formatPercent(report.roundingLoss),
      help: `Size of the rounding to ${report.dtype}, measured against what the adapter changed. Shown for information.`,
    },
  ];
}
