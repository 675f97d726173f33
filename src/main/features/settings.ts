/** Settings of the studio. */
import type { FeatureHandlers } from '../../shared/contract/commands.ts';
import type { Studio } from '../studio.ts';

export function settingHandlers({ store }: Studio): FeatureHandlers<'settings'> {
  return {
    'settings.get': () => store.settings.all(),
    'settings.change': (settings) => {
      store.settings.change(settings);
      return store.settings.all();
    },
  };
}
