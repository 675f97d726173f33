/** Peak memory of PEFT on the same model and batch, with gradient checkpointing. */
import { say } from '../../scripts/lib/say.ts';
import { availableMemory } from '../../src/main/engine/available-memory.ts';
import { elements } from '../../src/main/engine/graph/shape.ts';
import type { Architecture } from '../../src/main/engine/model/architecture.ts';
import { weightShapes } from '../../src/main/engine/model/weight-shapes.ts';
import type { PeerVariant } from '../protocol.ts';
import { writeBenchAdapter } from '../lib/adapters.ts';
import { batchAt, streamWork } from '../lib/batches.ts';
import { showPeer, type Bench } from '../lib/bench.ts';
import { gigabytes, times } from '../lib/figures.ts';
import { using } from '../lib/sides.ts';
import { batch, type Part } from './part.ts';

const variants: PeerVariant[] = [
  { precision: 'bfloat16', checkpointing: true },
  { precision: 'float32', checkpointing: true },
];

/** Room for PyTorch, activations and the optimiser beside the weights. */
const besideWeights = 3e9;

/** One step each: nothing grows after it. Where the memory does not allow it, or a step would take an hour, the note says so. */
export async function peakOfPeers(
  bench: Bench,
  name: string,
  { model, architecture }: { model: string; architecture: Architecture },
  /** Of Lorikeet with NF4. */
  ownPeak: number,
): Promise<Part> {
  const { materials, settings, sides } = bench;
  const { config } = architecture;
  const adapter = `${model}-adapter`;
  const layers = config.numHiddenLayers;
  await writeBenchAdapter(adapter, architecture, { rank: settings.rank, layers, trained: false });
  const within = materials.train.map((each) => ({
    ...each,
    tokens: each.tokens.map((token) => token % config.vocabSize),
  }));
  const work = streamWork(within, batch);
  const { learningRate } = settings;
  const load = { model, adapter, ...batch, learnt: work.learnt, learningRate };
  const numbers = [...weightShapes(architecture).values()].reduce((n, s) => n + elements(s), 0);
  const part: Part = { rows: [], notes: [], ratios: [] };
  const probe = await bench.opponents.probe(bench);
  for (const variant of variants) {
    const who = `PEFT, ${showPeer(variant)}`;
    const tried = probe.find((trial) => trial.variant.precision === variant.precision);
    if (tried?.dropped) {
      part.notes.push(
        `${name}, ${who}: not run, PyTorch only emulates it here: of a few tokens a step took ${tried.seconds.toFixed(1)} s.`,
      );
      continue;
    }
    const needed = numbers * (variant.precision === 'float32' ? 4 : 2) + besideWeights;
    if (needed > availableMemory()) {
      part.notes.push(
        `${name}, ${who}: not run, it would take about ${gigabytes(needed)} where ${gigabytes(availableMemory())} are free.`,
      );
      continue;
    }
    const [seconds, peak] = await using(sides.peer(), async (peer) => {
      await peer.ask('load', { ...load, variant });
      const step = await peer.ask('step', { batch: batchAt(work, 0) });
      return [step.seconds, (await peer.ask('memory', {})).peakBytes];
    });
    part.rows.push([name, who, seconds.toFixed(2), '', gigabytes(peak), '', '']);
    say(`  ${who}: ${gigabytes(peak)}`);
    const what = `peak memory, ${name}, nf4 / ${who}`;
    part.ratios.push({ what, found: times(ownPeak / peak), goal: '≤ 0.50 ×' });
  }
  return part;
}
