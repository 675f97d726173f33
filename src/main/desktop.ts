/** What the studio does through the desktop: dialogs, the file manager, the clipboard, the trash. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  app,
  type BrowserWindow,
  clipboard,
  dialog,
  type FileFilter,
  type OpenDialogOptions,
  shell,
} from 'electron';
import type { CommandRequest } from '../shared/contract/commands.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { messageOf } from '../shared/errors/message-of.ts';
import type { Desktop } from './features/desktop.ts';
import { setMenu } from './menu.ts';

const dialogs: Record<CommandRequest<'files.pick'>['kind'], OpenDialogOptions> = {
  'model-file': {
    title: 'Choose a model file',
    filters: [
      { name: 'GGUF models', extensions: ['gguf'] },
      { name: 'All files', extensions: ['*'] },
    ],
    properties: ['openFile'],
  },
  'model-folder': { title: 'Choose a Hugging Face model folder', properties: ['openDirectory'] },
  'adapter-folder': { title: 'Choose the folder of an adapter', properties: ['openDirectory'] },
  'data-file': {
    title: 'Choose a data file',
    filters: [
      { name: 'Data files', extensions: ['jsonl', 'json', 'csv', 'tsv', 'tab', 'parquet'] },
      { name: 'All files', extensions: ['*'] },
    ],
    properties: ['openFile'],
  },
  'output-folder': {
    title: 'Choose where exports are put',
    buttonLabel: 'Choose',
    properties: ['openDirectory', 'createDirectory'],
  },
};

const saved: Record<CommandRequest<'files.save'>['kind'], FileFilter> = {
  csv: { name: 'Comma-separated values', extensions: ['csv'] },
  png: { name: 'PNG pictures', extensions: ['png'] },
};

/** @param choose is told the action of a menu item that the page does */
export function desktopOf(
  windowOf: () => BrowserWindow | null,
  choose: (action: string) => void,
): Desktop {
  return {
    version: app.getVersion(),
    folders: { app: app.getAppPath(), program: dirname(app.getPath('exe')) },
    async pick(kind) {
      const window = windowOf();
      if (window === null) return null;
      const { canceled, filePaths } = await dialog.showOpenDialog(window, dialogs[kind]);
      return canceled ? null : (filePaths[0] ?? null);
    },
    async save(kind, name) {
      const window = windowOf();
      if (window === null) return null;
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'Save as',
        defaultPath: join(app.getPath('documents'), name),
        filters: [saved[kind]],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      return canceled || filePath === '' ? null : filePath;
    },
    reveal(path) {
      shell.showItemInFolder(path);
    },
    showMenu(items) {
      setMenu(items, choose);
    },
    async copy(text) {
      await clipboard.writeText(text);
    },
    async trash(path) {
      if (!existsSync(path)) return;
      try {
        await shell.trashItem(path);
      } catch (cause) {
        const reason = messageOf(cause);
        throw lorikeetError('studio/not-trashed', { path, reason }, { cause });
      }
    },
  };
}
