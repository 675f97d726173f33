/** The trainings at the ends of a chain of origins. */
import type { Origin, TrainingOrigin } from '../../../shared/contract/origin.ts';

/** In the order of the parts; none of what was made elsewhere. */
export function trainingsOf(origin: Origin | null): TrainingOrigin[] {
  if (origin === null) return [];
  if (origin.kind === 'training') return [origin];
  return origin.parts.flatMap((part) => trainingsOf(part.origin));
}
