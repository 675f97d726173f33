/** Options of the commands that use a base model with adapters. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { AdapterSource, ModelSource } from '../shared/contract/engine.ts';
import type { Thinking } from '../shared/contract/training-config.ts';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { askedBase } from '../shared/held-base.ts';
import { trainingSettings } from '../shared/settings/table.ts';
import {
  addOpenOptions,
  addSettingOptions,
  defaultedShape,
  optionalShape,
} from './setting-options.ts';
import type { Work } from './work.ts';
import { someText } from './options.ts';

const { precision, thinking, base, doubleQuant } = trainingSettings;
const asTrained = 'as the adapters were trained';

/** Adds --model, --adapter and --precision, and how the base is held. */
export function addModelOptions(command: Command): Command {
  command
    .requiredOption('--model <MODEL>', 'name in the library, .gguf file or Hugging Face directory')
    .option<string[]>(
      '--adapter <DIR>',
      'PEFT adapter to attach; may be given several times, and as DIR=0.5 with a weight (a folder of that whole name comes first)',
      (dir, before) => [...before, dir],
      [],
    );
  addSettingOptions(command, { precision });
  addOpenOptions(command, { base, doubleQuant }, asTrained);
  return command;
}

/** Of commands that write something of a base and adapters: see `EngineCommands.merge`. */
export const otherBaseOption = [
  '--other-base',
  'take a model whose files are other ones than the adapters were made on',
] as const;

export const mergeBaseOption = [
  '--merge-base <MODEL>',
  'merge into other weights of the same model, such as the 16-bit ones that the base was quantised from',
] as const;

/** What the options of `addModelOptions` hold. */
export const modelOptions = {
  model: someText,
  adapter: z.array(someText),
  ...defaultedShape({ precision }),
  ...optionalShape({ base, doubleQuant }),
};

/** Adds also --thinking; left out it means: as the adapters learnt. */
export function addChatOptions(command: Command): Command {
  addOpenOptions(addModelOptions(command), { thinking }, 'as the adapters learnt');
  return command;
}

/** What the options of `addChatOptions` hold. */
export const chatOptions = { ...modelOptions, ...optionalShape({ thinking }) };

/** The model and adapters as the engine takes them: full paths, and weights. Errors: studio/not-found, base/double-quant. */
export async function modelSource(
  work: Pick<Work, 'resolveModel'>,
  options: z.output<z.ZodObject<typeof modelOptions>> & { thinking?: Thinking | undefined },
): Promise<ModelSource> {
  const { base: asked = 'auto', doubleQuant: doubled = false } = options;
  const held = askedBase(asked, doubled);
  if (doubled && held === null) throw lorikeetError('base/double-quant', { base: asked });
  return {
    model: await work.resolveModel(options.model),
    adapters: options.adapter.map(adapterSource),
    precision: options.precision,
    ...(held && { held }),
    ...(options.thinking !== undefined && { thinking: options.thinking }),
  };
}

/** "DIR" or "DIR=0.5". A folder that has the whole text as its name (a sweep's alpha=16) is meant as it is. */
export function adapterSource(text: string): AdapterSource {
  const whole = resolve(text);
  const [, path, weight] = weighted.exec(text) ?? [];
  if (path === undefined || existsSync(whole) || !Number.isFinite(Number(weight)))
    return { path: whole, weight: 1 };
  return { path: resolve(path), weight: Number(weight) };
}

const weighted = /^(.+)=([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i;
