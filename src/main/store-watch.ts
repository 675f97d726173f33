/** Tells the page what another process wrote into the store: `lorikeet train` runs show up while they train. */
import type { StudioEvent } from '../shared/contract/events.ts';
import type { Store } from './store/database.ts';

/**
 * Looks every two seconds whether another process has written, or has ended and left a run behind,
 * and publishes the differences. Returns its end.
 */
export function watchStore(
  store: Store,
  publish: (event: StudioEvent) => void,
  everyMs = 2000,
): () => void {
  let seen = store.foreignWrites();
  let runs = runsAsText(store);

  const timer = setInterval(() => {
    const { interrupted } = store.runs.recover(false);
    const now = store.foreignWrites();
    if (now === seen && interrupted.length === 0) return;
    seen = now;
    const before = runs;
    runs = runsAsText(store);
    for (const [id, text] of runs)
      if (before.get(id) !== text) publish({ kind: 'run-changed', run: store.runs.get(id) });
    for (const id of before.keys()) if (!runs.has(id)) publish({ kind: 'run-removed', id });
    publish({ kind: 'library-changed' });
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

function runsAsText(store: Store): Map<number, string> {
  return new Map(store.runs.list().map((run) => [run.id, JSON.stringify(run)]));
}
