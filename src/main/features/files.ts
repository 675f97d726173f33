/** Files on this machine, through the desktop. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Desktop } from './desktop.ts';

export function fileHandlers(desktop: Desktop): FeatureHandlers<'files'> {
  return {
    'files.pick': ({ kind }) => desktop.pick(kind),
    'files.reveal': ({ path }) => {
      desktop.reveal(path);
    },
  };
}
