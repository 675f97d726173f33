/** The window's commands on the log: noting its own crashes, and showing the file. Free of Electron. */
import type { CommandHandlers } from '../shared/contract/commands.ts';
import type { CrashTrail } from './crash-trail.ts';

/** What the page calls itself in a crash. */
export const windowPart = 'the window';

export function logCommands(
  trail: CrashTrail,
  path: string,
  reveal: (path: string) => void,
): Pick<CommandHandlers, 'log.crash' | 'log.reveal'> {
  return {
    'log.crash': ({ reason, stack }) => {
      trail(windowPart, reason, stack);
    },
    'log.reveal': () => {
      reveal(path);
    },
  };
}
