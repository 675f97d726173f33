/** Values of command line options: from text to what the engine takes, or a plain sentence about what is wrong. */
import type { Command } from 'commander';
import { z } from 'zod';

const wholeNumber = /^[+-]?\d+$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A whole number; `least` is the smallest that is taken. */
export function integer(least = Number.MIN_SAFE_INTEGER) {
  const text = least > Number.MIN_SAFE_INTEGER ? ` from ${least}` : '';
  return z
    .string()
    .regex(wholeNumber, `expected a whole number${text}`)
    .transform(Number)
    .refine((value) => value >= least && Number.isSafeInteger(value), {
      error: `expected a whole number${text}`,
    });
}

/** A number such as 0.5 or 2e-4 for which `fits` holds; `expected` says which those are. */
export function number(expected: string, fits: (value: number) => boolean) {
  return z
    .string()
    .regex(decimal, `expected ${expected}`)
    .transform(Number)
    .refine((value) => Number.isFinite(value) && fits(value), { error: `expected ${expected}` });
}

export const positiveNumber = number('a number above 0', (value) => value > 0);
export const nonNegativeNumber = number('0 or a number above it', (value) => value >= 0);

/** Names with commas between: q_proj,v_proj. */
export const nameList = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every((name) => name !== ''), {
    error: 'expected names with commas between, such as q_proj,v_proj',
  });

/** Token ids with commas between: 1,2,3. */
export const tokenList = z
  .string()
  .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, 'expected token ids with commas between, such as 1,2,3')
  .transform((text) => text.split(',').map(Number));

/** A JSON object of names of modules, each with a number for which `fits` holds. */
export function numberByModule(example: string, fits: (value: number) => boolean) {
  const error = `expected JSON such as ${example}`;
  return z
    .string()
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: error });
        return z.NEVER;
      }
    })
    .pipe(z.record(z.string().min(1), z.number({ error }).refine(fits, { error }), { error }));
}

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
 * naming the option.
 */
export function parseOptions<T extends z.ZodType>(command: Command, schema: T): z.output<T> {
  const result = schema.safeParse(command.opts());
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  command.error(`error: ${flagOf(String(issue?.path[0]))}: ${issue?.message ?? 'cannot be used'}`);
}

/** The option as it is written: 'maxSteps' becomes '--max-steps'. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
