/** What can stand in a cross-domain table: adapters that go together, and the data files that there are. */
import type { DatasetRecord } from '../../shared/contract/data-report.ts';
import type { AdapterRecord, RunRecord } from '../../shared/contract/records.ts';
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import { trainingDefaults } from '../../shared/contract/training-defaults.ts';

/** Until somebody chooses, the newest adapter and so many in all that go with it. */
const atFirst = 3;

/** The settings of the run that made an adapter; null where the run is gone. */
function configOf({ runId }: AdapterRecord, runs: readonly RunRecord[]): TrainingConfig | null {
  return runs.find(({ id }) => id === runId)?.config ?? null;
}

/** Why an adapter cannot stand beside another; null where nothing is known against it. */
export function misfit(one: AdapterRecord, other: AdapterRecord): string | null {
  if (one.model !== other.model) return `another base model than ${other.name}`;
  const [classes, others] = [one, other].map(({ labels }) => labels?.names.join('\n') ?? null);
  if (one.labels && other.labels && classes !== others) return `other classes than ${other.name}`;
  return answers(one) === answers(other) ? null : `another task than ${other.name}`;
}

/** Whether it answers prompts; one that tells texts apart does not. */
export function answers({ labels }: AdapterRecord): boolean {
  return labels === null;
}

/** The newest adapters that go together; `adapters` are newest first. */
export function suggestedAdapters(adapters: readonly AdapterRecord[]): AdapterRecord[] {
  const [newest] = adapters;
  if (newest === undefined) return [];
  return adapters.filter((each) => misfit(each, newest) === null).slice(0, atFirst);
}

/** What adapters are measured on first: the file that each was validated on, or else the one that it learnt from. */
export function ownFiles(adapters: readonly AdapterRecord[], runs: readonly RunRecord[]): string[] {
  const files = adapters.flatMap((adapter) => {
    const config = configOf(adapter, runs);
    if (config === null) return [];
    return config.validation.kind === 'file' ? config.validation.path : config.data;
  });
  return [...new Set(files)];
}

/** Every file that is known: those of runs, newest first, those of the library, and those that were picked. */
export function knownFiles(
  ofRuns: readonly string[],
  datasets: readonly DatasetRecord[],
  picked: readonly string[],
): string[] {
  return [...new Set([...ofRuns, ...datasets.map(({ path }) => path), ...picked])];
}

/** Tokens of a block: as many as the longest of the runs had, so that no text is cut that was not. */
export function blockLength(
  adapters: readonly AdapterRecord[],
  runs: readonly RunRecord[],
): number {
  const lengths = adapters.flatMap((adapter) => configOf(adapter, runs)?.sequenceLength ?? []);
  return lengths.length === 0 ? trainingDefaults.sequenceLength : Math.max(...lengths);
}
