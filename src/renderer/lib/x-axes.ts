/** What curves of runs are drawn over. */
import { formatCompact, formatCount, formatDuration } from '../../shared/format.ts';
import type { Axis } from './chart-options.ts';

export type XAxis = 'step' | 'tokens' | 'time';

export const xAxes: Record<XAxis, Axis> = {
  step: { label: 'Step', format: formatCount, whole: true },
  tokens: { label: 'Tokens', format: formatCompact, whole: true },
  // A run that goes on counts on from where it paused.
  time: { label: 'Time trained, without pauses', format: formatDuration },
};
