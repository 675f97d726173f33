/** Connects the page's commands with their handlers. Only the page itself is answered; who else asks is noted in the log. */
import { isAbsolute } from 'node:path';
import { ipcMain, type IpcMainEvent, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { z } from 'zod';
import type { Answer } from '../shared/contract/bridge.ts';
import { channels } from '../shared/contract/channels.ts';
import type { CommandHandlers } from '../shared/contract/commands.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import type { Problem } from '../shared/errors/problem.ts';
import { dispatch } from './dispatch.ts';
import type { KnownPaths } from './known-paths.ts';
import type { Log } from './log.ts';
import { isFromPage } from './page-origin.ts';
import { nameOf, noteRefusal } from './refusals.ts';

const dropped = 'a dropped file';
const droppedPath = z.string().refine(isAbsolute);
const noPath = { command: dropped, reason: 'it has no full path' };

type Served = {
  handlers: CommandHandlers;
  known: KnownPaths;
  log: Log;
  /** The page of the moment. */
  pageOf: () => WebContents | null;
};

export function servePage({ handlers, known, log, pageOf }: Served): void {
  /** Null for a message of the page. */
  function foreign(event: IpcMainEvent | IpcMainInvokeEvent, asked: string): Problem | null {
    if (isFromPage(event, pageOf())) return null;
    const url = event.senderFrame?.url ?? 'a frame that is gone';
    const { problem } = lorikeetError('studio/foreign-sender', { url });
    noteRefusal(log, asked, problem);
    return problem;
  }

  ipcMain.handle(
    channels.command,
    (event, name: unknown, request: unknown): Promise<Answer<unknown>> | Answer<unknown> => {
      const problem = foreign(event, nameOf(name));
      return problem === null ? dispatch(handlers, log, name, request) : { ok: false, problem };
    },
  );
  ipcMain.on(channels.dropped, (event, path: unknown) => {
    if (foreign(event, dropped) !== null) return;
    const parsed = droppedPath.safeParse(path);
    if (parsed.success) known.add(parsed.data);
    else noteRefusal(log, dropped, lorikeetError('studio/bad-request', noPath).problem);
  });
}
