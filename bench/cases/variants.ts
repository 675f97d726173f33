/** (h) Four adapters trained at once over one base, against four runs one after another. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../../scripts/lib/project.ts';
import type { Bench } from '../lib/bench.ts';
import { trainBy, type TrainedAt } from '../lib/command-line.ts';
import { figureOf, gigabytes, spread, times } from '../lib/figures.ts';
import type { CaseResult } from '../lib/result.ts';
import { takeTurns } from '../lib/turns.ts';
import type { OwnVariant } from '../protocol.ts';

type Precision = OwnVariant['precision'];
type Trained = Pick<TrainedAt, 'seconds' | 'peakBytes' | 'losses'>;

/** What somebody might compare: ranks, rates and seeds. An option is given once, so that each has its own rate. */
const variants = [
  { rank: 4, seed: 0, 'learning-rate': 1e-3 },
  { rank: 8, seed: 1, 'learning-rate': 1e-3 },
  { rank: 8, seed: 2, 'learning-rate': 5e-4 },
  { rank: 16, seed: 3, 'learning-rate': 5e-4 },
];
const size = { steps: 20, rows: 1, length: 256 };
/** Equal losses are looked for in float32: in bfloat16 the order of a sum decides how it is rounded, and steps multiply that. */
const stepsCompared = 5;

export async function compareVariants(bench: Bench): Promise<CaseResult> {
  const scratch = bench.materials.scratch('variants');
  mkdirSync(scratch);
  const file = join(scratch, 'variants.json');
  writeFileSync(file, JSON.stringify(variants));
  const home = join(scratch, 'home');
  let count = 0;
  const argumentsOf = (steps: number, precision: Precision, ...more: string[]) => [
    ...['--model', bench.materials.model, '--output', join(scratch, `out-${(count += 1)}`)],
    ...['--data', join(project, 'resources/samples/smart-home.train.jsonl')],
    ...['--max-steps', String(steps), '--batch-size', String(size.rows), '--precision', precision],
    ...['--sequence-length', String(size.length), '--general-text', 'off', ...more],
  ];
  const together = (steps: number, precision: Precision) =>
    trainBy(argumentsOf(steps, precision, '--variants', file), home);
  const apart = async (steps: number, precision: Precision): Promise<Trained> => {
    const runs: Trained[] = [];
    for (const variant of variants) {
      const options = Object.entries(variant).flatMap(([name, value]) => [
        `--${name}`,
        String(value),
      ]);
      runs.push(await trainBy(argumentsOf(steps, precision, ...options), home));
    }
    return {
      seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0),
      peakBytes: Math.max(...runs.map(({ peakBytes }) => peakBytes)),
      losses: runs.flatMap(({ losses }) => losses),
    };
  };
  const { precision } = bench.settings.own;
  const [joint = [], single = []] = await takeTurns(
    [
      { warmups: 0, turn: () => together(size.steps, precision) },
      { warmups: 0, turn: () => apart(size.steps, precision) },
    ],
    Math.min(2, bench.settings.counted),
  );
  const seconds = (turns: Trained[]) => figureOf(turns.map((turn) => turn.seconds));
  const peak = (turns: Trained[]) => Math.max(...turns.map(({ peakBytes }) => peakBytes));
  const row = (who: string, turns: Trained[]) => [
    who,
    spread(seconds(turns), 1),
    gigabytes(peak(turns)),
  ];
  const first = (await together(stepsCompared, 'float32')).losses.flat();
  const second = (await apart(stepsCompared, 'float32')).losses.flat();
  const apartness = Math.max(...second.map((loss, i) => Math.abs((first[i] ?? NaN) / loss - 1)));
  return {
    title: '(h) Four adapters at once',
    notes: [
      `\`lorikeet train --variants\` with ranks 4, 8, 8 and 16, two learning rates and four seeds, against four runs of \`lorikeet train\`: whole processes, ${size.steps} steps of ${size.rows} × ${size.length} tokens each, without forgetting measured. In float32 the losses of ${stepsCompared} steps differ by at most ${apartness.toExponential(1)} of themselves.`,
    ],
    tables: [
      {
        header: ['how', 's for all four', 'peak memory'],
        rows: [row('at once', joint), row('one after another', single)],
      },
    ],
    ratios: [
      {
        what: 'time of an adapter, at once / by itself',
        found: times(seconds(joint).median / seconds(single).median),
        goal: '≤ 0.70 ×',
      },
      {
        what: 'losses at once against by itself, float32',
        found: apartness.toExponential(1),
        goal: '≤ 1e-4',
      },
    ],
  };
}
