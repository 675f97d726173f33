/** Tells the page what another process wrote into the store: `lorikeet train` runs show up while they train. */
import type { StudioEvent } from '../shared/contract/events.ts';
import type { Store } from './store/database.ts';

/**
 * Looks every two seconds whether another process has written, or has ended and left a run behind,
 * and publishes what has changed since. Returns its end.
 */
export function watchStore(
  store: Store,
  publish: (event: StudioEvent) => void,
  everyMs = 2000,
): () => void {
  let seen = store.foreignWrites();
  let upTo = store.changes.last();

  const timer = setInterval(() => {
    const { interrupted } = store.runs.recover(false);
    const now = store.foreignWrites();
    if (now === seen && interrupted.length === 0) return;
    seen = now;
    const changes = store.changes.since(upTo);
    ({ upTo } = changes);
    for (const id of changes.changed) {
      const run = store.runs.byId(id);
      if (run !== null) publish({ kind: 'run-changed', run });
    }
    for (const id of changes.removed) publish({ kind: 'run-removed', id });
    if (changes.library) publish({ kind: 'library-changed' });
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
