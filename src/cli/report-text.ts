/** What a task has to say of a data file, as tables for a terminal. */
import type { TaskReport } from '../shared/contract/run-points.ts';
import { figureOf } from '../shared/tasks.ts';
import { formatCount, formatFigure, formatPercent } from './format.ts';
import { renderPairs, renderTable } from './table.ts';

const task = 'sequence-classification';
/** A table that is wider says nothing on a terminal. */
const mostClasses = 12;

/** 'accuracy 93.1 %, macro F1 92.8 %' */
export function shortReport({ figures: found }: TaskReport): string {
  return Object.entries(found)
    .map(([name, value]) => `${labelOf(name).toLowerCase()} ${shown(name, value)}`)
    .join(', ')
    .replaceAll(' f1', ' F1');
}

/** Figures, then each class, then which are taken for which. */
export function describeReport(loss: number, report: TaskReport): string {
  const { examples, classes, confusion } = report;
  const pairs = Object.entries(report.figures).map(
    ([name, value]) => [labelOf(name), shown(name, value)] as const,
  );
  const tables = [
    renderPairs([
      [labelOf('loss'), loss.toFixed(4)],
      ...pairs,
      ['Examples', formatCount(examples)],
    ]),
  ];
  if (classes.length > 0) {
    const rows = classes.map(({ label, precision, recall, f1, support }) => [
      ...[label, ...[precision, recall, f1].map(formatPercent), formatCount(support)],
    ]);
    tables.push(renderTable(['Class', 'precision', 'recall', 'F1', 'examples'], rows));
  }
  if (confusion !== null && classes.length <= mostClasses) {
    const names = classes.map(({ label }) => label);
    const rows = confusion.map((row, i) => [names[i] ?? '', ...row.map(formatCount)]);
    tables.push(renderTable(['wanted \\ answered', ...names], rows));
  }
  return tables.join('\n\n');
}

function labelOf(name: string): string {
  return figureOf(task, name)?.label ?? name;
}

function shown(name: string, value: number | null): string {
  if (value === null) return 'none';
  return figureOf(task, name)?.form === 'share' ? formatPercent(value) : formatFigure(value);
}
