/** Does what menu and command palette offer, and tells the native menu what that is. */
import type { StudioEvent } from '../../shared/contract/events.ts';
import { call } from '../bridge.ts';
import { actions, type ActionEffect } from '../lib/actions.ts';
import { routeHash } from '../lib/route.ts';
import { notices } from './notices.svelte.ts';
import { theme } from './theme.svelte.ts';
import { tour } from './tour.svelte.ts';

class ActionRunner {
  /** Whether the command palette is open. */
  paletteOpen = $state(false);

  run(effect: ActionEffect): void {
    this.paletteOpen = 'open' in effect && effect.open === 'palette';
    if ('to' in effect) location.hash = effect.to;
    else if ('theme' in effect) theme.choose(effect.theme);
    else if (effect.open === 'tour') tour.begin();
  }

  /** To be called once. */
  async showInMenu(): Promise<void> {
    const items = actions.map(({ action, label, menu, keys }) => ({ action, label, menu, keys }));
    await notices.guard(() => call('app.menu', { items }));
  }

  apply(event: StudioEvent): void {
    if (event.kind === 'show-run') this.run({ to: routeHash({ page: 'run', id: event.id }) });
    if (event.kind !== 'action') return;
    const chosen = actions.find(({ action }) => action === event.action);
    if (chosen) this.run(chosen.effect);
  }
}

export const actionRunner = new ActionRunner();
