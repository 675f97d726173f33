/** The folder of this user's data: the store, adapters and exported models. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export type Paths = {
  home: string;
  store: string;
  /** One folder a run: '12-smart-home'. */
  adapters: string;
  /** Merged models, unless another place is chosen. */
  exports: string;
  /** Data files that were made in the studio. */
  data: string;
  /** Which folders exports may go to besides. */
  chosenFolders: string;
  log: string;
};

/** LORIKEET_HOME moves the folder; otherwise it follows the XDG base directory specification. */
export function dataPaths(environment: NodeJS.ProcessEnv = process.env): Paths {
  const { LORIKEET_HOME: own, XDG_DATA_HOME: xdg } = environment;
  const home = own ? resolve(own) : join(xdg || join(homedir(), '.local', 'share'), 'lorikeet');
  return {
    home,
    store: join(home, 'lorikeet.db'),
    adapters: join(home, 'adapters'),
    exports: join(home, 'exports'),
    data: join(home, 'data'),
    chosenFolders: join(home, 'chosen-folders.json'),
    log: join(home, 'lorikeet.log'),
  };
}
