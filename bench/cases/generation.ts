/** (f) Greedy generation with a key/value cache, with and without an adapter. */
import type { PeerVariant } from '../protocol.ts';
import { showPeer, type Bench } from '../lib/bench.ts';
import { figureOf, rateOf, spread, times } from '../lib/figures.ts';
import type { CaseResult } from '../lib/result.ts';
import { using, type Own, type Peer } from '../lib/sides.ts';
import { takeTurns } from '../lib/turns.ts';
import { say } from '../../scripts/lib/say.ts';
import type { Worker } from '../lib/worker-process.ts';

const precisions: PeerVariant['precision'][] = ['bfloat16', 'float32'];

export async function generation(bench: Bench): Promise<CaseResult> {
  const variant = await fastest(bench);
  const { prompt } = bench.materials;
  const { newTokens, counted } = bench.settings;
  const { results, precision } = await using(bench.sides.own(), (own) =>
    using(bench.sides.peer(), async (peer) => {
      const { precision } = await load(bench, own, bench.settings.own);
      await load(bench, peer, variant);
      const contestant = (side: Own | Peer, adapted: boolean) => ({
        warmups: 1,
        turn: () => side.ask('generate', { adapted, prompt, newTokens }),
      });
      const order = [contestant(own, false), contestant(peer, false)];
      order.push(contestant(own, true), contestant(peer, true));
      return { results: await takeTurns(order, counted), precision };
    }),
  );
  const figures = results.map((turns) => figureOf(turns.map(({ seconds }) => seconds)));
  const [ownBase = NaN, peerBase = NaN, ownAdapted = NaN, peerAdapted = NaN] = figures.map(
    ({ median }) => median,
  );
  const answers = results.map(([first]) => first?.tokens ?? []);
  const who = [`Lorikeet, ${precision}`, `transformers, ${showPeer(variant)}`];
  return {
    title: '(f) Generation',
    notes: [
      `One prompt of ${prompt.length} tokens and ${newTokens} new ones, greedy; reading the prompt counts. Equal tokens before the first different one: ${sameTokens(answers[0], answers[1])} of ${newTokens} without, ${sameTokens(answers[2], answers[3])} with an adapter (in bfloat16 near ties may fall either way).`,
    ],
    tables: [
      {
        header: ['model', 'who', 'tokens / s'],
        rows: figures.map((figure, i) => [
          i < 2 ? 'base' : 'with an adapter',
          who[i % 2] ?? '',
          spread(rateOf(newTokens, figure), 1),
        ]),
      },
    ],
    ratios: [
      { what: 'generation, base', found: times(peerBase / ownBase), goal: '≥ 1.50 ×' },
      { what: 'generation, adapter', found: times(peerAdapted / ownAdapted), goal: '≥ 1.50 ×' },
      {
        what: 'speed of Lorikeet with an adapter, against without',
        found: times(ownBase / ownAdapted),
        goal: '≥ 0.90 ×',
      },
    ],
  };
}

/** The base, and the same with an adapter beside it. */
async function load<V>(bench: Bench, side: Worker<V>, variant: V): Promise<{ precision: string }> {
  const { materials, settings } = bench;
  const layers = materials.architecture.config.numHiddenLayers;
  const adapter = await materials.adapter({ rank: settings.rank, layers, trained: true });
  const request = {
    model: materials.model,
    variant,
    promptLength: materials.prompt.length,
    newTokens: settings.newTokens,
  };
  await side.ask('loadGenerator', { ...request, adapter });
  return side.ask('loadGenerator', { ...request, adapter: null });
}

/** The precision in which transformers answers fastest, from two answers each. */
function fastest(bench: Bench): Promise<PeerVariant> {
  const { prompt } = bench.materials;
  const { newTokens } = bench.settings;
  return using(bench.sides.peer(), async (peer) => {
    let best: { variant: PeerVariant; seconds: number } | null = null;
    for (const precision of precisions) {
      const variant = { precision, checkpointing: false };
      await load(bench, peer, variant);
      let seconds = Infinity;
      for (let turn = 0; turn < 2; turn++) {
        const answer = await peer.ask('generate', { adapted: false, prompt, newTokens });
        seconds = Math.min(seconds, answer.seconds);
      }
      say(`  transformers, ${precision}: ${(newTokens / seconds).toFixed(1)} tokens / s`);
      if (!best || seconds < best.seconds) best = { variant, seconds };
    }
    if (!best) throw new RangeError('no precision was tried');
    return best.variant;
  });
}

function sameTokens(a: readonly number[] = [], b: readonly number[] = []): number {
  const different = a.findIndex((token, i) => token !== b[i]);
  return different < 0 ? a.length : different;
}
