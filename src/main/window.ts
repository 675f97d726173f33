/** The studio's one window. */
import { join } from 'node:path';
import { app, BrowserWindow, nativeTheme, screen } from 'electron';
import { closeWebRtc } from './offline.ts';
import { origin } from './page-origin.ts';
import { guardContents } from './security.ts';
import { fitToScreens, keepWindowState, readWindowState } from './window-state.ts';

/** Opens the window with the page, where it last was according to the file `stateFile`. */
export function openWindow(stateFile: string): BrowserWindow {
  const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
  const { corner, width, height, maximized } = fitToScreens(readWindowState(stateFile), screens);
  const window = new BrowserWindow({
    ...corner,
    width,
    height,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Lorikeet',
    icon: join(app.getAppPath(), 'resources', 'icons', '512x512.png'),
    // The page's own background (renderer, tokens.css), so that nothing flashes before it is there.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1311' : '#f5f7f4',
    autoHideMenuBar: true,
    webPreferences: {
      preload: join(app.getAppPath(), 'out', 'preload', 'index.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      // Chromium would fetch its dictionaries from a server.
      spellcheck: false,
      devTools: !app.isPackaged,
    },
  });
  guardContents(window.webContents);
  closeWebRtc(window.webContents);
  if (maximized) window.maximize();
  window.once('ready-to-show', () => {
    window.show();
  });
  window.on('close', () => {
    const { x, y, width, height } = window.getNormalBounds();
    const maximized = window.isMaximized();
    keepWindowState(stateFile, { corner: { x, y }, width, height, maximized });
  });
  void window.loadURL(`${origin}/index.html`);
  return window;
}
