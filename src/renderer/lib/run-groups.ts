/** States of runs in the groups by which lists are narrowed down. */
import type { RunState } from '../../shared/contract/records.ts';

export const runGroups = {
  all: { label: 'All states', states: [] },
  ahead: { label: 'Waiting or training', states: ['queued', 'preparing', 'running'] },
  resumable: { label: 'Paused or interrupted', states: ['paused', 'interrupted'] },
  finished: { label: 'Finished', states: ['finished'] },
  stopped: { label: 'Stopped', states: ['stopped'] },
  failed: { label: 'Failed', states: ['failed'] },
} as const satisfies Record<string, { label: string; states: readonly RunState[] }>;

export type RunGroup = keyof typeof runGroups;
