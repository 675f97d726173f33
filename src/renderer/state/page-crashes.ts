/** Errors of the page that nothing caught: they go to the log, and come back as a notice that says where it lies. */
import { call } from '../bridge.ts';

/** A page that fails again and again tells so many, each once. */
const most = 20;

/** To be called before anything is shown. */
export function watchPage(): void {
  const told = new Set<string>();
  const tell = (thrown: unknown, message: string) => {
    const reason = thrown instanceof Error ? thrown.message : message;
    if (told.has(reason) || told.size >= most) return;
    told.add(reason);
    const stack = thrown instanceof Error ? (thrown.stack ?? null) : null;
    // Where main does not answer there is nobody left to tell.
    call('log.crash', { reason, stack }).catch(() => undefined);
  };
  addEventListener('error', ({ error, message }) => {
    tell(error, message);
  });
  addEventListener('unhandledrejection', ({ reason }) => {
    tell(reason, String(reason));
  });
}
