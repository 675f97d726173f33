/** Answers engine calls that come through a port: one at a time, in the order of their coming. */
import type {
  AskedEnd,
  EngineCall,
  EngineCallOf,
  EngineCommandName,
  EngineContext,
  EngineHandlers,
  EngineMessage,
  EngineResponse,
} from '../../shared/contract/engine.ts';
import { askedTo } from '../../shared/asked-end.ts';
import { LorikeetError, toProblem } from '../../shared/errors/lorikeet-error.ts';
import { withAdvice } from '../../shared/errors/memory-advice.ts';

/** What serving needs of a worker's port. */
export type EnginePort = {
  postMessage(message: EngineMessage): void;
  on(event: 'message', listener: (call: EngineCall) => void): unknown;
};

/** Runs the call's handler; a handler that throws at once counts as a promise that fails. */
function handle<N extends EngineCommandName>(
  handlers: EngineHandlers,
  call: EngineCallOf<N>,
  context: EngineContext,
): Promise<EngineResponse<N>> {
  return new Promise((resolve) => {
    resolve(handlers[call.command](call.request, context));
  });
}

/**
 * Serves `handlers` on `port` until the port closes. TensorFlow blocks the thread, so a second
 * call would only stretch the first: calls wait for their turn. `cancel` aborts the signal of a
 * call in progress, whose handler then decides what to keep; a call still waiting fails with
 * 'engine/cancelled'. What a handler throws goes back as a Problem.
 */
export function serveEngine(port: EnginePort, handlers: EngineHandlers): void {
  const ends = new Map<number, (how: AskedEnd) => void>();
  let turn: Promise<void> = Promise.resolve();

  async function serve<N extends EngineCommandName>(
    call: EngineCallOf<N>,
    signal: AbortSignal,
  ): Promise<void> {
    const { id } = call;
    try {
      signal.throwIfAborted();
      const response = await handle(handlers, call, {
        emit: (event) => {
          port.postMessage({ kind: 'event', id, event });
        },
        signal,
      });
      port.postMessage({ kind: 'result', id, command: call.command, response });
    } catch (thrown) {
      const expected = thrown instanceof LorikeetError || !(thrown instanceof Error);
      const stack = expected ? null : (thrown.stack ?? thrown.message);
      const problem = withAdvice(toProblem(thrown), call.command);
      port.postMessage({ kind: 'failure', id, problem, stack });
    } finally {
      ends.delete(id);
    }
  }

  port.on('message', (call) => {
    if (call.kind === 'cancel') {
      ends.get(call.id)?.(call.how);
      return;
    }
    const controller = new AbortController();
    // With a reason, for who passes it on (`throwIfAborted`).
    ends.set(call.id, (how) => {
      controller.abort(askedTo(how, call.command));
    });
    turn = turn.then(() => serve(call, controller.signal));
  });
  port.postMessage({ kind: 'ready' });
}
