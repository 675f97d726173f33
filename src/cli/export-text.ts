/** An export and its proof as text. */
import type { ExportReport } from '../shared/contract/exports.ts';
import { commandsFor, exportForms } from '../shared/export-forms.ts';
import { formatBytes, formatCount, formatFigure } from './format.ts';
import { baseLines, checkRows } from './merge-text.ts';
import { renderTable } from './table.ts';

/** What was written, every check with its limit, the figures that decide nothing, and what runs it. */
export function describeExport(report: ExportReport): string {
  const { to, type, output, bytes } = report;
  const kind = type === null ? exportForms[to].label : `${exportForms[to].label}, ${type}`;
  return [
    `${kind}: ${output} (${formatBytes(bytes)})`,
    renderTable(
      ['Proof of export', 'found', 'limit', ''],
      [...answerRows(report), ...tensorRows(report), ...approximationRows(report)],
    ),
    ...(report.base === null ? [] : baseLines(report.base)),
    ...verdict(report),
    ...(report.passed ? commandsFor(to, output) : []).map(
      ({ program, command }) => `${program}: ${command}`,
    ),
  ].join('\n');
}

function answerRows({ answers, roundingLoss }: ExportReport): string[][] {
  if (answers === null) return [];
  const { perplexity, checks } = answers;
  const judged = new Set<string>(checks.map(({ name }) => name));
  return [
    ...checkRows(checks),
    ...(judged.has('meanKl')
      ? []
      : [
          ['mean KL, nats per answer', formatFigure(answers.meanKl)],
          ['changed most likely answer, share', formatFigure(answers.changedArgmax)],
        ]),
    ...(perplexity === null
      ? []
      : [
          ['perplexity, base + adapters', perplexity.adapter.toFixed(4)],
          ['perplexity, written files', perplexity.merged.toFixed(4)],
        ]),
    ['largest logit difference', formatFigure(answers.maxAbsoluteLogitDifference)],
    ['rounding loss', formatFigure(roundingLoss)],
  ];
}

function tensorRows({ tensors }: ExportReport): string[][] {
  if (tensors === null) return [];
  const { change } = tensors;
  return [
    [
      `largest error of ${formatCount(tensors.comparedValues)} values, of its bound`,
      formatFigure(tensors.largestError),
      '1',
    ],
    ...(change === null
      ? []
      : [
          [
            "share of the adapters' change that is there",
            `${formatFigure(change.share)} ± ${formatFigure(change.deviation)}`,
          ],
        ]),
    ...tensors.types.map(({ type, tensors: count, bytes, error }) => [
      `relative error of ${formatCount(count)} tensors as ${type} (${formatBytes(bytes)})`,
      formatFigure(error),
    ]),
  ];
}

function approximationRows({ approximation }: ExportReport): string[][] {
  if (approximation === null) return [];
  const { relativeError, worst, rank } = approximation;
  return [
    [`relative error of the change at rank ${rank}`, formatFigure(relativeError)],
    [`the worst of it, ${worst.module}`, formatFigure(worst.relativeError)],
  ];
}

function verdict({ passed, failures, answers }: ExportReport): string[] {
  const held =
    answers === null
      ? ''
      : ` on ${answers.prompts} held-out prompts, ${formatCount(answers.tokens)} tokens`;
  if (passed) return [`PASSED${held}`];
  return [
    `FAILED${held}; the files were written all the same:`,
    ...failures.map((failure) => `  ${failure}`),
  ];
}
