/** The settings of a new run, in a file without schemas: the window does not carry zod. */
import { defaultsOf } from '../settings/setting.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  taskSettings,
  trainingSettings,
} from '../settings/table.ts';
import type { TrainingConfig } from './training-config.ts';

/** What a new run starts from, in the window and on the command line. */
export const trainingDefaults = {
  ...defaultsOf(taskSettings),
  ...defaultsOf(dataSettings),
  fromAdapter: null,
  lora: { ...defaultsOf(adapterSettings), targets: 'all-linear' },
  duration: { kind: 'epochs', epochs: lengthSettings.epochs.default },
  ...defaultsOf(trainingSettings),
  generalText: { kind: 'own' },
  watched: { kind: 'off' },
} as const satisfies Omit<TrainingConfig, 'name' | 'model' | 'data' | 'validation'>;
