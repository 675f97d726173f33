/** How a piece of work is asked to end: the reason that its signal is aborted with, on either side of a port. */
import type { AskedEnd } from './contract/engine.ts';
import { LorikeetError, lorikeetError } from './errors/lorikeet-error.ts';

const codes = { stop: 'engine/cancelled', pause: 'engine/paused' } as const;

/** @param work what it is called, for whoever sees the error */
export function askedTo(how: AskedEnd, work: string): LorikeetError {
  return lorikeetError(codes[how], { work });
}

/** What the signal's reason asks for; 'stop' for any other. */
export function askedEnd({ reason }: Pick<AbortSignal, 'reason'>): AskedEnd {
  const thrown: unknown = reason;
  return thrown instanceof LorikeetError && thrown.code === codes.pause ? 'pause' : 'stop';
}
