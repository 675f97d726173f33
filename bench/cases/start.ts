/** (d) The time from the start of a process to the loss of its first step. */
import { batchAt, showShape } from '../lib/batches.ts';
import { loadOf, showPeer, type Bench } from '../lib/bench.ts';
import { figureOf, spread, times } from '../lib/figures.ts';
import type { CaseResult } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { rankingAt, stepWork } from '../lib/step-work.ts';
import { takeTurns } from '../lib/turns.ts';
import type { Worker } from '../lib/worker-process.ts';

type Start = { total: number; load: number; firstStep: number };

/** Starts that count are fewer than steps: each is long. */
const starts = 3;

export async function start(bench: Bench): Promise<CaseResult> {
  const [shape] = bench.settings.sizes;
  if (!shape) throw new RangeError('there is no size to start with');
  const work = stepWork(bench, 'answers only', shape);
  const { best: variant } = await rankingAt(bench, shape);
  const load = await loadOf(bench, work);
  const once = <V>(worker: Worker<V>, configuration: V): Promise<Start> =>
    using(worker, async (side) => {
      const loaded = await side.ask('load', { ...load, variant: configuration });
      const { seconds: firstStep } = await side.ask('step', { batch: batchAt(work, 0) });
      const total = (performance.now() - side.startedAt) / 1000;
      return { total, load: loaded.seconds, firstStep };
    });
  // One warm-up each brings the files into the system's cache.
  const [ours = [], theirs = []] = await takeTurns(
    [
      { warmups: 1, turn: () => once(bench.sides.own(), bench.settings.own) },
      { warmups: 1, turn: () => once(bench.sides.peer(), variant) },
    ],
    Math.min(starts, bench.settings.counted),
  );
  const row = (who: string, turns: Start[]) => [
    who,
    ...(['total', 'load', 'firstStep'] as const).map((part) =>
      spread(figureOf(turns.map((turn) => turn[part])), 1),
    ),
  ];
  const median = (turns: Start[], part: keyof Start) =>
    figureOf(turns.map((turn) => turn[part])).median;
  const compiled = median(ours, 'load') + median(ours, 'firstStep');
  return {
    title: '(d) From the start to the first step',
    notes: [
      `Batch of ${showShape(shape)}, loss on the answers only. "Load" reads the model and, with Lorikeet, builds the graph; Lorikeet compiles during the first step.`,
    ],
    tables: [
      {
        header: [
          'who',
          's from process start to first loss',
          's of it: load',
          's of it: first step',
        ],
        rows: [row('Lorikeet', ours), row(`PEFT, ${showPeer(variant)}`, theirs)],
      },
    ],
    ratios: [
      {
        what: 'first step of Lorikeet: load, graph, compile, step',
        found: `${compiled.toFixed(1)} s`,
        goal: '≤ 15 s',
      },
      {
        what: 'start to first loss, Lorikeet / PEFT',
        found: times(median(ours, 'total') / median(theirs, 'total')),
        goal: 'none',
      },
    ],
  };
}
