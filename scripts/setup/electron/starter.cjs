// Runs inside the fallback Electron (`electron [-r FILE] FOLDER`): loads the application in FOLDER as Electron's own starter does.
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { app } = require('electron');

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
for (const module of modules) require(path.resolve(module));
if (folder === null) {
  console.error('usage: electron [-r FILE] FOLDER');
  app.exit(2);
} else {
  const home = path.resolve(folder);
  const manifest = require(path.join(home, 'package.json'));
  app.setAppPath(home);
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  import(pathToFileURL(path.join(home, manifest.main)).href).catch((error) => {
    console.error(error);
    app.exit(1);
  });
}
