/** The studio itself and this machine. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import { locateRuntime } from '../engine/runtime/locate.ts';
import { licencesOf } from '../licences.ts';
import type { Studio } from '../studio.ts';
import type { Desktop } from './desktop.ts';

export function appHandlers(
  { queries, paths, known }: Studio,
  desktop: Desktop,
): FeatureHandlers<'app'> {
  return {
    'app.info': async () => ({
      version: desktop.version,
      home: paths.home,
      device: await queries.call('device.inspect', null),
    }),
    'app.licences': async () => {
      const { electron, tensorflow } = await queries.call('device.inspect', null);
      const { folder: runtime } = locateRuntime();
      const places = { ...desktop.folders, runtime, versions: { electron, tensorflow } };
      const licences = await licencesOf(places);
      known.add(...licences.flatMap(({ file }) => file ?? []));
      return licences;
    },
    'app.menu': ({ items }) => {
      desktop.showMenu(items);
    },
    'app.copy': ({ text }) => desktop.copy(text),
  };
}
