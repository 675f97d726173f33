/** How much a run has cost the model of what it could do before, in figures and words. */
import type { Forgetting } from './contract/records.ts';
import { formatLoss, formatPercent } from './format.ts';

/** Nats per token that the general text is harder with the adapter than without it: below 0 it is easier; null until it is known. */
export function forgotten({ before, after }: Pick<Forgetting, 'before' | 'after'>): number | null {
  return after === null ? null : after - before;
}

/** '+0.031', '−0.004', '0', and '–' where it is not known. */
export function formatForgotten(forgetting: Forgetting | null): string {
  const more = forgetting && forgotten(forgetting);
  if (more === null) return formatLoss(null);
  if (more === 0) return '0';
  return `${more > 0 ? '+' : '−'}${formatLoss(Math.abs(more))}`;
}

/** Completes 'each token of the text is …'; null where it is not known. */
export function sayForgotten(forgetting: Forgetting): string | null {
  const more = forgotten(forgetting);
  if (more === null) return null;
  if (more === 0) return 'exactly as likely as before: nothing is forgotten';
  const [kind, share] = more > 0 ? ['less', 1 - Math.exp(-more)] : ['more', Math.exp(-more) - 1];
  return `${formatPercent(share)} ${kind} likely than before, on average`;
}
