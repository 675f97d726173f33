/** The log: noting the window's own crashes, and showing the file. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';
import { endOfFile } from '../system/end-of-file.ts';
import type { Desktop } from './desktop.ts';

/** As much of the log as a person reads. */
const shownBytes = 256 * 1024;

/** What the page calls itself in a crash. */
export const windowPart = 'the window';

export function logHandlers({ trail, paths }: Studio, desktop: Desktop): FeatureHandlers<'log'> {
  return {
    'log.crash': ({ reason, stack }) => {
      trail(windowPart, reason, stack);
    },
    'log.read': async () => ({ path: paths.log, ...(await endOfFile(paths.log, shownBytes)) }),
    'log.reveal': () => {
      desktop.reveal(paths.log);
    },
  };
}
