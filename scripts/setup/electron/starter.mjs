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

const { modules, folder } = readArguments(process.argv.slice(1));
for (const module of modules) require(resolve(module));
if (folder === null) {
  console.error('usage: electron [-r FILE] FOLDER');
  app.exit(2);
} else {
  const home = resolve(folder);
  const manifest = require(join(home, 'package.json'));
  app.setAppPath(home);
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  try {
    await import(pathToFileURL(join(home, manifest.main)).href);
  } catch (error) {
    console.error(error);
    app.exit(1);
  }
}
