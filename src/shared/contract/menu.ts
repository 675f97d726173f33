/** What of the native menu the page knows and does: main shows it and tells which item was chosen. */
import { z } from 'zod';

/** The menus that such items are in. */
const menuNames = ['File', 'Go', 'Help'] as const;

export const menuItem = z.object({
  /** What the page knows it by. */
  action: z.string().min(1),
  label: z.string().min(1),
  menu: z.enum(menuNames),
  /** An accelerator of Electron: 'CmdOrCtrl+N'. */
  keys: z.string().min(1).nullable(),
});

export type MenuItem = z.output<typeof menuItem>;
