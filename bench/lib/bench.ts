/** What every case of the bench has at hand. */
import type { Work } from './batches.ts';
import type { Materials } from './materials.ts';
import type { Opponents } from './opponents.ts';
import type { CaseResult } from './result.ts';
import type { Settings } from './settings.ts';
import type { Own, Peer, Sides } from './sides.ts';
import type { OwnVariant, PeerVariant } from '../protocol.ts';

export type Bench = {
  settings: Settings;
  materials: Materials;
  sides: Sides;
  opponents: Opponents;
};

export type Case = (bench: Bench) => Promise<CaseResult>;

/** What both sides are told when a model is loaded for a work. */
export async function loadOf(
  { materials, settings }: Pick<Bench, 'materials' | 'settings'>,
  { shape, learnt }: Omit<Work, 'batches'>,
) {
  const layers = materials.architecture.config.numHiddenLayers;
  return {
    model: materials.model,
    adapter: await materials.adapter({ rank: settings.rank, layers, trained: false }),
    learningRate: settings.learningRate,
    learnt,
    ...shape,
  };
}

/** Loads the same model, adapter and optimiser on both sides. Gives the precision that Lorikeet chose. */
export async function loadBoth(
  bench: Bench,
  { own, peer }: { own: Own; peer: Peer },
  work: Omit<Work, 'batches'>,
  variants: { own: OwnVariant; peer: PeerVariant },
): Promise<string> {
  const load = await loadOf(bench, work);
  const { precision } = await own.ask('load', { ...load, variant: variants.own });
  await peer.ask('load', { ...load, variant: variants.peer });
  return precision;
}

/** 'bfloat16, checkpointing' */
export function showPeer({ precision, checkpointing }: PeerVariant): string {
  const named = precision === 'autocast' ? 'bfloat16 + autocast' : precision;
  return checkpointing ? `${named}, gradient checkpointing` : named;
}
