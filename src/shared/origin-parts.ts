/** The adapters that something was made of, whatever it is. */
import type { Origin, PartOrigin } from './contract/origin.ts';

/** Of a training the adapter that it started from, if there was one. */
export function partsOfOrigin(origin: Origin): readonly PartOrigin[] {
  if (origin.kind !== 'training') return origin.parts;
  return origin.startedFrom === null ? [] : [origin.startedFrom];
}
