/** Keeps the form of a new run until the next start, as the address of the page is kept. */
import { readKept } from '../lib/kept-form.ts';
import { newRun } from './new-run.svelte.ts';
import { seriesWork } from './series-work.svelte.ts';

const key = 'new-run';

/** To be called once, before the first page is shown: fills in what was kept, and keeps the form from then on. */
export function keepForm(): void {
  const kept = readKept(localStorage.getItem(key));
  if (kept !== null) {
    newRun.restore(kept);
    seriesWork.restore(kept);
  }
  $effect.root(() => {
    $effect(() => {
      localStorage.setItem(key, JSON.stringify({ ...newRun.kept, ...seriesWork.kept }));
    });
  });
}
