/** The proof of merge as a table. */
import type { MergeReport } from '../shared/contract/records.ts';
import { formatBytes, formatCount, formatFigure, formatPercent } from './format.ts';
import { renderTable } from './table.ts';

/** Every figure of the report with the limit that it has to keep. */
export function describeMerge(report: MergeReport): string {
  const { files } = report;
  const { adapter, merged } = report.perplexity;
  const yes = (equal: boolean) => (equal ? 'yes' : 'NO');
  const table = renderTable(
    ['Proof of merge', 'found', 'limit'],
    [
      ['mean KL, nats per token', formatFigure(report.meanKl), formatFigure(report.limits.meanKl)],
      [
        'changed most likely token',
        formatPercent(report.changedArgmax),
        formatPercent(report.limits.changedArgmax),
      ],
      ['perplexity, base + adapter', adapter.toFixed(4), ''],
      ['perplexity, written files', merged.toFixed(4), ''],
      [
        'ratio of perplexities',
        formatFigure(merged / adapter),
        formatFigure(report.limits.perplexityRatio),
      ],
      ['largest logit difference', formatFigure(report.maxAbsoluteLogitDifference), ''],
      ['rounding loss', formatFigure(report.roundingLoss), ''],
      ['tokenizer equal', yes(report.tokenizerEqual), 'yes'],
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
      ['chat template equal', yes(report.chatTemplateEqual), 'yes'],
    ],
  );
  const held = `on ${report.prompts} held-out prompts, ${formatCount(report.tokens)} tokens`;
  return [
    `${report.mergedModules} modules merged in float32, written as ${report.dtype}: ${report.output} (${formatBytes(report.bytes)})`,
    table,
    ...leftOut(report.files),
    report.passed ? `PASSED ${held}` : `FAILED ${held}:`,
    ...report.failures.map((failure) => `  ${failure}`),
  ].join('\n');
}

/** One line for each kind of thing that the written files do not have from the base. */
function leftOut({ leftOut: tensors, settings }: MergeReport['files']): string[] {
  return [
    ...tensors.map(({ name, reason }) => `Not written: ${name}, which ${reason}`),
    ...settings.changed.map((text) => `Setting changed: ${text}`),
    ...(settings.left.length > 0 ? [`Settings left out: ${settings.left.join(', ')}`] : []),
  ];
}
