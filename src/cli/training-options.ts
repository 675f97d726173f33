/** The options of `lorikeet train`, and the run that they describe. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { LinearModule } from '../shared/contract/records.ts';
import type { LoraSettings, TrainingConfig } from '../shared/contract/training-config.ts';
import { trainingDefaults } from '../shared/contract/training-defaults.ts';
import { number, whole, type Kind } from '../shared/settings/kind.ts';
import { keysOf, valuesOf } from '../shared/settings/setting.ts';
import {
  adapterSettings,
  dataSettings,
  lengthSettings,
  pickedSettings,
  taskSettings,
  trainingSettings,
} from '../shared/settings/table.ts';
import { mostWatched } from '../shared/settings/watched.ts';
import { flagOf, layerList, nameList, numberList, optionOf, someText } from './options.ts';
import {
  addEitherOption,
  addSettingOptions,
  defaultedShape,
  optionName,
  optionalShape,
} from './setting-options.ts';

/** Adds all options that describe a run. Their defaults are those of the window. */
export function addTrainingOptions(command: Command): Command {
  addSettingOptions(command, taskSettings);
  addSettingOptions(command, dataSettings);
  command
    .option('--validation <FILE>', 'data file of examples that are not trained on')
    .option('--validation-split <share>', 'share of the data to set aside instead: 0.1')
    .option(
      '--from-adapter <DIR>',
      `${pickedSettings.fromAdapter.help} Its rank, alpha and targets are those of the run where nothing else is said.`,
    )
    .option(
      '--target-modules <names>',
      'all-linear, or names such as q_proj,v_proj',
      trainingDefaults.lora.targets,
    )
    .option(
      '--layers <range>',
      'layers that get an adapter, such as 0-29 or 0,2,5-7 (default: all)',
    );
  addSettingOptions(command, adapterSettings);
  addEitherOption(command, lengthSettings);
  addSettingOptions(command, trainingSettings);
  return command
    .option(
      '--watch <PROMPT>',
      `${pickedSettings.watched.help} May be given several times.`,
      (prompt: string, before: string[] | undefined) => [...(before ?? []), prompt],
    )
    .option('--watch-validation <N>', 'watches so many questions of the validation data instead')
    .option(
      '--general-text <FILE>',
      `${pickedSettings.generalText.help} A data file, or own (the text that comes with Lorikeet), or off.`,
      trainingDefaults.generalText.kind,
    )
    .option('--name <TEXT>', 'name of the run')
    .option(
      '--variants <FILE>',
      'JSON list of runs to train at once over one base: [{"rank": 4}, {"rank": 16}]',
    )
    .option(
      '--halving',
      'ends the worse half of the variants by their validation loss, again and again (successive halving), until one is left: at the first validations after an eighth, a quarter and half of the steps',
    );
}

const share = number({
  expected: 'a number between 0 and 1',
  fits: (value) => value > 0 && value < 1,
});

const watchedCount: Kind<number> = {
  ...whole(1),
  fits: (value) => whole(1).fits(value, { most: mostWatched }),
  expected: () => whole(1).expected({ most: mostWatched }),
};

const settings = {
  ...taskSettings,
  ...dataSettings,
  ...adapterSettings,
  ...lengthSettings,
  ...trainingSettings,
};
const keyOfOption = new Map<string, string>(
  keysOf(settings).map((key) => [optionName(settings[key].flag), key]),
);
const flagOfKey = new Map<string, string>(
  keysOf(settings).map((key) => [key, `--${settings[key].flag}`]),
);

/** The key of an option in `trainingOptions`: 'maxSteps' is the setting 'steps'. */
export function trainingKeyOf(option: string): string {
  return keyOfOption.get(option) ?? option;
}

/** Options as commander gives them, by their keys. */
export function byKey(given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([option, value]) => [trainingKeyOf(option), value]),
  );
}

