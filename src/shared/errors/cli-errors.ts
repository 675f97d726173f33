/** What can go wrong on the command line besides a wrong call. */
import type { Catalogue } from './problem.ts';

export const cliErrors = {
  'cli/file-unreadable': (d: { path: string; reason: string }) => ({
    what: `The file cannot be read: ${d.reason}.`,
    where: d.path,
    next: 'Check the path and that you may read it.',
  }),
  'cli/bad-messages': (d: { path: string; reason: string }) => ({
    what: `The file does not hold a conversation: ${d.reason}.`,
    where: d.path,
    next: 'Write JSON such as [{"role": "user", "content": "Hello"}].',
  }),
  'cli/bad-variants': (d: { path: string; reason: string }) => ({
    what: `The variants cannot be used: ${d.reason}.`,
    where: d.path,
    next: 'Write JSON such as [{"rank": 4}, {"rank": 16, "learning-rate": 1e-4}].',
  }),
} satisfies Catalogue;
