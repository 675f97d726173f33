/** Settings that were changed and still have no effect with the others as they are. */
import type { TrainingConfig } from '../contract/training-config.ts';
import { aboutOf } from './about.ts';
import { belongsTo, needs, type About, type Belonging } from './needs.ts';
import { keysOf, type Setting, type Table } from './setting.ts';
import {
  adapterSettings,
  dataSettings,
  pickedSettings,
  taskSettings,
  trainingSettings,
} from './table.ts';

/** A setting without effect; `lacks` completes 'has no effect: …', `give` begins a sentence on what to do. */
export type Idle = { label: string; flag: string; value: string; lacks: string; give: string };

/**
 * The first in the order of the form, as far as the configuration alone tells; null where all have their effect. One that has its
 * default was not asked for.
 */
export function idleSetting(config: TrainingConfig): Idle | null {
  // Of experts the model tells.
  const about = aboutOf(config, true);
  const [first = null] = [
    ...idleIn(taskSettings, config, about),
    ...idleIn(dataSettings, config, about),
    ...idleIn(adapterSettings, config.lora, about),
    ...idleIn(trainingSettings, config, about),
    ...idleGeneralText(config, about),
    ...idleWatched(config, about),
  ];
  return first;
}

function idleIn<V>(table: Table<V>, values: NoInfer<V>, about: About): Idle[] {
  return keysOf(table).flatMap((key) => {
    const row = table[key];
    const value = values[key];
    if (belongsTo(row, about) || JSON.stringify(value) === JSON.stringify(row.default)) return [];
    return [{ ...named(row, value), ...reasonOf(row, about) }];
  });
}

/** Only a decoder that answers has a text to forget. */
function idleGeneralText({ generalText }: TrainingConfig, about: About): Idle[] {
  const belonging: Belonging = { task: 'causal-lm' };
  if (generalText.kind !== 'file' || belongsTo(belonging, about)) return [];
  const { label } = pickedSettings.generalText;
  const value = generalText.path;
  return [{ label, flag: 'general-text', value, ...reasonOf(belonging, about) }];
}

function idleWatched({ watched }: TrainingConfig, about: About): Idle[] {
  if (watched.kind === 'off') return [];
  const ofTask: Belonging = { task: 'causal-lm' };
  const belonging: Belonging =
    watched.kind === 'validation' ? { ...ofTask, needs: 'validation' } : ofTask;
  if (belongsTo(belonging, about)) return [];
  const { label } = pickedSettings.watched;
  const [flag, value] =
    watched.kind === 'typed'
      ? ['watch', watched.prompts.join(', ')]
      : ['watch-validation', String(watched.count)];
  return [{ label, flag, value, ...reasonOf(belonging, about) }];
}

function named<V>({ label, flag, kind }: Setting<V>, value: V): Pick<Idle, 'label' | 'flag' | 'value'> {
  return { label, flag, value: kind.say(value) ?? String(value) };
}

function reasonOf({ task, needs: need }: Belonging, about: About): Pick<Idle, 'lacks' | 'give'> {
  if (task !== undefined && task !== about.task) {
    const said = (each: typeof task) => taskSettings.task.kind.say(each) ?? each;
    return { lacks: `the task is ${said(about.task)}`, give: `Choose the task ${said(task)}` };
  }
  if (need === undefined) throw new RangeError('a setting that needs nothing is never idle');
  return needs[need];
}
