/** Finds the fastest of PEFT's configurations for a work, in a short trial. */
import type { PeerVariant } from '../protocol.ts';
import { noLabel } from '../../src/main/engine/batch/block.ts';
import { batchAt, showShape, type Work } from './batches.ts';
import { say } from '../../scripts/lib/say.ts';
import { loadOf, showPeer, type Bench } from './bench.ts';
import { using } from './sides.ts';

const precisions: PeerVariant['precision'][] = ['float32', 'bfloat16', 'autocast'];

/** A precision whose first step took this many times the best first step is dropped, and not tried with checkpointing. */
const hopeless = 2;

/** Seconds; a first step of no more than this drops nothing: on a GPU it may only have loaded its kernels. */
const dropsNothing = 3;

/**
 * Where the processor does not multiply bfloat16, PyTorch's backward pass takes minutes for a whole batch. A few tokens
 * show it; the margin is wide, since at this size other things than products count, too.
 */
const probeLength = 32;
const hopelessProbe = 5;

export type Trial = { variant: PeerVariant; seconds: number; dropped: boolean };

export class Opponents {
  private probes: Promise<Trial[]> | null = null;
  private readonly trials = new Map<string, Promise<Trial[]>>();

  /** One step of a few tokens in each precision, once a bench. */
  probe(bench: Bench): Promise<Trial[]> {
    this.probes ??= probeAll(bench);
    return this.probes;
  }

  /** The best first. A work that was tried before, by its name, is not tried again. */
  async ranking(bench: Bench, name: string, work: Work): Promise<Trial[]> {
    const usable = (await this.probe(bench)).filter(({ dropped }) => !dropped);
    const known =
      this.trials.get(name) ??
      tryAll(
        bench,
        name,
        work,
        usable.map(({ variant }) => variant.precision),
      );
    this.trials.set(name, known);
    return known;
  }

  async best(bench: Bench, name: string, work: Work): Promise<PeerVariant> {
    const [first] = await this.ranking(bench, name, work);
    if (!first) throw new RangeError('no configuration was tried');
    return first.variant;
  }
}

function probeAll(bench: Bench): Promise<Trial[]> {
  const tokens = Array.from({ length: probeLength }, (_, t) => t);
  const labels = [...tokens.slice(1), noLabel];
  const row = { tokens, segments: tokens.map(() => 1), positions: tokens, labels };
  const shape = { rows: 1, length: probeLength };
  say(`• ${showShape(shape)}: which precisions can PyTorch train in here?`);
  return using(bench.sides.peer(), (peer) =>
    inTurn(precisions, async (precision, before: Trial[]) => {
      const variant = { precision, checkpointing: false };
      const load = await loadOf(bench, { shape, learnt: probeLength - 1 });
      await peer.ask('load', { ...load, variant });
      const { seconds } = await peer.ask('step', { batch: [row] });
      const best = Math.min(...before.map((trial) => trial.seconds));
      return told({ variant, seconds, dropped: seconds > hopelessProbe * best });
    }),
  );
}

/** Two steps of each; the second one counts. Checkpointing only adds work, so that a slow precision stays slow with it. */
function tryAll(
  bench: Bench,
  name: string,
  work: Work,
  usable: readonly PeerVariant['precision'][],
): Promise<Trial[]> {
  say(`• ${name}: which of PEFT's configurations is the fastest?`);
  const variants = [false, true].flatMap((checkpointing) =>
    usable.map((precision) => ({ precision, checkpointing })),
  );
  return using(bench.sides.peer(), async (peer) => {
    const load = await loadOf(bench, work);
    let bestFirst = Infinity;
    const trials = await inTurn(variants, async (variant, before: Trial[]) => {
      const slow = before.filter(({ dropped }) => dropped);
      if (slow.some((trial) => trial.variant.precision === variant.precision)) return null;
      await peer.ask('load', { ...load, variant });
      const step = async (turn: number) =>
        (await peer.ask('step', { batch: batchAt(work, turn) })).seconds;
      const first = await step(0);
      const dropped = first > Math.max(hopeless * bestFirst, dropsNothing);
      bestFirst = Math.min(bestFirst, first);
      return told({ variant, seconds: dropped ? first : await step(1), dropped });
    });
    return trials.sort((a, b) => a.seconds - b.seconds);
  });
}

/** One after another; each sees what came before it, and null leaves it out. */
async function inTurn<T, R>(
  values: readonly T[],
  work: (value: T, before: R[]) => Promise<R | null>,
): Promise<R[]> {
  const results: R[] = [];
  for (const value of values) {
    const result = await work(value, results);
    if (result !== null) results.push(result);
  }
  return results;
}

function told(trial: Trial): Trial {
  const { variant, seconds, dropped } = trial;
  say(`  ${showPeer(variant)}: ${seconds.toFixed(2)} s${dropped ? ', dropped' : ''}`);
  return trial;
}
