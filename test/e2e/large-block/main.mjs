/** An application with no window: asks its utility process for one large tensor and prints what it says. */
import { join } from 'node:path';
import { app, utilityProcess } from 'electron';

function start() {
  const child = utilityProcess.fork(join(import.meta.dirname, 'engine.mjs'));
  let answer = null;
  child.on('message', (message) => {
    answer = message;
    child.kill();
  });
  child.on('exit', (code) => {
    console.log(JSON.stringify(answer ?? { died: code }));
    app.quit();
  });
}

// Not awaited: Electron is not ready before this module is loaded.
void app.whenReady().then(start);
