/** (a) The time of a training step at several batch sizes. */
import type { PeerVariant } from '../protocol.ts';
import { batchAt, showShape, type Shape } from '../lib/batches.ts';
import { loadBoth, showPeer, type Bench } from '../lib/bench.ts';
import { figureOf, rateOf, spread, times } from '../lib/figures.ts';
import type { Trial } from '../lib/opponents.ts';
import type { CaseResult, Ratio } from '../lib/result.ts';
import { using, type Own, type Peer } from '../lib/sides.ts';
import { rankingAt, seriesNames, stepWork, type Series } from '../lib/step-work.ts';
import { takeTurns } from '../lib/turns.ts';

/** Lorikeet compiles, PyTorch chooses its kernels. */
const warmups = 1;
const goal = '≥ 1.60 ×';

type Measured = { rows: string[][]; losses: string[][]; ratios: Ratio[] };

export async function steps(bench: Bench): Promise<CaseResult> {
  const measured: Measured[] = [];
  const probe = await bench.opponents.probe(bench);
  const trials = probe.map((trial) => trialRow('a few tokens, once', trial));
  for (const shape of bench.settings.sizes) {
    const { best, ranking } = await rankingAt(bench, shape);
    measured.push(...(await measureSize(bench, shape, best)));
    trials.push(...ranking.map((trial) => trialRow(showShape(shape), trial)));
  }
  return {
    title: '(a) Training step',
    notes: [
      'Forward, backward and AdamW. "Every position": the sample data as one long text. "Answers only": the same data packed into blocks in which a token sees only its own example; PEFT gets the same blocks with position_ids. The losses show that it is the same work. A trial of two steps at every size finds the configuration of PEFT that is measured; a precision that takes twice as long as the best is dropped.',
    ],
    tables: [
      {
        header: ['batch, loss', 'who', 's / step', 'tokens / s', 'ratio'],
        rows: measured.flatMap(({ rows }) => rows),
      },
      {
        header: ['batch, loss', 'who', 'losses of the counted steps'],
        rows: measured.flatMap(({ losses }) => losses),
      },
      { header: ['batch', 'configuration of PEFT', 's / step in the trial'], rows: trials },
    ],
    ratios: measured.flatMap(({ ratios }) => ratios),
  };
}

function trialRow(name: string, { variant, seconds, dropped }: Trial): string[] {
  return [name, showPeer(variant), seconds.toFixed(2) + (dropped ? ' (first step; dropped)' : '')];
}

/** Both series in one pair of processes. */
function measureSize(bench: Bench, shape: Shape, variant: PeerVariant): Promise<Measured[]> {
  return using(bench.sides.own(), (own) =>
    using(bench.sides.peer(), async (peer) => {
      const results: Measured[] = [];
      for (const series of seriesNames) {
        results.push(await measure(bench, { own, peer }, { series, shape, variant }));
      }
      return results;
    }),
  );
}

async function measure(
  bench: Bench,
  { own, peer }: { own: Own; peer: Peer },
  { series, shape, variant }: { series: Series; shape: Shape; variant: PeerVariant },
): Promise<Measured> {
  const work = stepWork(bench, series, shape);
  const name = `${showShape(shape)}, ${series}`;
  const variants = { own: bench.settings.own, peer: variant };
  const precision = await loadBoth(bench, { own, peer }, work, variants);
  const contestant = (side: Own | Peer) => ({
    warmups,
    turn: (turn: number) => side.ask('step', { batch: batchAt(work, turn) }),
  });
  const both = [contestant(own), contestant(peer)];
  const turns = await takeTurns(both, bench.settings.counted);
  const figures = turns.map((each) => figureOf(each.map(({ seconds }) => seconds)));
  const [ours = NaN, theirs = NaN] = figures.map(({ median }) => median);
  const ratio = times(theirs / ours);
  const who = [`Lorikeet, ${precision}`, `PEFT, ${showPeer(variant)}`];
  return {
    rows: figures.map((figure, i) => [
      name,
      who[i] ?? '',
      spread(figure),
      spread(rateOf(shape.rows * shape.length, figure), 0),
      i === 0 ? ratio : '',
    ]),
    losses: turns.map((each, i) => [
      name,
      who[i] ?? '',
      each.map(({ loss }) => loss.toFixed(4)).join(', '),
    ]),
    ratios: [{ what: `step, ${name}`, found: ratio, goal }],
  };
}
