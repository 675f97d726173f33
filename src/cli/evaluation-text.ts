/** Evaluations as text for a terminal: one data file, and a table of adapters and data files. */
import type { EvaluationReport, EvaluationTable } from '../shared/contract/evaluation.ts';
import { figureTables, type FigureTable } from '../shared/evaluation-figures.ts';
import { shortNames } from '../shared/short-names.ts';
import { tasks } from '../shared/tasks.ts';
import { formatCount, formatFigure, formatPercent } from './format.ts';
import { describeReport } from './report-text.ts';
import { renderPairs, renderTable } from './table.ts';

const { figures } = tasks['causal-lm'];

export function describeEvaluation(found: EvaluationReport): string {
  if (found.task === 'sequence-classification') return describeReport(found.loss, found.report);
  const { loss, perplexity, tokens, exactMatch, answers } = found;
  const exact = exactMatch === null ? null : `${formatPercent(exactMatch)} of ${answers}`;
  return renderPairs([
    [figures.loss.label, `${loss.toFixed(4)} ${figures.loss.unit}`],
    [figures.perplexity.label, perplexity.toFixed(3)],
    ['Tokens', formatCount(tokens)],
    ...(exact === null ? [] : [[figures.exactMatch.label, exact] as const]),
  ]);
}

/** A table for each figure, with what its marks mean. */
export function describeTable(table: EvaluationTable): string {
  const names = rowNames(table);
  const columns = shortNames(table.columns);
  const tables = figureTables(table);
  const counts = table.cells[0]?.map(({ report }) => countsOf(report)) ?? [];
  const shown = tables.map((each) => {
    const { label, unit, better } = each.figure;
    const title = `${label}${unit === '' ? '' : ` (${unit})`}, ${better} is better`;
    const rows = names.map((name, row) => [
      name,
      ...columns.map((_, i) => cellOf(table, each, row, i)),
    ]);
    return `${title}\n${renderTable(['', ...columns], rows)}`;
  });
  const files = renderPairs(columns.map((name, i) => [name, counts[i] ?? '']));
  return [...shown, files, ...legendOf(table, tables)].join('\n\n');
}

function rowNames({ rows }: EvaluationTable): string[] {
  const names = shortNames(rows.map((adapter) => adapter?.path ?? ''));
  return rows.map((adapter, i) => {
    if (adapter === null) return 'base alone';
    return `${names[i] ?? ''}${adapter.weight === 1 ? '' : ` × ${adapter.weight}`}`;
  });
}

const marks = { best: '*', trained: 't', validated: 'v' } as const;

function cellOf(
  { cells }: EvaluationTable,
  { figure, values, best }: FigureTable,
  row: number,
  column: number,
): string {
  const value = values[row]?.[column] ?? null;
  const text =
    value === null ? 'none' : figure.form === 'share' ? formatPercent(value) : plain(value);
  const own = cells[row]?.[column]?.own ?? null;
  const marked = (best[row]?.[column] ? marks.best : '') + (own === null ? '' : marks[own]);
  return `${text} ${marked}`.trimEnd();
}

/** Below each other, with as many digits as `evaluate` gives a loss. */
function plain(value: number): string {
  return Math.abs(value) < 1e-3 ? formatFigure(value) : value.toFixed(4);
}

function countsOf(report: EvaluationReport): string {
  const examples = `${formatCount(report.examples)} examples`;
  if (report.task !== 'causal-lm' || report.answers === 0) return examples;
  return `${examples}, ${formatCount(report.answers)} of them answered for the exact match`;
}

/** One line for each mark that occurs. */
function legendOf({ cells }: EvaluationTable, tables: readonly FigureTable[]): string[] {
  const owns = new Set(cells.flat().map(({ own }) => own));
  const lines = [
    ...(tables.some(({ best }) => best.flat().includes(true))
      ? [`${marks.best}  best of its column`]
      : []),
    ...(owns.has('trained') ? [`${marks.trained}  the adapter learnt from this very file`] : []),
    ...(owns.has('validated')
      ? [`${marks.validated}  the file that its run was validated on`]
      : []),
  ];
  return lines.length === 0 ? [] : [lines.join('\n')];
}
