/** Connects the page's commands with their handlers. Only our own page is answered. */
import { ipcMain } from 'electron';
import { channels } from '../shared/contract/channels.ts';
import type { CommandHandlers } from '../shared/contract/commands.ts';
import { dispatch } from './dispatch.ts';
import type { Log } from './log.ts';
import { isOwnPage } from './security.ts';

export function serveCommands(handlers: CommandHandlers, log: Log): void {
  ipcMain.handle(channels.command, (event, name: unknown, request: unknown) => {
    if (!isOwnPage(event.senderFrame?.url)) throw new Error('Not a page of Lorikeet.');
    return dispatch(handlers, log, name, request);
  });
}
