/** In which part of its life a process was killed, by what it has left. */
import type { RunRecord } from '../../src/shared/contract/records.ts';
import type { Job } from './job.ts';
import type { Shown } from './shown.ts';

export const phases = [
  ...['start', 'preparing', 'reading weights', 'steps', 'validation'],
  ...['writing a checkpoint', 'writing the adapter', 'its end'],
] as const;
export type Phase = (typeof phases)[number];

/**
 * @param run as the store had it before the death was noticed; null where it was not there yet
 * @param partial whether a checkpoint that was being written is left of this life
 */
export function phaseOf(
  run: Pick<RunRecord, 'state'> | null,
  { validateEvery, steps }: Job,
  shown: Shown,
  partial: boolean,
): Phase {
  if (run === null || run.state === 'queued') return 'start';
  if (run.state === 'finished') return 'its end';
  if (partial) return 'writing a checkpoint';
  const last = shown.steps.at(-1)?.step;
  if (last === undefined) return run.state === 'preparing' ? 'preparing' : 'reading weights';
  const validated = shown.validations.some(({ step }) => step === last);
  if ((last % validateEvery === 0 || last === steps) && !validated) return 'validation';
  return last === steps ? 'writing the adapter' : 'steps';
}
