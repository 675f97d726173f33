/** The page's only way out: the bridge of the contract. It runs sandboxed, so it is built into one CommonJS file. */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { Bridge } from '../shared/contract/bridge.ts';
import { channels } from '../shared/contract/channels.ts';
import type { LiveEvent, StudioEvent } from '../shared/contract/events.ts';

/** Listeners of one kind of event; the returned function of `add` takes one away again. */
class Listeners<E> {
  readonly #all = new Set<{ tell: (event: E) => void }>();

  add(tell: (event: E) => void): () => void {
    const entry = { tell };
    this.#all.add(entry);
    return () => this.#all.delete(entry);
  }

  tell(event: E): void {
    for (const { tell } of this.#all) tell(event);
  }
}

const studio = new Listeners<StudioEvent>();
const live = new Listeners<LiveEvent>();
let port: MessagePort | undefined;

ipcRenderer.on(channels.event, (_event, studioEvent: StudioEvent) => {
  studio.tell(studioEvent);
});

// A new port comes when the engine was started again; the old one is then dead.
ipcRenderer.on(channels.livePort, (event) => {
  port?.close();
  port = event.ports[0];
  if (port)
    port.onmessage = (message: MessageEvent<LiveEvent>) => {
      live.tell(message.data);
    };
});
ipcRenderer.send(channels.listening);

const bridge: Bridge = {
  invoke: (command, request) => ipcRenderer.invoke(channels.command, command, request),
  onStudioEvent: (listener) => studio.add(listener),
  onLiveEvent: (listener) => live.add(listener),
  pathOfFile: (file) => {
    // Of a file that a script has made this is nothing.
    const path = webUtils.getPathForFile(file);
    // On its way before the page can name it.
    if (path !== '') ipcRenderer.send(channels.dropped, path);
    return path;
  },
};

contextBridge.exposeInMainWorld('lorikeet', bridge);
