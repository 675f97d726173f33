/** Data files that the studio wrote itself are read like those of a person, and entered into the library. */
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { rememberDataset } from './library.ts';
import type { Studio } from './studio.ts';

/** Fails with 'dataset/bad-lines' where training could not read a line of it. */
export async function addWrittenData(
  { store, known, queries, publish }: Pick<Studio, 'store' | 'known' | 'queries' | 'publish'>,
  path: string,
): Promise<void> {
  known.add(path);
  const report = await queries.call('data.inspect', {
    ...{ path, columns: [], model: null, sequenceLength: 512 },
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
    held: { validation: { kind: 'none' }, seed: 0 },
  });
  const { badLines, unit } = report;
  if (badLines.length > 0) throw lorikeetError('dataset/bad-lines', { path, unit, badLines });
  if (rememberDataset(store, report)) publish({ kind: 'library-changed' });
}
