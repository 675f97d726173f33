/** The native menu: what a person looks for there, with what the page can do. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuItem } from '../shared/contract/menu.ts';

/** Shows the menu; `choose` is told the action of an item that the page does. */
export function setMenu(
  items: readonly MenuItem[] = [],
  choose: (action: string) => void = () => {},
): void {
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
  ];
  if (!app.isPackaged)
    view.push({ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' });
  const ofPage = (menu: MenuItem['menu']) =>
    items
      .filter((item) => item.menu === menu)
      .map(({ action, label, keys }): MenuItemConstructorOptions => ({
        id: action,
        label,
        // The page listens for the keys itself; a Mac takes them first.
        ...(keys && { accelerator: keys, registerAccelerator: false }),
        click: () => {
          choose(action);
        },
      }));
  const menu: MenuItemConstructorOptions[] = [
    {
      label: '&File',
      submenu: [...ofPage('File'), { type: 'separator' }, { role: 'close' }, { role: 'quit' }],
    },
    { role: 'editMenu' },
    { label: '&View', submenu: view },
    { label: '&Go', submenu: ofPage('Go') },
    { label: '&Help', submenu: ofPage('Help') },
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(process.platform === 'darwin' ? [{ role: 'appMenu' }, ...menu] : menu),
  );
}
