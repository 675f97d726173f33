/** (c) Peak resident memory of training processes. */
import { batchAt, showShape, type Work } from '../lib/batches.ts';
import { loadOf, showPeer, type Bench } from '../lib/bench.ts';
import { figureOf, gigabytes, spread, times, type Figure } from '../lib/figures.ts';
import type { CaseResult, Ratio } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { rankingAt, stepWork } from '../lib/step-work.ts';
import type { KeepPolicy } from '../../src/shared/contract/training-config.ts';
import type { Worker } from '../lib/worker-process.ts';

/** The first one compiles; nothing grows after the second. */
const trainingSteps = 4;

/** What Lorikeet can keep for the backward pass, from the most memory to the least. */
const policies: KeepPolicy[] = ['all', 'products', 'inputs'];

type Found = { peakBytes: number; seconds: Figure };

export async function memory(bench: Bench): Promise<CaseResult> {
  const { own: variant } = bench.settings;
  const rows: string[][] = [];
  const ratios: Ratio[] = [];
  for (const shape of bench.settings.sizes) {
    const work = stepWork(bench, 'every position', shape);
    const { best } = await rankingAt(bench, shape);
    const size = showShape(shape);
    const peer = await train(bench, bench.sides.peer(), work, best);
    for (const keep of policies) {
      const own = await train(bench, bench.sides.own(), work, { ...variant, keep });
      const share = times(own.peakBytes / peer.peakBytes);
      rows.push([...rowOf(size, `Lorikeet, keeps ${keep}`, own), share]);
      if (keep === variant.keep)
        ratios.push({ what: `peak memory, ${size}`, found: share, goal: '≤ 0.70 ×' });
      if (keep === 'inputs')
        ratios.push({
          what: `peak memory, ${size}, layer inputs only`,
          found: share,
          goal: '≤ 0.45 ×',
        });
    }
    rows.push([...rowOf(size, `PEFT, ${showPeer(best)}`, peer), '']);
  }
  return {
    title: '(c) Peak memory',
    notes: [
      `VmHWM, from the start of a process that loads the model and trains with loss at every position, in the configurations of (a), and of Lorikeet also with more and less kept for the backward pass. One process each, not in turn: the times of its steps, all but the first, show what the memory buys.`,
    ],
    tables: [{ header: ['batch', 'who', 'peak', 's / step', 'share of PEFT'], rows }],
    ratios,
  };
}

function rowOf(size: string, who: string, { peakBytes, seconds }: Found): string[] {
  return [size, who, gigabytes(peakBytes), spread(seconds)];
}

function train<V>(bench: Bench, worker: Worker<V>, work: Work, variant: V): Promise<Found> {
  return using(worker, async (side) => {
    const load = await loadOf(bench, work);
    await side.ask('load', { ...load, variant });
    const seconds: number[] = [];
    for (let turn = 0; turn < trainingSteps; turn++) {
      seconds.push((await side.ask('step', { batch: batchAt(work, turn) })).seconds);
    }
    const { peakBytes } = await side.ask('memory', {});
    return { peakBytes, seconds: figureOf(seconds.slice(1)) };
  });
}
