/** What all sequences begin with, and may therefore have in common in a block. */
import { noLabel } from './block.ts';
import type { Sequence } from './sequence.ts';

/**
 * Number of first tokens that all examples have in common. It ends so early that nothing learnt is predicted inside it, and that
 * every sequence goes on after it.
 */
export function sharedBeginning(examples: readonly Sequence[]): number {
  const [first, ...others] = examples;
  if (!first || others.length === 0) return 0;
  let shared = before(first);
  for (const example of others) {
    const most = Math.min(shared, before(example));
    let same = 0;
    while (same < most && example.tokens[same] === first.tokens[same]) same++;
    shared = same;
  }
  return shared;
}

/** Tokens before the first at which something is predicted. */
function before({ tokens, labels }: Sequence): number {
  const found = labels.findIndex((label) => label !== noLabel);
  return found < 0 ? Math.max(0, tokens.length - 1) : found;
}
