/** Values of command line options: from text to what the engine takes, or a plain sentence about what is wrong. */
import type { Command } from 'commander';
import { z } from 'zod';
import { doubledKey } from '../shared/doubled-key.ts';
import { readColumns } from '../shared/settings/columns-kind.ts';
import { notNegative, positive, whole, type Input, type Kind } from '../shared/settings/kind.ts';
import { schemaOf } from '../shared/settings/schema.ts';

const wholeNumber = /^[+-]?\d+$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** An option's text as a value of a form; null for a text that is none. */
const readers: Record<Input['form'], (text: string) => unknown> = {
  whole: (text) => (wholeNumber.test(text) ? Number(text) : null),
  number: (text) => (decimal.test(text) ? Number(text) : null),
  choice: (text) => text,
  switch: (text) => text === 'true',
  'by-module': readJson,
  columns: readColumns,
};

/** A value of the kind, from the text of an option, or from a flag. */
export function optionOf<V>(kind: Kind<V>) {
  return z
    .union([z.string(), z.boolean()])
    .transform((given, context) => {
      const value = readers[kind.input.form](String(given));
      const twice = kind.input.form === 'by-module' && value !== null && doubledKey(String(given));
      if (typeof twice === 'string')
        context.addIssue({ code: 'custom', message: `it has the key "${twice}" twice` });
      return value;
    })
    .pipe(schemaOf(kind));
}

/** A whole number; `least` is the smallest that is taken. */
export const integer = (least?: number) => optionOf(whole(least));
export const positiveNumber = optionOf(positive);
export const nonNegativeNumber = optionOf(notNegative);

/** A path, a name or another text that says something. */
export const someText = z.string().min(1, 'expected a text that is not empty');

/** Names with commas between: q_proj,v_proj. */
export const nameList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => name !== ''), {
    error: 'expected names with commas between, such as q_proj,v_proj',
  });

/** Numbers above 0 with commas between: 1e-4,2e-4. */
export const numberList = z
  .string()
  .transform((text) => text.split(',').map((part) => Number(readers.number(part.trim()))))
  .refine((numbers) => numbers.every((number) => number > 0 && Number.isFinite(number)), {
    error: 'expected numbers above 0 with commas between, such as 1e-4,2e-4',
  });

/** Token ids with commas between: 1,2,3. */
export const tokenList = z
  .string()
  .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, 'expected token ids with commas between, such as 1,2,3')
  .transform((text) => text.split(',').map(Number));

/** Layers, counted from 0, as numbers and ranges: 0-29, or 0,2,5-7. Ascending, each once. */
export const layerList = z
  .string()
  .regex(/^\d+(-\d+)?(,\d+(-\d+)?)*$/, 'expected layers such as 0-29 or 0,2,5-7')
  .transform((text) => text.split(',').flatMap(layersOf))
  .refine((layers) => layers.length > 0, { error: 'a range of layers ends before it begins' })
  .transform((layers) => [...new Set(layers)].sort((a, b) => a - b));

const mostLayers = 10_000;

function layersOf(part: string): number[] {
  const [first = 0, last = first] = part.split('-').map(Number);
  return Array.from(
    { length: Math.min(Math.max(0, last - first + 1), mostLayers) },
    (_, i) => first + i,
  );
}

/**
 * The command's options as `schema` gives them. What does not fit ends the program as a wrong call,
 * naming the option, which `flag` writes for a key of the schema.
 */
export function parseOptions<T extends z.ZodType>(
  command: Command,
  schema: T,
  flag = flagOf,
): z.output<T> {
  const result = schema.safeParse(command.opts());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  command.error(`error: ${flag(String(issue?.path[0]))}: ${issue?.message ?? 'cannot be used'}`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The option as it is written: 'maxSteps' becomes '--max-steps'. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
