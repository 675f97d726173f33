/** What the window is told at once of the runs that a call trains. */
import type { EngineEvent } from '../../shared/contract/engine.ts';
import type { LiveEvent } from '../../shared/contract/events.ts';

/** An event of one of several that are trained at once is of that one; any other is of all of them. */
export function liveEvents(runs: readonly number[], event: EngineEvent): LiveEvent[] {
  if (event.kind !== 'variant') return runs.map((runId) => ({ runId, event }));
  return runs
    .slice(event.variant, event.variant + 1)
    .map((runId) => ({ runId, event: event.event }));
}
