/** The proof of merge as a table. */
import type { MergeCheck, MergedBase, MergeReport } from '../shared/contract/merge-report.ts';
import { mergedBaseRows } from '../shared/say-merged-base.ts';
import { formatBytes, formatCount, formatFigure } from './format.ts';
import { renderTable } from './table.ts';

const names: Record<MergeCheck['name'], string> = {
  meanKl: 'mean KL, nats per answer',
  changedArgmax: 'changed most likely answer, share',
  perplexityRatio: 'ratio of perplexities',
  tokenizer: 'tokenizer equal',
  chatTemplate: 'chat template equal',
};

/** Every check of the report with the limit that it has to keep, and the figures that decide nothing. */
export function describeMerge(report: MergeReport): string {
  const { files } = report;
  const { perplexity } = report;
  const table = renderTable(
    ['Proof of merge', 'found', 'limit', ''],
    [
      ...checkRows(report.checks),
      ...(perplexity === null
        ? []
        : [
            ['perplexity, base + adapter', perplexity.adapter.toFixed(4)],
            ['perplexity, written files', perplexity.merged.toFixed(4)],
          ]),
      ['largest logit difference', formatFigure(report.maxAbsoluteLogitDifference)],
      ['rounding loss', formatFigure(report.roundingLoss)],
      [
        'tensors of the base written',
        `${files.writtenTensors} of ${files.baseTensors - files.leftOut.length}`,
        'all',
      ],
      [
        `largest error of ${formatCount(files.comparedValues)} values, of its bound`,
        formatFigure(files.largestError),
        '1',
      ],
    ],
  );
  const held = `on ${report.prompts} held-out prompts, ${formatCount(report.tokens)} tokens`;
  return [
    `${report.mergedModules} modules merged in float32, written as ${report.dtype}: ${report.output} (${formatBytes(report.bytes)})`,
    table,
    ...baseLines(report.base),
    ...leftOut(report.files),
    report.passed ? `PASSED ${held}` : `FAILED ${held}:`,
    ...report.failures.map((failure) => `  ${failure}`),
  ].join('\n');
}

/** 'Merged into: model.gguf (Q4_1, F32), held: As in the file' */
export function baseLines(base: MergedBase): string[] {
  return mergedBaseRows(base).map(({ label, value }) => `${label}: ${value}`);
}

export function checkRows(checks: readonly MergeCheck[]): string[][] {
  return checks.map(({ name, value, limit, passed }) => [
    ...[names[name], say(value), say(limit), passed ? '' : 'FAILED'],
  ]);
}

/** One line for each kind of thing that the written files do not have from the base. */
function leftOut({ leftOut: tensors, settings }: MergeReport['files']): string[] {
  return [
    ...tensors.map(({ name, reason }) => `Not written: ${name}, which ${reason}`),
    ...settings.changed.map((text) => `Setting changed: ${text}`),
    ...(settings.left.length > 0 ? [`Settings left out: ${settings.left.join(', ')}`] : []),
  ];
}

function say(value: number | boolean): string {
  if (typeof value === 'number') return formatFigure(value);
  return value ? 'yes' : 'NO';
}
