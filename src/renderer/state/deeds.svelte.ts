/** Does what menu and command palette offer, and tells the native menu what that is. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import { call } from '../bridge.ts';
import { actions, type Deed } from '../lib/actions.ts';
import { routeHash } from '../lib/route.ts';
import { notices } from './notices.svelte.ts';
import { theme } from './theme.svelte.ts';
import { tour } from './tour.svelte.ts';

class Deeds {
  /** Whether the command palette is open. */
  palette = $state(false);

  do(deed: Deed): void {
    this.palette = 'open' in deed && deed.open === 'palette';
    if ('to' in deed) location.hash = deed.to;
    else if ('theme' in deed) theme.choose(deed.theme);
    else if (deed.open === 'tour') tour.begin();
  }

  /** To be called once. */
  async showInMenu(): Promise<void> {
    const items = actions.map(({ action, label, menu, keys }) => ({ action, label, menu, keys }));
    await notices.guard(() => call('app.menu', { items }));
  }

  apply(event: StudioEvent): void {
    if (event.kind === 'show-run') this.do({ to: routeHash({ page: 'run', id: event.id }) });
    if (event.kind !== 'action') return;
    const chosen = actions.find(({ action }) => action === event.action);
    if (chosen) this.do(chosen.does);
  }
}

export const deeds = new Deeds();
