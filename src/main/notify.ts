/** Tells something through the desktop, which shows it while the window is not in front. */
import { Notification } from 'electron';
import type { RunOver } from './runs-over.ts';

/** Shown notifications: one that nobody holds is collected, and its click with it. */
const shown = new Set<Notification>();

/** Does nothing on a desktop without notifications. `open` is what a click on it means. */
export function notify({ title, body }: RunOver, open: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification({ title, body });
  shown.add(notification);
  const forget = () => shown.delete(notification);
  notification.on('click', () => {
    forget();
    open();
  });
  notification.on('close', forget);
  notification.on('failed', forget);
  notification.show();
}
