/** What all sequences begin with, and may therefore have in common in a block. */
import type { EncodedExample } from './encoded-example.ts';

/**
 * Number of first tokens that all examples have in common. It ends so early that nothing learnt is predicted inside it, and that
 * every sequence goes on after it.
 */
export function sharedBeginning(examples: readonly EncodedExample[]): number {
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

/** Tokens before the one that predicts the first learnt token. */
function before({ tokens, learnt }: EncodedExample): number {
  const found = learnt.indexOf(1, 1);
  return Math.max(0, (found < 0 ? tokens.length : found) - 1);
}
