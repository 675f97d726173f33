/** The direct way from the training engine to the page, so that metrics arrive while main is busy. */
import { ipcMain, MessageChannelMain, type WebContents } from 'electron';
import { channels } from '../shared/contract/channels.ts';
import { isFromPage } from './page-origin.ts';
import type { UtilityEngine } from './utility-transport.ts';

/**
 * Lays a new channel whenever a page begins to listen. `pageOf` gives the page of the moment. The
 * returned function does the same and is to be called when the engine was started.
 */
export function connectLivePort(engine: UtilityEngine, pageOf: () => WebContents | null) {
  const connect = () => {
    const page = pageOf();
    if (page === null || !engine.running) return;
    const { port1, port2 } = new MessageChannelMain();
    engine.connectWindow(port1);
    page.postMessage(channels.livePort, null, [port2]);
  };
  ipcMain.on(channels.listening, (event) => {
    if (isFromPage(event, pageOf())) connect();
  });
  return connect;
}
