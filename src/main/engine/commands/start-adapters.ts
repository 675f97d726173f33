/** The adapters that runs start from, opened and held against what the runs are. */
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { sayTargets } from '../../../shared/say-targets.ts';
import { tasks } from '../../../shared/tasks.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { AdapterSlots } from '../lora/layout.ts';
import { targetsOf } from '../lora/targets-of.ts';
import { once } from '../once.ts';
import { knownBaseHash } from '../origin/base-origin.ts';
import { originOf } from '../origin/origin-file.ts';
import { checkStartBase } from '../origin/parts.ts';
import { openAdapter } from './open-adapter.ts';
import { tellAll } from './open-model.ts';

/** What a run starts from, and where it lies; null for a new adapter. */
export type StartAdapter = { path: string; adapter: Adapter };
export type Starts = readonly (StartAdapter | null)[];

/**
 * One for each run, each folder read once. What is known of their base without reading it is held against the model.
 * Errors: start/initialisation, start/other-task, start/other-base; those of `openAdapter`.
 */
export function openStarts(
  configs: readonly TrainingConfig[],
  checkpoint: Checkpoint,
  context: Pick<EngineContext, 'emit'>,
): Starts {
  const open = once((path: string): StartAdapter => {
    const adapter = openAdapter(path, checkpoint, context);
    const sha256 = knownBaseHash(checkpoint);
    const origin = originOf(path, (text) => {
      tellAll(context, [text]);
    });
    if (sha256 !== null) checkStartBase({ path, origin }, { path: checkpoint.path, sha256 });
    return { path, adapter };
  });
  return configs.map(({ fromAdapter: path, lora: { init }, task }) => {
    if (path === null) return null;
    if (init !== 'default') throw lorikeetError('start/initialisation', { path, init });
    const start = open(path);
    if (task === 'causal-lm' && tellsApart(start))
      throw lorikeetError('start/other-task', { path });
    return start;
  });
}

/** Whether it brings a head that tells sequences apart. */
export function tellsApart({ adapter }: Pick<StartAdapter, 'adapter'>): boolean {
  return adapter.taskType === tasks['sequence-classification'].peftType;
}

/** Errors: start/targets-left-out for what an adapter changes and its run does not train. */
export function checkStartTargets(
  starts: Starts,
  adapters: readonly AdapterSlots[],
  { architecture }: Pick<Checkpoint, 'architecture'>,
): void {
  for (const [i, start] of starts.entries()) {
    if (start === null) continue;
    const trained = new Set(adapters[i]?.slots.map(({ path }) => path));
    const lost = [...start.adapter.modules.keys()].filter((path) => !trained.has(path));
    if (lost.length === 0) continue;
    const targets = sayTargets(targetsOf(lost, architecture));
    throw lorikeetError('start/targets-left-out', { path: start.path, targets });
  }
}
