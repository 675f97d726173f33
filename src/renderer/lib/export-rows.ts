/** The checks and figures of the proof of an export in words. The verdict is the report's. */
import type { ExportAnswers, ExportReport } from '../../shared/contract/exports.ts';
import type { MergeCheck } from '../../shared/contract/merge-report.ts';
import { formatCount, formatPercent, formatSmall } from '../../shared/format.ts';
import { mergedBaseRows } from '../../shared/say-merged-base.ts';

export type ProofRow = {
  label: string;
  value: string;
  /** Null where there is none to say. */
  limit: string | null;
  /** Null for a figure that is only shown. */
  passed: boolean | null;
  help: string;
};

type Say = (value: number, answers: ExportAnswers) => string;
type Words = { label: string; help: string; value: Say; limit: Say | null };

const words: Record<MergeCheck['name'], Words> = {
  meanKl: {
    label: 'Mean KL divergence',
    help: 'How differently what was written spreads its bets on the next token. 0 is identical.',
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
    label: 'Perplexity, with adapter → written',
    help: 'How surprised each is by the held-out text; the nearer, the better.',
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

/** Whether what was written tells texts apart rather than to predict the next token. */
function classifies({ perplexity }: Pick<ExportAnswers, 'perplexity'>): boolean {
  return perplexity === null;
}

function equality(equal: number): string {
  return equal === 1 ? 'equal' : 'different';
}

/** Every check of the report, then the figures that decide nothing. */
export function proofRows(report: ExportReport): ProofRow[] {
  const { answers } = report;
  return [
    ...(answers === null ? [] : answerRows(answers)),
    ...approximationRows(report),
    ...tensorRows(report),
    ...(report.base === null
      ? []
      : mergedBaseRows(report.base).map((row) => ({ ...row, ...shown }))),
  ];
}

/** What the proof says as a whole. */
export function sayVerdict(report: ExportReport): string {
  const { answers } = report;
  if (answers === null) return sayOutcome(report);
  const texts = classifies(answers) ? 'texts' : 'prompts';
  return `${sayOutcome(report)} Compared on ${formatCount(answers.prompts)} held-out ${texts}, ${formatCount(answers.tokens)} tokens.`;
}

function sayOutcome({ passed, answers, approximation, base }: ExportReport): string {
  if (!passed) return 'The files were written, but are not what base and adapter are.';
  if (answers === null) return 'What was written holds what it should.';
  if (isJudged(answers)) {
    const other = base !== null && base.mergedInto !== null;
    return other
      ? 'What was written answers as the other weights do with the adapter.'
      : 'What was written answers as base and adapter did.';
  }
  const held = approximation === null ? 'holds what it should' : 'comes as near as it can';
  return `What was written ${held}; its first choice is another one at ${formatPercent(answers.changedArgmax)} of the places.`;
}

/** Where few bits or a nearest product move the answers, these are shown only. */
function isJudged({ checks }: ExportAnswers): boolean {
  return checks.some(({ name }) => name === 'meanKl');
}

const shown = { limit: null, passed: null };

function answerRows(answers: ExportAnswers): ProofRow[] {
  const { checks, meanKl, changedArgmax, perplexity } = answers;
  const say = (name: MergeCheck['name']) => ({
    ...words[name],
    ...(classifies(answers) ? wordsOfClassifier[name] : {}),
  });
  // Nobody looks for it at a classifier, but for a fault.
  const shownChecks = checks.filter(
    ({ name, passed }) => name !== 'chatTemplate' || !passed || !classifies(answers),
  );
  const judged = shownChecks.map(({ name, value, limit, passed }): ProofRow => {
    const { label, help, ...said } = say(name);
    return {
      ...{ label, help, passed },
      value: said.value(Number(value), answers),
      limit: said.limit && said.limit(Number(limit), answers),
    };
  });
  const asked = { meanKl, changedArgmax, ...(perplexity === null ? {} : { perplexityRatio: 1 }) };
  const figures = (['meanKl', 'changedArgmax', 'perplexityRatio'] as const).flatMap((name) => {
    const figure = asked[name];
    if (isJudged(answers) || figure === undefined) return [];
    const { label, help, value } = say(name);
    return [{ ...shown, label, help, value: value(figure, answers) }];
  });
  return [
    ...figures,
    ...judged,
    {
      ...shown,
      label: 'Largest logit difference',
      value: formatSmall(answers.maxAbsoluteLogitDifference),
      help: 'The single largest change of any raw score. Shown for information.',
    },
  ];
}

function approximationRows({ approximation }: ExportReport): ProofRow[] {
  if (approximation === null) return [];
  const { relativeError, worst, rank } = approximation;
  return [
    {
      ...shown,
      label: 'Error of the change',
      value: formatPercent(relativeError),
      help: `What DoRA learnt is no product of two matrices, and such a file holds nothing else. This is how far the nearest one of rank ${formatCount(rank)} is from it.`,
    },
    {
      ...shown,
      label: 'The worst of it',
      value: formatPercent(worst.relativeError),
      help: `In ${worst.module}.`,
    },
  ];
}

function tensorRows({ tensors, roundingLoss, type }: ExportReport): ProofRow[] {
  if (tensors === null) return [];
  const { change, largestError, comparedValues } = tensors;
  return [
    ...(change === null
      ? []
      : [
          {
            ...shown,
            label: 'Share of the change that is in the file',
            value: `${formatPercent(change.share)} ± ${formatPercent(change.deviation)}`,
            help: `How much of what the adapter changes is still there after rounding to ${type ?? 'the type'}; 100\u202f% is all. What stands behind ± is how far chance moves it, which is much where the adapter changes less than the rounding does.`,
          },
        ]),
    ...(roundingLoss === 0
      ? []
      : [
          {
            ...shown,
            label: 'Rounding loss',
            value: formatPercent(roundingLoss),
            help: 'Size of the rounding to 16 bits, measured against what the adapter changed. Shown for information.',
          },
        ]),
    {
      ...shown,
      label: 'Largest error of a written number',
      value: formatPercent(largestError),
      help: `Of what the type allows, in ${formatCount(comparedValues)} numbers that were read again.`,
    },
  ];
}
