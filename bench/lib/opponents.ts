/** Finds the fastest of PEFT's configurations for a work, in a short trial. */
import type { PeerVariant } from '../protocol.ts';
import { batchAt, type Work } from './batches.ts';
import { say } from '../../scripts/lib/say.ts';
import { loadOf, showPeer, type Bench } from './bench.ts';
import { using } from './sides.ts';

const precisions: PeerVariant['precision'][] = ['float32', 'bfloat16', 'autocast'];

/** A precision whose first step took this many times the best first step is dropped, and not tried with checkpointing. */
const hopeless = 2;

export type Trial = { variant: PeerVariant; seconds: number; dropped: boolean };

export class Opponents {
  private readonly trials = new Map<string, Promise<Trial[]>>();

  /** The best first. A work that was tried before, by its name, is not tried again. */
  ranking(bench: Bench, name: string, work: Work): Promise<Trial[]> {
    const known = this.trials.get(name) ?? tryAll(bench, name, work);
    this.trials.set(name, known);
    return known;
  }

  async best(bench: Bench, name: string, work: Work): Promise<PeerVariant> {
    const [first] = await this.ranking(bench, name, work);
    if (!first) throw new RangeError('no configuration was tried');
    return first.variant;
  }
}

/** Two steps of each; the second one counts. Checkpointing only adds work, so that a slow precision stays slow with it. */
function tryAll(bench: Bench, name: string, work: Work): Promise<Trial[]> {
  say(`• ${name}: which of PEFT's configurations is the fastest?`);
  return using(bench.sides.peer(), async (peer) => {
    const load = await loadOf(bench, work);
    const trials: Trial[] = [];
    let bestFirst = Infinity;
    for (const checkpointing of [false, true]) {
      for (const precision of precisions) {
        if (trials.some((trial) => trial.dropped && trial.variant.precision === precision))
          continue;
        const variant = { precision, checkpointing };
        await peer.ask('load', { ...load, variant });
        const step = async (turn: number) =>
          (await peer.ask('step', { batch: batchAt(work, turn) })).seconds;
        const first = await step(0);
        const dropped = first > hopeless * bestFirst;
        bestFirst = Math.min(bestFirst, first);
        const seconds = dropped ? first : await step(1);
        trials.push({ variant, seconds, dropped });
        say(`  ${showPeer(variant)}: ${seconds.toFixed(2)} s${dropped ? ', dropped' : ''}`);
      }
    }
    return trials.sort((a, b) => a.seconds - b.seconds);
  });
}
