/** Earlier runs on a model whose health tells which cells changed most. */
import type { RunRecord } from '../../shared/contract/records.ts';
import type { ModuleHealth } from '../../shared/contract/run-points.ts';
import { runGroups } from '../lib/run-groups.ts';
import { call } from '../bridge.ts';

/** So many of the newest that ended well are looked through. */
const looked = 50;

/** Those of this model, newest first. */
export async function runsOf(model: string): Promise<RunRecord[]> {
  const { states } = runGroups.finished;
  const filter = { search: '', states: [...states], begun: true };
  const { runs } = await call('runs.page', { ...filter, page: 0, size: looked });
  return runs.filter((run) => run.config.model === model);
}

/** The last reading of a run; nothing where it has none. */
export async function lastHealth(id: number): Promise<readonly ModuleHealth[]> {
  const { health } = await call('runs.metrics', { id });
  return health.at(-1)?.modules ?? [];
}
