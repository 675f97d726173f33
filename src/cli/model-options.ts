/** Options of the commands that use a base model with adapters. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { z } from 'zod';
import type { AdapterSource, ModelSource } from '../shared/contract/engine.ts';
import { trainingSettings } from '../shared/settings/table.ts';
import { addSettingOptions, defaultedShape } from './setting-options.ts';
import type { Work } from './work.ts';

const { precision } = trainingSettings;

/** Adds --model, --adapter and --precision. */
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
  return command;
}

/** What the options of `addModelOptions` hold. */
export const modelOptions = {
  model: z.string().min(1),
  adapter: z.array(z.string().min(1)),
  ...defaultedShape({ precision }),
};

/** The model and adapters as the engine takes them: full paths, and weights. */
export async function modelSource(
  work: Work,
  options: z.output<z.ZodObject<typeof modelOptions>>,
): Promise<ModelSource> {
  return {
    model: await work.resolveModel(options.model),
    adapters: options.adapter.map(adapterSource),
    precision: options.precision,
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
