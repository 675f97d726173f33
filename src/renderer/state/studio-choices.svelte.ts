/** Settings of the studio, which main keeps. */
import type { StudioSettings } from '../../shared/contract/studio-settings.ts';
import { call } from '../bridge.ts';
import { notices } from './notices.svelte.ts';

class StudioChoices {
  /** Null until they are read. */
  value = $state.raw<StudioSettings | null>(null);

  async refresh(): Promise<void> {
    await notices.guard(async () => {
      this.value = await call('settings.get', undefined);
    });
  }

  /** Says whether they were kept. */
  change(settings: Partial<StudioSettings>): Promise<boolean> {
    return notices.guard(async () => {
      this.value = await call('settings.change', settings);
    });
  }
}

export const studioChoices = new StudioChoices();
