/** Opens the form of a new run with a model or a data file chosen; all else in it stays. */
import { newRun } from './new-run.svelte.ts';
import { router } from './route.svelte.ts';

export function beginRun(chosen: { model?: string; data?: string }): void {
  Object.assign(newRun.draft, chosen);
  router.go({ page: 'new' });
}
