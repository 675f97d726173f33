/** Errors of the page that nothing caught: they go to the log, and come back as a notice that says where it lies. */
import { messageOf } from '../../shared/errors/message-of.ts';
import { call } from '../bridge.ts';

/** A page that fails again and again tells so many, each once. */
const most = 20;

const told = new Set<string>();

/** Sends what was thrown to the log, each message once. */
export function tellCrash(thrown: unknown): void {
  const reason = messageOf(thrown);
  if (told.has(reason) || told.size >= most) return;
  told.add(reason);
  const stack = thrown instanceof Error ? (thrown.stack ?? null) : null;
  // Where main does not answer there is nobody left to tell.
  call('log.crash', { reason, stack }).catch(() => undefined);
}

/** To be called before anything is shown. */
export function watchPage(): void {
  addEventListener('error', ({ error, message }) => {
    tellCrash(error ?? message);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    tellCrash(reason);
  });
}
