/** What can go wrong in the window alone. */
import type { Catalogue } from './problem.ts';

export const windowErrors = {
  'window/page-failed': (d: { message: string }) => ({
    what: `A part of the window failed to draw: ${d.message}`,
    next: 'Runs in progress go on. Show it again, or choose another page; if it comes back, report it with the log, which a notice names.',
  }),
} satisfies Catalogue;
