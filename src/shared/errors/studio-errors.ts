/** What can go wrong in the studio and the store. */
import type { Catalogue } from './problem.ts';

export const studioErrors = {
  'studio/not-found': (d: { kind: string; name: string }) => ({
    what: `There is no ${d.kind} ${d.name}.`,
    next: `Look at the list of ${d.kind}s and choose one that is there.`,
  }),
  'studio/bad-request': (d: { command: string; reason: string }) => ({
    what: `A setting cannot be used: ${d.reason}`,
    where: d.command,
    next: 'Correct it and try again.',
  }),
} satisfies Catalogue;
