/** What only a desktop can do. */
import type { MenuItem } from '../../shared/contract/menu.ts';
import type { CommandRequest } from '../../shared/contract/commands.ts';

export type Desktop = {
  version: string;
  /** Where Lorikeet's files are, and where Electron's program is. */
  folders: { app: string; program: string };
  pick(kind: CommandRequest<'files.pick'>['kind']): Promise<string | null>;
  /** Where a file is to be saved; a person has agreed to what is there being replaced. `name` is proposed, with its ending. */
  save(kind: CommandRequest<'files.save'>['kind'], name: string): Promise<string | null>;
  reveal(path: string): void;
  /** Puts what the page can do into the native menu. */
  showMenu(items: readonly MenuItem[]): void;
  /** Onto the clipboard. */
  copy(text: string): Promise<void>;
  /** Moves a folder to the trash. Fails with 'studio/not-trashed'; a folder that is gone is fine. */
  trash(path: string): Promise<void>;
};
