/** (b) A real job: the sample data until a validation loss is reached. */
import { rowOf, learntIn, paddedBatch, realTokens, showShape, type Shape } from '../lib/batches.ts';
import { loadOf, showPeer, type Bench } from '../lib/bench.ts';
import { figureOf, spread, times } from '../lib/figures.ts';
import { JobRun, type Job } from '../lib/job-run.ts';
import type { CaseResult } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { say } from '../../scripts/lib/say.ts';
import { packBlocks } from '../../src/main/engine/batch/pack.ts';
import { batches } from '../../src/main/engine/batch/sampler.ts';
import type { PeerVariant } from '../protocol.ts';

/** Examples in one of PEFT's batches. */
const examplesPerBatch = 8;
/** A block that holds about as many examples, so that both take updates of about the same size. */
const packed: Shape = { rows: 1, length: 288 };
const heldOutExamples = 64;
/** Both sides are validated after about this many more examples. */
const examplesBetween = 80;
/** Three times through the data has to be enough. */
const epochs = 3;

export async function job(bench: Bench): Promise<CaseResult> {
  const variant = await bench.opponents.best(bench, 'the real job', {
    ...paddedJob(bench, 0),
    shape: { rows: examplesPerBatch, length: packed.length },
  });
  const results = { own: [] as JobRun[], peer: [] as JobRun[] };
  for (let seed = 0; seed < bench.settings.jobs; seed++) {
    const { own, peer } = await race(bench, variant, seed);
    results.own.push(own);
    results.peer.push(peer);
  }
  const row = (who: string, runs: JobRun[]) => {
    const figure = (of: (run: JobRun) => number, digits: number) =>
      spread(figureOf(runs.map(of)), digits);
    return [
      who,
      figure((run) => run.seconds, 1),
      figure((run) => run.steps, 0),
      figure((run) => run.tokens, 0),
      figure((run) => run.loss, 4),
    ];
  };
  const unreached = [...results.own, ...results.peer].some((run) => !run.reached);
  const median = (runs: JobRun[]) => figureOf(runs.map((run) => run.seconds)).median;
  return {
    title: '(b) A real job',
    notes: [
      `From the untrained adapter to a loss of ${bench.settings.targetLoss} nats per token on ${heldOutExamples} held-out examples; training time only, with Lorikeet's compiling in it; loading and validation apart. PEFT: ${examplesPerBatch} examples a batch, padded to the longest, loss on the answers. Lorikeet: the same examples packed, ${showShape(packed)}, the system prompt that all share once in a block. Both: learning rate ${bench.settings.learningRate}, constant; ${bench.settings.jobs} run(s) a side.`,
      ...(unreached ? [`**Not every run reached the loss in ${epochs} epochs.**`] : []),
    ],
    tables: [
      {
        header: ['who', 's of training', 'steps', 'tokens learnt from', 'validation loss'],
        rows: [row('Lorikeet', results.own), row(`PEFT, ${showPeer(variant)}`, results.peer)],
      },
      {
        header: ['who', 's : validation loss'],
        rows: [
          ['Lorikeet', results.own[0]?.curve ?? ''],
          ['PEFT', results.peer[0]?.curve ?? ''],
        ],
      },
    ],
    ratios: [
      {
        what: 'real job, PEFT / Lorikeet',
        found: unreached ? 'loss not reached' : times(median(results.peer) / median(results.own)),
        goal: '≥ 2.50 ×',
      },
    ],
  };
}

/** Both sides in turn, a stretch between two validations at a time, until each has reached the loss or its end. */
async function race(
  bench: Bench,
  variant: PeerVariant,
  seed: number,
): Promise<{ own: JobRun; peer: JobRun }> {
  const { targetLoss, own: ownVariant } = bench.settings;
  return using(bench.sides.own(), (ownSide) =>
    using(bench.sides.peer(), async (peerSide) => {
      const packedData = packedJob(bench, seed);
      const paddedData = paddedJob(bench, seed);
      const load = await loadOf(bench, { shape: packed, learnt: packedData.learnt });
      await ownSide.ask('load', { ...load, variant: ownVariant });
      await peerSide.ask('load', { ...load, variant });
      const own = new JobRun(ownSide, packedData, targetLoss);
      const peer = new JobRun(peerSide, paddedData, targetLoss);
      while (!own.done || !peer.done) {
        if (!own.done) await own.stretch();
        if (!peer.done) await peer.stretch();
        say(`  Lorikeet ${own.last}; PEFT ${peer.last}`);
      }
      return { own, peer };
    }),
  );
}

function paddedJob({ materials }: Bench, seed: number): Job & { learnt: number } {
  const { train } = materials;
  const steps = epochsOf(train.length, examplesPerBatch, seed).map((numbers) =>
    paddedBatch(numbers.flatMap((number) => train[number] ?? [])),
  );
  const heldOut = materials.heldOut.slice(0, heldOutExamples);
  const validation = Array.from({ length: heldOut.length / examplesPerBatch }, (_, i) =>
    paddedBatch(heldOut.slice(i * examplesPerBatch, (i + 1) * examplesPerBatch)),
  );
  return { ...sized(steps, validation), every: Math.round(examplesBetween / examplesPerBatch) };
}

function packedJob({ materials }: Bench, seed: number): Job & { learnt: number } {
  const { blocks } = packBlocks(materials.train, packed.length);
  const steps = epochsOf(blocks.length, packed.rows, seed).map((numbers) =>
    numbers.flatMap((number) => blocks[number] ?? []).map(rowOf),
  );
  const heldOut = packBlocks(materials.heldOut.slice(0, heldOutExamples), packed.length).blocks;
  const validation = Array.from({ length: Math.ceil(heldOut.length / packed.rows) }, (_, i) =>
    heldOut.slice(i * packed.rows, (i + 1) * packed.rows).map(rowOf),
  );
  const examplesPerStep = (materials.train.length / blocks.length) * packed.rows;
  const every = Math.max(1, Math.round(examplesBetween / examplesPerStep));
  return { ...sized(steps, validation), every };
}

function epochsOf(count: number, size: number, seed: number): number[][] {
  return Array.from({ length: epochs }, (_, epoch) => batches(count, size, seed, epoch)).flat();
}

function sized(steps: Job['batches'], validation: Job['validation']) {
  const learnt = Math.max(...[...steps, ...validation].map(learntIn));
  return { batches: steps, validation, learnt, tokens: steps.map(realTokens) };
}
