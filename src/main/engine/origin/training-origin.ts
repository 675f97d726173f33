/** Where the adapters of a training come from: its files are read for their fingerprints while it goes on. */
import type { Fingerprint, PartOrigin, TrainingOrigin } from '../../../shared/contract/origin.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { once } from '../once.ts';
import { baseOrigin } from './base-origin.ts';
import { fingerprintOf } from './fingerprint.ts';
import { madeNow } from './made-now.ts';
import { OpenedFiles } from './opened-files.ts';
import { checkStartBase, partsOf } from './parts.ts';

type Result = TrainingOrigin['result'];

/** What of its files a training is about; it is known once they are read, and fails as reading a file does. */
export type Origins = {
  /** The origin of one adapter. */
  of: (config: TrainingConfig, result: Result) => Promise<TrainingOrigin>;
  /** The base, and of each run the data and the adapter that it starts from. */
  files: () => Promise<{
    base: Fingerprint;
    data: TrainingOrigin['data'][];
    starts: (Pick<PartOrigin, 'path' | 'sha256'> | null)[];
  }>;
  /** Waits for the base only where a run starts from an adapter. Errors: start/other-base. */
  checkStarts: () => Promise<void>;
};

/** Notes the data files of runs as they are before they are read. */
export function noteData(configs: readonly TrainingConfig[]): OpenedFiles {
  return new OpenedFiles().note(configs.flatMap(filesOf).map(({ path }) => path));
}

/**
 * Begins to read the base, and the data and the first adapters of all runs. Aborting the signal ends the reading. To be called
 * before the weights are read; what waits for the files fails with origin/file-changed where one is not what was read.
 * @param opened the data as it was before it was read
 */
export function beginOrigins(
  configs: readonly TrainingConfig[],
  checkpoint: Checkpoint,
  tell: (text: string) => void,
  signal: AbortSignal,
  opened: OpenedFiles,
): Origins {
  opened.note(checkpoint.files);
  const unchanged = async <T>(reading: Promise<T>, paths: readonly string[]): Promise<T> => {
    const result = await reading;
    opened.check(paths);
    return result;
  };
  const base = unheard(unchanged(baseOrigin(checkpoint, tell, { signal }), checkpoint.files));
  const read = once((path: string): Promise<Fingerprint> =>
    unheard(unchanged(fingerprintOf(path, { signal }), [path])),
  );
  const dataOf = (config: TrainingConfig) =>
    Promise.all(filesOf(config).map(async ({ path, role }) => ({ ...(await read(path)), role })));
  const part = once((path: string) =>
    unheard(partsOf([{ path, weight: 1 }], tell, { signal }).then(([one]) => one ?? null)),
  );
  const startOf = ({ fromAdapter }: TrainingConfig) =>
    fromAdapter === null ? Promise.resolve(null) : part(fromAdapter);
  for (const { path } of configs.flatMap(filesOf)) void read(path);
  const starts = configs.map(startOf);
  return {
    of: async (config, result) => {
      const [data, startedFrom] = [await dataOf(config), await startOf(config)];
      return { kind: 'training', ...madeNow(await base), data, config, result, startedFrom };
    },
    files: async () => {
      const { path, sha256, bytes } = await base;
      const parts = await Promise.all(starts);
      return {
        base: { path, sha256, bytes },
        data: await Promise.all(configs.map(dataOf)),
        starts: parts.map((one) => one && { path: one.path, sha256: one.sha256 }),
      };
    },
    checkStarts: async () => {
      for (const one of await Promise.all(starts)) if (one) checkStartBase(one, await base);
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
