/** The account of some steps as tables. */
import { figureOf, spread } from '../lib/figures.ts';
import type { CaseResult, Table } from '../lib/result.ts';
import { accountFor, type Dimensions, type Part, type Seen } from './account.ts';
import type { WatchedStep } from './watched-side.ts';

/** Of islands and other nodes. */
const longest = 12;

export type Profiled = {
  /** Steps that said nothing, and those that were traced; at least one each. */
  unwatched: readonly WatchedStep[];
  watched: readonly WatchedStep[];
  dimensions: Dimensions;
  cores: number;
};

export function profileResult(
  title: string,
  { unwatched, watched, dimensions, cores }: Profiled,
): CaseResult {
  const all: Seen = {
    onednn: watched.flatMap(({ onednn }) => onednn),
    sessions: watched.flatMap(({ sessions }) => sessions),
    seconds: watched.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  const { parts, islands, nodes, executed } = accountFor(all, dimensions);
  const steps = watched.length;
  const share = (seconds: number) => `${((100 * seconds) / all.seconds).toFixed(1)} %`;
  const row = ({ name, seconds, calls, operations }: Part) => [
    name,
    (seconds / steps).toFixed(3),
    share(seconds),
    (calls / steps).toFixed(0),
    operations ? (operations / seconds / 1e9).toFixed(0) : '',
  ];
  const wide = parts.filter(({ operations, name }) => operations && name !== 'low-rank products');
  const inProducts = wide.reduce((sum, { seconds }) => sum + seconds, 0);
  const [plain, traced] = [unwatched, watched].map((each) =>
    figureOf(each.map(({ seconds }) => seconds)),
  );
  return {
    title,
    notes: [
      `s / step without a trace ${plain ? spread(plain) : ''}, with one ${traced ? spread(traced) : ''}; the tables are means of the latter. ${(executed / steps).toFixed(0)} nodes a step. Without a trace the cores were idle for ${idleShare(unwatched, cores)} of a step.`,
    ],
    tables: [
      table(
        ['part', 's / step', 'share', 'calls', 'GFLOP/s'],
        [...parts.map(row), ['step', (all.seconds / steps).toFixed(3), '100.0 %', '', '']],
      ),
      ...[
        { name: 'islands', of: islands },
        { name: 'other nodes', of: nodes },
      ].map((each) =>
        table(
          [each.name, 's / step', 'share', 'calls'],
          each.of.slice(0, longest).map((part) => row(part).slice(0, -1)),
        ),
      ),
    ],
    ratios: [
      {
        what: `low-rank products and what is in no product, ${title}`,
        found: share(all.seconds - inProducts),
        goal: '≤ 25 %',
      },
    ],
  };
}

function idleShare(steps: readonly WatchedStep[], cores: number): string {
  const there = steps.reduce((sum, { seconds }) => sum + cores * seconds, 0);
  const worked = steps.reduce((sum, { processorSeconds }) => sum + processorSeconds, 0);
  return `${((100 * (there - worked)) / there).toFixed(0)} %`;
}

function table(header: string[], rows: string[][]): Table {
  return { header, rows };
}
