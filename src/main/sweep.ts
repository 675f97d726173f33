/** What processes that were killed left half written in the places that the store knows, taken away at the next start. */
import { dirname, join } from 'node:path';
import type { Store } from './store/database.ts';
import { removeLeftovers } from './system/leftovers.ts';

/**
 * Looks where runs, exports and adapters are written; gives what was removed.
 * @param adapters the folder for the outputs of runs
 */
export function sweep(
  { folder, runs, exports, adapters: kept }: Store,
  adapters: string,
): string[] {
  const outputs = runs.outputs().flatMap((output) => {
    const beside = dirname(output);
    return [beside, `${output}.checkpoints`, join(beside, 'checkpoints')];
  });
  const written = [...exports.paths(), ...kept.list().map(({ path }) => path)].map((path) =>
    dirname(path),
  );
  return removeLeftovers([adapters, join(folder, 'adapters'), ...outputs, ...written]);
}
