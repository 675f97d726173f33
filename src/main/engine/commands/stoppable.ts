/** Work that can be stopped wherever it tells how far it is. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';

/**
 * @param work 'The export', for the error
 * Errors, out of `emit`: engine/cancelled.
 */
export function stoppable(context: EngineContext, work: string): EngineContext {
  return {
    ...context,
    emit(event) {
      if (event.kind === 'progress' && context.signal.aborted) {
        throw lorikeetError('engine/cancelled', { work });
      }
      context.emit(event);
    },
  };
}
