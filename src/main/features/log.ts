/** The log: noting the window's own crashes, and showing the file. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

/** What the page calls itself in a crash. */
export const windowPart = 'the window';

export function logHandlers({ trail, paths }: Studio, desktop: Desktop): FeatureHandlers<'log'> {
  return {
    'log.crash': ({ reason, stack }) => {
      trail(windowPart, reason, stack);
    },
    'log.reveal': () => {
      desktop.reveal(paths.log);
    },
  };
}
