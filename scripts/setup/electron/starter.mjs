/**
 * Runs inside the fallback Electron (`electron [-r FILE] FOLDER`): loads the application in FOLDER as Electron's own
 * starter does. An ES module, because Electron holds back its `ready` only until its first module is wholly loaded,
 * and an application has things to say before that.
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);

/** Modules to load first (-r, --require; Playwright brings one), and the application's folder. */
function readArguments(given) {
  const modules = [];
  let folder = null;
  for (let index = 0; index < given.length; index += 1) {
    if (given[index] === '-r' || given[index] === '--require') modules.push(given[(index += 1)]);
    else if (!given[index].startsWith('-')) folder ??= given[index];
  }
  return { modules, folder };
}

async function load() {
  const { modules, folder } = readArguments(process.argv.slice(1));
  if (folder === null) throw new Error('usage: electron [-r FILE] FOLDER');
  for (const module of modules) require(resolve(module));
  const home = resolve(folder);
  const { main, name, productName, version } = require(join(home, 'package.json'));
  app.setAppPath(home);
  if (productName ?? name) app.setName(productName ?? name);
  if (version) app.setVersion(version);
  await import(pathToFileURL(join(home, main)).href);
}

try {
  await load();
} catch (error) {
  // Left to itself, Electron would show it in a box and wait for a click.
  console.error(error);
  app.exit(1);
}
