/** The figures of a table of evaluations: one after another, each with its value in every cell and what is best in its column. */
import type { EvaluationReport, EvaluationTable } from './contract/evaluation.ts';
import { figureOf, type Figure } from './tasks.ts';

export type FigureTable = {
  name: string;
  figure: Figure;
  /** [row][column]; null where a cell has no such figure. */
  values: (number | null)[][];
  /** [row][column]: whether it is the best of its column, with another that is worse. */
  best: boolean[][];
  /** [row][column]: from 0 to 1, how near it is to the best of its column; null where there is no value. */
  nearness: (number | null)[][];
};

/** Those that are looked at first come first; perplexity is left out, being the loss in other words. */
export function figureTables({ cells }: Pick<EvaluationTable, 'cells'>): FigureTable[] {
  const [first] = cells.flat();
  if (!first) return [];
  const { task } = first.report;
  return namesIn(first.report).flatMap((name) => {
    const figure = figureOf(task, name);
    const values = cells.map((row) => row.map(({ report }) => finite(valueIn(report, name))));
    if (!figure || values.flat().every((value) => value === null)) return [];
    const bests = values[0]?.map((_, column) => bestOf(figure, columnOf(values, column))) ?? [];
    const each = <T>(read: (value: number | null, column: number) => T) =>
      values.map((row) => row.map(read));
    const best = each((value, column) => value !== null && value === bests[column]?.unlike);
    const nearness = each((value, column) => near(figure, value, bests[column]?.value ?? null));
    return [{ name, figure, values, best, nearness }];
  });
}

function namesIn(report: EvaluationReport): string[] {
  if (report.task === 'causal-lm') return ['loss', 'exactMatch'];
  return [...Object.keys(report.report.figures), 'loss'];
}

function valueIn(report: EvaluationReport, name: string): number | null {
  if (name === 'loss') return report.loss;
  if (report.task === 'causal-lm') return report.exactMatch;
  return report.report.figures[name] ?? null;
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function columnOf(values: readonly (readonly (number | null)[])[], column: number): number[] {
  return values.flatMap((row) => row[column] ?? []);
}

/** `unlike` is null where nothing is worse. */
function bestOf({ better }: Figure, values: readonly number[]): { value: number | null; unlike: number | null } {
  if (values.length === 0) return { value: null, unlike: null };
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const value = better === 'lower' ? low : high;
  return { value, unlike: low === high ? null : value };
}

/** A share that is so far behind the best is not near it at all; a number where it is off by the best itself. */
const farShare = 0.2;

function near({ form }: Figure, value: number | null, best: number | null): number | null {
  if (value === null || best === null) return null;
  const off = Math.abs(value - best);
  if (off === 0) return 1;
  return Math.max(0, 1 - off / (form === 'share' ? farShare : Math.abs(best)));
}
