/** Models of other programs on this computer, as the last search found them. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import type { FoundModels as Found } from '../../shared/contract/found-models.ts';
import { toProblem } from '../../shared/errors/lorikeet-error.ts';
import type { Problem } from '../../shared/errors/problem.ts';
import { call } from '../bridge.ts';

class FoundModels {
  /** Null before the first search is over. */
  found = $state.raw<Found | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** How many models have been looked at, of how many. */
  progress = $state.raw<{ done: number; total: number } | null>(null);

  /** Looks again, unless a search is under way. */
  async look(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.progress = null;
    try {
      this.found = await call('models.find', undefined);
      this.problem = null;
    } catch (thrown) {
      this.problem = toProblem(thrown);
    } finally {
      this.busy = false;
    }
  }

  apply(event: StudioEvent): void {
    if (event.kind !== 'find-progress' || !this.busy) return;
    this.progress = { done: event.done, total: event.total };
  }
}

export const foundModels = new FoundModels();
