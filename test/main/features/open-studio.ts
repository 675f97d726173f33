/** A studio in a folder of its own, with the real engine in a thread of this process. */
import { join } from 'node:path';
import { programFiles } from '../../../scripts/lib/program-files.ts';
import type { EngineTransport } from '../../../src/main/engine-client.ts';
import { crashTrail } from '../../../src/main/crash-trail.ts';
import { openLog } from '../../../src/main/log.ts';
import { dataPaths, type Paths } from '../../../src/main/paths.ts';
import { openStudio, type Studio } from '../../../src/main/studio.ts';
import { workerTransport } from '../../../src/main/worker-transport.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';

export function pathsIn(root: string): Paths {
  return dataPaths({ LORIKEET_HOME: join(root, 'home') });
}

const { engineWorker } = programFiles();
/** The engine as a thread of this process. */
export const engineThread = () => workerTransport(engineWorker);

type Engines = { training: EngineTransport; queries: EngineTransport };

/**
 * @param publish is told what the window would be
 * @param engines how they are started
 */
export function studioIn(
  root: string,
  publish: (event: StudioEvent) => void,
  { training = engineThread(), queries = engineThread() }: Partial<Engines> = {},
): Studio {
  const paths = pathsIn(root);
  const log = openLog(paths.log);
  return openStudio({
    ...{ paths, log, trail: crashTrail(log, () => {}) },
    resources: { starterModel: join(root, 'none'), samples: join(root, 'none') },
    transports: { training, queries },
    publish,
    onIdle: () => {},
  });
}
