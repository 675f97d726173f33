/** Settings by what they belong to. */
import type { TrainingConfig } from '../contract/training-config.ts';
import { keysOf, type Scope } from './setting.ts';
import {
  adapterSettings,
  allSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from './table.ts';

const rows = { ...taskSettings, ...adapterSettings, ...lengthSettings, ...trainingSettings };
type All = typeof allSettings;
type Flat = TrainingConfig & TrainingConfig['lora'];

/** The settings of a run that are part of the program, and so the same for all adapters in it. */
export type ProgramKey = {
  [K in keyof All]: 'program' extends All[K]['scope'] ? K : never;
}[keyof All];
export type ProgramSettings = Pick<Flat, ProgramKey>;

export const programKeys: readonly ProgramKey[] = keysOf(allSettings).filter(isProgramKey);

/** The same for configurations that can be trained at once, as far as their settings say. */
export function programOf(config: TrainingConfig): string {
  const flat: Flat = { ...config.lora, ...config };
  return JSON.stringify(programKeys.map((key) => flat[key]));
}

function isProgramKey(key: keyof All): key is ProgramKey {
  return allSettings[key].scope === 'program';
}

/** The settings with a row that each of several adapters trained together may have of its own. */
export const ownSettings: readonly string[] = keysOf(rows).filter(
  (key) => !isProgramKey(key),
);

/** Settings from which neither memory nor steps follow. */
export const scheduleKeys: readonly string[] = keysOf(rows).filter(
  (key) => scopeOf(key) === 'schedule',
);

function scopeOf(key: keyof typeof rows): Scope {
  return rows[key].scope;
}
