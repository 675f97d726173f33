/** Where the adapters of a training come from: its files are read for their fingerprints while it goes on. */
import type { Fingerprint, TrainingOrigin } from '../../../shared/contract/origin.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { once } from '../once.ts';
import { baseOrigin } from './base-origin.ts';
import { fingerprintOf } from './fingerprint.ts';
import { madeNow } from './made-now.ts';

type Result = TrainingOrigin['result'];

/** What of its files a training is about; it is known once they are read, and fails as reading a file does. */
export type Origins = {
  /** The origin of one adapter. */
  of: (config: TrainingConfig, result: Result) => Promise<TrainingOrigin>;
  /** The base, and the data of each run. */
  files: () => Promise<{ base: Fingerprint; data: TrainingOrigin['data'][] }>;
};

/** Begins to read the base and the data of all runs. Aborting the signal ends the reading. */
export function beginOrigins(
  configs: readonly TrainingConfig[],
  checkpoint: Checkpoint,
  tell: (text: string) => void,
  signal: AbortSignal,
): Origins {
  const base = unheard(baseOrigin(checkpoint, tell, { signal }));
  const read = once((path: string): Promise<Fingerprint> =>
    unheard(fingerprintOf(path, { signal })),
  );
  const dataOf = (config: TrainingConfig) =>
    Promise.all(filesOf(config).map(async ({ path, role }) => ({ ...(await read(path)), role })));
  for (const { path } of configs.flatMap(filesOf)) void read(path);
  return {
    of: async (config, result) => {
      const data = await dataOf(config);
      return { kind: 'training', ...madeNow(await base), data, config, result };
    },
    files: async () => {
      const { path, sha256, bytes } = await base;
      return { base: { path, sha256, bytes }, data: await Promise.all(configs.map(dataOf)) };
    },
  };
}

function filesOf({
  data,
  validation,
}: TrainingConfig): Pick<TrainingOrigin['data'][number], 'path' | 'role'>[] {
  const held = validation.kind === 'file' ? [validation.path] : [];
  return [
    { path: data, role: 'training' },
    ...held.map((path) => ({ path, role: 'validation' as const })),
  ];
}

/** A failure is heard of by whoever waits for it, and by nobody where the run ends before. */
function unheard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
