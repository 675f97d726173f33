/** A desktop without a person: no dialog is answered and nothing is shown; what goes to the trash is gone. */
import { rmSync } from 'node:fs';
import type { Desktop } from '../../../src/main/features/desktop.ts';

export const noDesktop: Desktop = {
  version: '1',
  folders: { app: '/app', program: '/program' },
  pick: () => Promise.resolve(null),
  save: () => Promise.resolve(null),
  copy: () => Promise.resolve(),
  showMenu: () => {},
  reveal: () => {},
  trash: (path) => {
    rmSync(path, { recursive: true });
    return Promise.resolve();
  },
};
