/** What a person can do from anywhere: items of the native menu with their keys, and entries of the command palette. */
import type { MenuItem } from '../../shared/contract/menu.ts';
import type { IconName } from './icons.ts';
import { pages, type Page, type PageName } from './pages.ts';
import type { ThemeChoice } from './theme-choice.ts';

/** An address, an appearance, or one of the small windows. */
export type ActionEffect = { to: string } | { theme: ThemeChoice } | { open: 'palette' | 'tour' };

export type Action = MenuItem & { icon: IconName; effect: ActionEffect };

const goingTo = (page: PageName): ActionEffect => ({ to: `#/${page}` });

const own: readonly Action[] = [
  {
    ...{ action: 'new', label: 'New run', menu: 'File', keys: 'CmdOrCtrl+N', icon: 'plus' },
    effect: goingTo('new'),
  },
  {
    ...{ action: 'find', label: 'Find…', menu: 'Go', keys: 'CmdOrCtrl+K', icon: 'search' },
    effect: { open: 'palette' },
  },
  {
    ...{ action: 'log', label: 'Log', menu: 'Help', keys: null, icon: 'file' },
    effect: goingTo('log'),
  },
  {
    ...{ action: 'tour', label: 'First steps', menu: 'Help', keys: null, icon: 'play' },
    effect: { open: 'tour' },
  },
  {
    ...{ action: 'about', label: 'About Lorikeet', menu: 'Help', keys: null, icon: 'info' },
    effect: goingTo('about'),
  },
];

/** Each page with a link in the sidebar, in its order there: Ctrl+1, Ctrl+2 … */
const toPages = pages
  .flatMap(({ page, link }: Page): Omit<Action, 'keys'>[] =>
    link === null
      ? []
      : [
          {
            ...{ action: `page ${page}`, label: link.label, menu: 'Go', icon: link.icon },
            effect: { to: `#/${page}` },
          },
        ],
  )
  .map((item, at): Action => ({ ...item, keys: at < 9 ? `CmdOrCtrl+${at + 1}` : null }));

/** In the order in which menus and palette show them. */
export const actions: readonly Action[] = [...own, ...toPages];

/** Only in the palette: the sidebar shows them all the time. */
export const appearances: readonly {
  label: string;
  icon: IconName;
  keys: null;
  effect: ActionEffect;
}[] = [
  { label: 'Light appearance', icon: 'sun', keys: null, effect: { theme: 'light' } },
  { label: 'Dark appearance', icon: 'moon', keys: null, effect: { theme: 'dark' } },
  { label: 'Appearance of the system', icon: 'screen', keys: null, effect: { theme: 'system' } },
];

/** Where Cmd takes the place of Ctrl. */
export const onMac = (): boolean => navigator.platform.startsWith('Mac');

/** Keys as a person reads them: 'Ctrl+K', on a Mac '⌘K'. */
export function shownKeys(keys: string, mac: boolean): string {
  return mac ? keys.replace('CmdOrCtrl+', '⌘') : keys.replace('CmdOrCtrl', 'Ctrl');
}

/** The action that these keys are for; null for other keys. `mac`: see `onMac`. */
export function actionOfKeys(
  pressed: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
  mac: boolean,
): Action | null {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = pressed;
  const plain = mac ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (!plain || altKey || shiftKey) return null;
  return actions.find(({ keys }) => keys === `CmdOrCtrl+${key.toUpperCase()}`) ?? null;
}
