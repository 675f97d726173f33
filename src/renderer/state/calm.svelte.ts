/** Values that change faster than anybody reads. */
import { untrack } from 'svelte';
import { paced } from '../lib/paced.ts';

/** Follows a value a few times a second, to its last. To be called while a component is made. */
export function calm<T>(read: () => T): { readonly current: T } {
  // What a component was given cannot be read any more when the time is over and it is gone.
  let newest = untrack(read);
  let shown = $state.raw(newest);
  const tell = paced(() => {
    shown = newest;
  });
  $effect(() => {
    newest = read();
    tell();
  });
  return {
    get current() {
      return shown;
    },
  };
}
