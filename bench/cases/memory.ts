/** (c) Peak resident memory of training processes. */
import { batchAt, showShape, type Work } from '../lib/batches.ts';
import { loadOf, showPeer, type Bench, type Peaks } from '../lib/bench.ts';
import { gigabytes, times } from '../lib/figures.ts';
import type { CaseResult, Ratio } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { rankingAt, stepWork } from '../lib/step-work.ts';
import type { PeerVariant } from '../protocol.ts';
import type { Worker } from '../lib/worker-process.ts';

/** Nothing grows after the second. */
const trainingSteps = 2;

export async function memory(bench: Bench): Promise<CaseResult> {
  const { own: variant } = bench.settings;
  const rows: string[][] = [];
  const ratios: Ratio[] = [];
  for (const shape of bench.settings.sizes) {
    const work = stepWork(bench, 'every position', shape);
    const { best } = await rankingAt(bench, shape);
    const { own, peer } = bench.peaks.get(showShape(shape)) ?? (await peaksOf(bench, work, best));
    const least = await peak(bench, bench.sides.own(), work, { ...variant, keep: 'inputs' });
    const size = showShape(shape);
    rows.push(
      [size, `Lorikeet, keeps ${variant.keep}`, gigabytes(own), times(own / peer)],
      [size, 'Lorikeet, keeps inputs', gigabytes(least), times(least / peer)],
      [size, `PEFT, ${showPeer(best)}`, gigabytes(peer), ''],
    );
    const what = `peak memory, ${size}`;
    ratios.push(
      { what, found: times(own / peer), goal: '≤ 0.70 ×' },
      { what: `${what}, layer inputs only`, found: times(least / peer), goal: '≤ 0.45 ×' },
    );
  }
  return {
    title: '(c) Peak memory',
    notes: [
      "VmHWM, from the start of a process that loads the model and trains with loss at every position, in the configurations of (a); of Lorikeet also with only the layers' inputs kept. One measurement each.",
    ],
    tables: [{ header: ['batch', 'who', 'peak', 'share of PEFT'], rows }],
    ratios,
  };
}

async function peaksOf(bench: Bench, work: Work, best: PeerVariant): Promise<Peaks> {
  return {
    own: await peak(bench, bench.sides.own(), work, bench.settings.own),
    peer: await peak(bench, bench.sides.peer(), work, best),
  };
}

function peak<V>(bench: Bench, worker: Worker<V>, work: Work, variant: V): Promise<number> {
  return using(worker, async (side) => {
    const load = await loadOf(bench, work);
    await side.ask('load', { ...load, variant });
    for (let turn = 0; turn < trainingSteps; turn++) {
      await side.ask('step', { batch: batchAt(work, turn) });
    }
    return (await side.ask('memory', {})).peakBytes;
  });
}
