/** Entry of Electron's main process: puts the studio, its window and its engines together. */
import { join } from 'node:path';
import { app, type BrowserWindow, dialog, session } from 'electron';
import type { StudioEvent } from '../shared/contract/events.ts';
import { toProblem } from '../shared/errors/lorikeet-error.ts';
import { commandHandlers } from './commands.ts';
import { crashTrail, watchProcess } from './crash-trail.ts';
import { desktopOf } from './desktop.ts';
import { servePage } from './ipc.ts';
import { connectLivePort } from './live-port.ts';
import { openLog } from './log.ts';
import { setMenu } from './menu.ts';
import { notify } from './notify.ts';
import { closeBackground, refuseRequests } from './offline.ts';
import { dataPaths } from './paths.ts';
import { declareProtocol, serveFolder } from './protocol.ts';
import { guardQuit } from './quit.ts';
import { locateResources } from './resources.ts';
import { runsOver } from './runs-over.ts';
import { guardSession } from './security.ts';
import { openStudio, type Studio } from './studio.ts';
import { UtilityEngine } from './utility-transport.ts';
import { openWindow } from './window.ts';
import { sendEvent, watchChildren, watchWindow } from './window-trail.ts';

const paths = dataPaths();
const log = openLog(paths.log);
let window: BrowserWindow | null = null;
/** Whether a person wants to be told by the desktop; nobody is before the studio is open. */
let wanted = () => false;
const tellOver = runsOver((news) => {
  if (!wanted() || window?.isFocused() === true) return;
  notify(news, () => {
    showWindow();
    publish({ kind: 'show-run', id: news.id });
  });
});

function publish(event: StudioEvent): void {
  if (window !== null && !window.isDestroyed()) sendEvent(window, event);
  if (event.kind === 'run-changed') tellOver(event.run);
}

/** Brings the window to the front. */
function showWindow(): void {
  if (window?.isMinimized() === true) window.restore();
  window?.show();
  window?.focus();
}

const trail = crashTrail(log, (problem) => {
  publish({ kind: 'crash', problem });
});
watchProcess(trail, 'the main process');
watchChildren(log);
// The terminal that it was started from may be gone.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

function start(): void {
  setMenu();
  guardSession(session.defaultSession);
  refuseRequests(session.defaultSession);
  serveFolder(session.defaultSession, join(app.getAppPath(), 'out', 'renderer'));
  let connect = () => {};
  const training = new UtilityEngine('Lorikeet training', () => {
    connect();
  });
  const queries = new UtilityEngine('Lorikeet queries');
  const pageOf = () => window?.webContents ?? null;
  connect = connectLivePort(training, pageOf);
  // The guard is there first: opening the studio may already find the queue empty.
  let studio: Studio | null = null;
  const quit = guardQuit(() => studio, log);
  studio = openStudio({
    paths,
    resources: locateResources(app.isPackaged ? process.resourcesPath : null),
    log,
    trail,
    transports: { training: training.transport, queries: queries.transport },
    publish,
    onIdle: () => {
      quit.idle();
    },
  });
  const { settings } = studio.store;
  wanted = () => settings.all().tellWhenOver;
  const desktop = desktopOf(
    () => window,
    (action) => {
      publish({ kind: 'action', action });
    },
  );
  servePage({ handlers: commandHandlers(studio, desktop), known: studio.known, log, pageOf });
  window = openWindow(join(paths.home, 'window.json'));
  watchWindow(window, trail, log, () => quit.closing);
  quit.watch(window);
  window.on('closed', () => {
    window = null;
  });
}

// A data folder has one studio: its profile, and with it the lock of the single instance, lies inside.
app.setPath('userData', join(paths.home, 'window'));
if (app.isPackaged) process.env['LORIKEET_RUNTIME'] ??= join(process.resourcesPath, 'runtime');
if (app.requestSingleInstanceLock()) {
  declareProtocol();
  closeBackground();
  app.on('second-instance', showWindow);
  void app
    .whenReady()
    .then(start)
    .catch((thrown: unknown) => {
      log.fault('start', thrown);
      const { what, where, next } = toProblem(thrown);
      dialog.showErrorBox(
        'Lorikeet cannot start',
        [what, where, next].filter(Boolean).join('\n\n'),
      );
      app.exit(1);
    });
} else app.quit();
