/** A stop of runs that go on from a checkpoint: only once they are opened can the adapter of that be written. */
import { askedEnd } from '../shared/asked-end.ts';
import type { EngineEvent } from '../shared/contract/engine.ts';

type Postponed = {
  /** Aborted as the given one is, a stop not before the runs are ready. */
  signal: AbortSignal;
  /** To be told of every event. */
  hear: (event: EngineEvent) => void;
};

/** @param goesOn whether there is a checkpoint; runs without one are stopped at once, with nothing to keep */
export function stopOnceReady(asked: AbortSignal, goesOn: boolean): Postponed {
  const end = new AbortController();
  let ready = !goesOn;
  const pass = () => {
    if (asked.aborted && (ready || askedEnd(asked) === 'pause')) end.abort(asked.reason);
  };
  asked.addEventListener('abort', pass, { once: true });
  pass();
  return {
    signal: end.signal,
    hear(event) {
      ready ||= (event.kind === 'variant' ? event.event : event).kind === 'prepared';
      pass();
    },
  };
}
