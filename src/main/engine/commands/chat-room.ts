/** How large a chat's program is built: as it is needed, with what is likely to be needed next, so that it is seldom built again. */
import type { Adapter } from '../checkpoint/adapter.ts';
import { formOf, isPlain, jointForm, type PlaceForm } from '../lora/bank-place.ts';
import { runLength, type ChatRoom } from './chat-model.ts';

/** Base and one adapter is what is usually asked for. */
const leastRows = 2;
const leastTokens = 512;
/** Adapters beside the base that a person sees at once. */
const leastPlaces = 3;
/** Most adapters have no more ranks. */
const leastRank = 16;
/** Places cost time for each of their ranks, whoever is in them: above this only what is asked has room made for it. */
const mostRankNearby = 32;

/**
 * @param tokens of the longest prompt and its answer
 * @param positions that the model has
 * @param asked adapters, each once
 * @param nearby those that may be asked later
 * @param before what there was room for; none of it is given up but for places of DoRA
 */
export function chatRoom(
  rows: number,
  tokens: number,
  positions: number,
  asked: readonly Adapter[],
  nearby: readonly Adapter[],
  before: ChatRoom | null,
): ChatRoom {
  const forms = asked.map(formOf);
  const later = nearby.map(formOf).filter((form) => mostRank(form) <= mostRankNearby);
  const earlier = before?.places ?? [];
  const plain = jointForm([...forms, ...later, ...earlier].filter(isPlain), leastRank);
  const count = Math.max(leastPlaces, forms.filter(isPlain).length, earlier.filter(isPlain).length);
  return {
    rows: Math.max(leastRows, rows, before?.rows ?? 0),
    cacheLength: Math.max(cacheLengthFor(tokens, positions), before?.cacheLength ?? 0),
    places: [
      ...(plain.size === 0 ? [] : Array.from({ length: count }, () => plain)),
      ...forms.filter((form) => !isPlain(form)),
    ],
  };
}

/** Doubled as conversations grow, up to what the model has. */
function cacheLengthFor(tokens: number, positions: number): number {
  const doubled = Math.max(leastTokens, 2 ** Math.ceil(Math.log2(tokens)));
  return Math.ceil(Math.min(doubled, positions) / runLength) * runLength;
}

function mostRank(form: PlaceForm): number {
  return Math.max(0, ...[...form.values()].map(({ rank }) => rank));
}
