/** The variants of a run: a JSON file that says what is different in each. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { lorikeetError } from '../shared/errors/lorikeet-error.ts';
import { ownSettings } from '../shared/settings/scopes.ts';
import { listOf, recordOf } from '../shared/first-wrong.ts';
import { readJsonFile, type BadFile } from './json-file.ts';
import { optionName } from './setting-options.ts';
import {
  byKey,
  trainingFlagOf,
  trainingKeyOf,
  trainingOptions,
  type TrainingOptions,
} from './training-options.ts';

/** Keys of options that may differ. All others are part of the program and the data that the variants share. */
const own: ReadonlySet<string> = new Set([
  ...['name', 'fromAdapter', 'targetModules', 'layers'],
  ...ownSettings,
]);

const value = z.union([z.string(), z.number(), z.boolean(), listOf(z.string()), z.looseObject({})]);
const file = listOf(recordOf(z.string(), value), { least: 1 });

/** `keys` are those that its file gives it. */
type Variant = { options: TrainingOptions; keys: readonly string[] };

/**
 * The options of each variant: `given` as on the command line, changed by what the file says, whose keys are the long options
 * ("learning-rate" or "learningRate"). A variant without a name is called after what is different in it.
 * @throws cli/file-unreadable, cli/bad-variants
 */
export function readVariants(path: string, given: Record<string, unknown>): Variant[] {
  const bad: BadFile = (details) => lorikeetError('cli/bad-variants', details);
  const fail = (reason: string) => bad({ path: resolve(path), reason });
  const parsed = file.safeParse(readJsonFile(path, bad));
  if (!parsed.success) throw fail('expected a list of objects such as {"rank": 4}');
  return parsed.data.map((variant, index) => {
    const place = `variant ${index + 1}`;
    const seen = new Set<string>();
    const changes = Object.entries(variant).map(([key, each]) => {
      const name = trainingKeyOf(optionName(key));
      if (seen.has(name)) throw fail(`${place} gives ${trainingFlagOf(name)} twice`);
      seen.add(name);
      if (own.has(name)) return [name, asOption(each)] as const;
      const flags = [...own].map(trainingFlagOf).join(', ');
      throw fail(`${place} has "${key}", but only ${flags} may differ`);
    });
    const label =
      changes
        .map(([name, text]) => `${trainingFlagOf(name).slice(2)} ${String(text)}`)
        .join(', ') || place;
    const prefix = typeof given['name'] === 'string' ? `${given['name']}: ` : '';
    const named = { ...byKey(given), name: `${prefix}${label}`, ...Object.fromEntries(changes) };
    const options = trainingOptions.safeParse(named);
    if (options.success) return { options: options.data, keys: [...seen] };
    const [issue] = options.error.issues;
    throw fail(
      `${place}: ${trainingFlagOf(String(issue?.path[0]))}: ${issue?.message ?? 'cannot be used'}`,
    );
  });
}

/** A JSON value as the text that the option would have on the command line. */
function asOption(given: z.output<typeof value>): string | boolean {
  if (typeof given === 'boolean' || typeof given === 'string') return given;
  if (typeof given === 'number') return String(given);
  return Array.isArray(given) ? given.join(',') : JSON.stringify(given);
}