/** The option of a key as it is written: 'steps' is '--max-steps'. */
export function trainingFlagOf(key: string): string {
  return flagOfKey.get(key) ?? flagOf(key);
}

const options = z.object({
  model: someText,
  data: someText,
  ...defaultedShape(taskSettings),
  ...defaultedShape(dataSettings),
  output: someText.optional(),
  validation: someText.optional(),
  validationSplit: optionOf(share).optional(),
  fromAdapter: someText.optional(),
  targetModules: nameList,
  layers: layerList.optional(),
  ...defaultedShape(adapterSettings),
  ...optionalShape(lengthSettings),
  ...defaultedShape(trainingSettings),
  generalText: someText.default(trainingDefaults.generalText.kind),
  watch: z.array(someText).max(mostWatched).optional(),
  watchValidation: optionOf(watchedCount).optional(),
  name: z.string().default(''),
  variants: someText.optional(),
  halving: z.boolean().default(false),
  findLr: z.boolean().default(false),
  rates: numberList.optional(),
  alphas: numberList.optional(),
  estimate: z.boolean().default(false),
  json: z.boolean().default(false),
});
/** Takes options as commander gives them. */
export const trainingOptions = z.preprocess(byKey, options);
export type TrainingOptions = z.output<typeof trainingOptions>;

/** Pairs of options of which only one can be meant. */
export const exclusiveOptions = [
  ['validation', 'validationSplit'],
  ['epochs', 'steps'],
  ['estimate', 'variants'],
  ['findLr', 'variants'],
  ['findLr', 'estimate'],
  ['watch', 'watchValidation'],
] as const;

/**
 * The run that the options describe. `modules` are those of the model, for --layers with all-linear; `targets` stand in place of
 * those of the options.
 */
export function trainingConfigOf(
  options: TrainingOptions,
  modules: readonly LinearModule[],
  targets: LoraSettings['targets'] | null = null,
): TrainingConfig {
  const { name, model, data, validation, validationSplit, epochs, steps } = options;
  return {
    name,
    model,
    data: resolve(data),
    ...valuesOf(taskSettings, options),
    ...valuesOf(dataSettings, options),
    validation:
      validation !== undefined
        ? { kind: 'file', path: resolve(validation) }
        : validationSplit !== undefined
          ? { kind: 'split', fraction: validationSplit }
          : { kind: 'none' },
    fromAdapter: options.fromAdapter === undefined ? null : resolve(options.fromAdapter),
    lora: {
      ...valuesOf(adapterSettings, options),
      targets: targets ?? targetsOf(options, modules),
    },
    duration:
      steps !== undefined
        ? { kind: 'steps', steps }
        : { kind: 'epochs', epochs: epochs ?? lengthSettings.epochs.default },
    ...valuesOf(trainingSettings, options),
    generalText: generalTextOf(options),
    watched: watchedOf(options),
  };
}

function watchedOf({ watch, watchValidation }: TrainingOptions): TrainingConfig['watched'] {
  if (watchValidation !== undefined) return { kind: 'validation', count: watchValidation };
  return watch ? { kind: 'typed', prompts: watch } : { kind: 'off' };
}

function generalTextOf({ generalText }: TrainingOptions): TrainingConfig['generalText'] {
  return generalText === 'own' || generalText === 'off'
    ? { kind: generalText }
    : { kind: 'file', path: resolve(generalText) };
}

/** Whether the names are the word that stands for every linear module. */
export function namesAllLinear(names: readonly string[]): boolean {
  return names.length === 1 && names[0] === 'all-linear';
}

function targetsOf(
  { targetModules, layers }: TrainingOptions,
  modules: readonly LinearModule[],
): LoraSettings['targets'] {
  const all = namesAllLinear(targetModules);
  if (all && layers === undefined) return 'all-linear';
  const usual = modules.filter(({ gate }) => !gate).map(({ name }) => name);
  const names = all ? usual : targetModules;
  return names.map((module) => ({ module, layers: layers ?? 'all' }));
}
