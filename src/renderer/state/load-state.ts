/** How far something that is read from the main process has come. */
import type { Problem } from '../../shared/errors/problem.ts';

export type LoadState =
  | { kind: 'loading' }
  | { kind: 'ready' }
  | { kind: 'failed'; problem: Problem };
