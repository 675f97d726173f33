/** The losses with which a run ended. */
import type { EngineEvent } from '../../../shared/contract/engine.ts';

export type LastLosses = { lastLoss: number | null; lastValidationLoss: number | null };

/** Passes events on and notes the losses in them. */
export function notingLosses(emit: (event: EngineEvent) => void): {
  emit: (event: EngineEvent) => void;
  losses: Readonly<LastLosses>;
} {
  const losses: LastLosses = { lastLoss: null, lastValidationLoss: null };
  return {
    losses,
    emit(event) {
      if (event.kind === 'step') losses.lastLoss = event.point.loss;
      if (event.kind === 'validation') losses.lastValidationLoss = event.point.loss;
      emit(event);
    },
  };
}
