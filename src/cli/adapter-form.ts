/** The options of a run that starts from an adapter: what was not said is as the adapter has it. */
import type { Command } from 'commander';
import type { AdapterStart } from '../shared/contract/adapter-start.ts';
import type { LoraSettings } from '../shared/contract/training-config.ts';
import { keysOf } from '../shared/settings/setting.ts';
import { byKey } from './training-options.ts';
import type { TrainingOptions } from './training-options.ts';

/** Options as commander gives them, without its defaults: what a person has said. */
export function saidOptions(command: Command): Record<string, unknown> {
  const said = Object.entries(command.opts()).filter(
    ([name]) => command.getOptionValueSource(name) !== 'default',
  );
  return byKey(Object.fromEntries(said));
}

type Form = { options: TrainingOptions; targets: LoraSettings['targets'] | null };

/**
 * The options with the adapter's form where `said` has nothing of it; `targets` are null where they were said.
 * @param said keys of options
 */
export function withAdapterForm(
  options: TrainingOptions,
  { task, problem, lora: { targets, ...form } }: AdapterStart,
  said: ReadonlySet<string>,
): Form {
  const own: Partial<TrainingOptions> = {};
  const take = <K extends keyof TrainingOptions>(key: K, value: TrainingOptions[K]) => {
    if (!said.has(key)) own[key] = value;
  };
  for (const key of keysOf(form)) take(key, form[key]);
  if (task === 'sequence-classification') {
    take('task', task);
    take('problem', problem);
  }
  const asked = said.has('targetModules') || said.has('layers');
  return { options: { ...options, ...own }, targets: asked ? null : targets };
}
