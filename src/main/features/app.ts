/** The studio itself and this machine. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

export function appHandlers({ queries, paths }: Studio, desktop: Desktop): FeatureHandlers<'app'> {
  return {
    'app.info': async () => ({
      version: desktop.version,
      home: paths.home,
      device: await queries.call('device.inspect', null),
    }),
    'app.copy': ({ text }) => desktop.copy(text),
  };
}
