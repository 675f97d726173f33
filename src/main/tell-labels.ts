/** What classifiers of the studio tell of texts. */
import type { CommandRequest } from '../shared/contract/commands.ts';
import type { AdapterSource } from '../shared/contract/engine.ts';
import type { AdapterRecord, Classification } from '../shared/contract/records.ts';
import { trainingDefaults } from '../shared/contract/training-defaults.ts';
import type { CallOptions } from './engine-client.ts';
import { describeModel } from './library.ts';
import type { Studio } from './studio.ts';

type Texts = CommandRequest<'adapters.classify'>['texts'];
type Told = { base: Classification | null; adapted: Classification[] };

/**
 * By the base alone, null where it has no head of its own, and by each of `folders`, adapters that are those of `adapters` or made
 * of them. Texts are cut as they were in the runs of these.
 */
export async function tellLabels(
  { store, queries }: Pick<Studio, 'store' | 'queries'>,
  { model, adapters, folders }: { model: string; adapters: AdapterRecord[]; folders: string[] },
  texts: Texts,
  call: Pick<CallOptions, 'signal' | 'onEvent'> = {},
): Promise<Told> {
  const lengths = adapters.map(({ runId }) => {
    const run = runId === null ? null : store.runs.byId(runId);
    return (run?.config ?? trainingDefaults).sequenceLength;
  });
  const ask = async (sources: AdapterSource[]): Promise<Classification> => {
    const asked = {
      ...{ model, adapters: sources, precision: 'auto' as const },
      ...{ texts: [texts], sequenceLength: Math.max(...lengths) },
    };
    const [answer] = await queries.call('classify', asked, call);
    if (answer === undefined) throw new RangeError('a text without an answer');
    return answer;
  };
  const { labels } = await describeModel({ store, engine: queries }, model);
  const base = labels === null ? null : await ask([]);
  const adapted: Classification[] = [];
  for (const path of folders) adapted.push(await ask([{ path, weight: 1 }]));
  return { base, adapted };
}
