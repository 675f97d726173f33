/** What nobody expected, from every process: it goes into the log, and the person is told with the place of the log. Free of Electron. */
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import type { Problem } from '../shared/errors/problem.ts';
import type { EngineTransport } from './engine-client.ts';
import type { Log } from './log.ts';

/** Notes and tells a crash. `part` completes "Something went wrong in …"; the stack is there where one is known. */
export type CrashTrail = (part: string, reason: string, stack: string | null) => void;

export function crashTrail(log: Log, tell: (problem: Problem) => void): CrashTrail {
  return (part, reason, stack) => {
    log.note(`crash in ${part}: ${reason}${stack === null ? '' : `\n${stack}`}`);
    tell(lorikeetError('studio/crash', { part, reason, log: log.path }).problem);
  };
}

/** Catches what nothing else catches in this process. Without it Node ends the process with nothing but a print. */
export function watchProcess(trail: CrashTrail, part: string): void {
  const caught = (thrown: unknown) => {
    const { message, stack } = thrown instanceof Error ? thrown : new Error(String(thrown));
    trail(part, message, stack ?? null);
  };
  process.on('uncaughtException', caught);
  process.on('unhandledRejection', caught);
}

/** The same transport; an engine that ends without being asked to, and a fault inside it, leave their trail. */
export function trailedTransport(
  transport: EngineTransport,
  trail: CrashTrail,
  part: string,
): EngineTransport {
  return (listener) => {
    let asked = false;
    const link = transport({
      onMessage(message) {
        if (message.kind === 'failure' && message.stack !== null) {
          trail(part, message.stack.split('\n', 1).join(), message.stack);
        }
        listener.onMessage(message);
      },
      onEnd(reason, stack) {
        if (!asked) trail(part, reason, stack);
        listener.onEnd(reason, stack);
      },
    });
    return {
      post: (call) => {
        link.post(call);
      },
      stop() {
        asked = true;
        return link.stop();
      },
    };
  };
}
