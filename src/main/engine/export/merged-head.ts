/** What a merged model has for a head: the base's own, or the one that the adapter has trained. */
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Architecture } from '../model/architecture.ts';
import { asClassifier } from '../model/classifier.ts';

/** The architecture that is written. */
export function mergedArchitecture(
  { architecture }: Checkpoint,
  { labels }: Adapter,
): Architecture {
  return labels === null ? architecture : asClassifier(architecture, labels);
}

/** Why a tensor of the base is not in the merged model (completes "…, which "); null for all others. */
export function whyNotWritten(
  name: string,
  { architecture }: Pick<Checkpoint, 'architecture'>,
  { saved, labels }: Adapter,
): string | null {
  if (saved.has(name)) return 'the adapter has trained anew';
  const isOutput = labels !== null && name === architecture.outside.output;
  return isOutput ? 'predicts the next token, and a classifier does not' : null;
}
