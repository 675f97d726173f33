/** What can go wrong in the window alone. */
import type { Catalogue } from './problem.ts';

export const windowErrors = {
  'window/page-failed': (d: { message: string; log: string | null }) => ({
    what: `A part of the window failed to draw: ${d.message}`,
    ...(d.log === null ? {} : { where: d.log }),
    next: `Runs in progress go on. Show it again, or choose another page; if it comes back, report it with ${d.log === null ? 'the sentence above' : 'this file'}.`,
  }),
} satisfies Catalogue;
