/** Kinds of settings: which values one can have, how it is chosen, and how its value is said. Free of schemas: the window carries them. */
import { formatCount, formatSmall } from '../format.ts';
import { isObject } from '../is-object.ts';
import type { Columns } from './columns.ts';

/** What fills a setting in a form and on the command line. */
export type Input =
  | { form: 'whole'; min: number | undefined }
  | { form: 'number'; min: number; max: number | undefined; step: number | 'any' }
  | { form: 'choice'; choices: readonly Choice[] }
  | { form: 'switch' }
  | { form: 'by-module'; example: string }
  | { form: 'columns'; example: string };

/** `help` is about this choice, where there is more to say than its label does. */
type Choice = { value: string; label: string; help?: string };
type Named = string | { label: string; help: string };

/** Bounds that only a chosen model gives. */
export type Bounds = { least?: number | undefined; most?: number | undefined };

/** What a setting of any kind can be. */
export type SettingValue = number | string | boolean | Record<string, number> | Columns;

export type Kind<V> = {
  readonly input: Input;
  /** The type alone: a number may still be out of its bounds. */
  is(value: unknown): value is V;
  fits(value: V, bounds?: Bounds): boolean;
  /** Completes 'expected …': 'a number above 0'. */
  expected(bounds?: Bounds): string;
  /** What is wrong with a value, where more can be said than what is expected. */
  wrong?(value: unknown): string | null;
  /** The value for a person; null where there is nothing to say. */
  say(value: V): string | null;
  /** What a value that stands for something else means; it is said instead of the value and its unit. */
  inWords?(value: V): string | null;
};

/** The kind of a number whose 0 means `words`. */
export function zeroMeans(words: string, kind: Kind<number>): Kind<number> {
  return { ...kind, inWords: (value) => (value === 0 ? words : null) };
}

/** A whole number, from `least` on if there is one. `say` is for numbers that are no amounts. */
export function whole(least?: number, say: (value: number) => string = formatCount): Kind<number> {
  const from = (bounds: Bounds) => bounds.least ?? least;
  return {
    input: { form: 'whole', min: least },
    is: isNumber,
    fits: (value, bounds = {}) =>
      Number.isSafeInteger(value) &&
      value >= (from(bounds) ?? -Infinity) &&
      value <= (bounds.most ?? Infinity),
    expected(bounds = {}) {
      const least = from(bounds);
      const begin = least === undefined ? '' : ` from ${formatCount(least)}`;
      return `a whole number${begin}${bounds.most === undefined ? '' : ` to ${formatCount(bounds.most)}`}`;
    },
    say,
  };
}

type Range = {
  expected: string;
  fits: (value: number) => boolean;
  /** For the arrows of a number field. */
  max?: number;
  step?: number;
  say?: (value: number) => string;
};

/** A number for which `fits` holds; none is below 0. */
export function number({ expected, fits, max, step = 0, say = formatSmall }: Range): Kind<number> {
  return {
    input: { form: 'number', min: 0, max, step: step > 0 ? step : 'any' },
    is: isNumber,
    fits: (value) => Number.isFinite(value) && fits(value),
    expected: () => expected,
    say,
  };
}

export const positive = number({ expected: 'a number above 0', fits: (value) => value > 0 });
export const notNegative = number({
  expected: '0 or a number above it',
  fits: (value) => value >= 0,
});

/** One of `labels`' keys. */
export function choice<C extends string>(labels: Readonly<Record<C, Named>>): Kind<C> {
  const choices = Object.entries<Named>(labels).map(
    ([value, named]): Choice => ({ value, ...(typeof named === 'string' ? { label: named } : named) }),
  );
  const is = (value: unknown): value is C =>
    typeof value === 'string' && Object.hasOwn(labels, value);
  return {
    input: { form: 'choice', choices },
    is,
    fits: is,
    expected: () => `one of ${choices.map(({ value }) => value).join(', ')}`,
    say: (value) => choices.find((each) => each.value === value)?.label ?? null,
  };
}

/** On or off. */
export const onOff: Kind<boolean> = {
  input: { form: 'switch' },
  is: (value): value is boolean => typeof value === 'boolean',
  fits: () => true,
  expected: () => 'true or false',
  say: (value) => (value ? 'on' : 'off'),
};

/** Values of kind `each` by module: keys are regular expressions for the end of a module path, the first that matches counts. */
export function byModule(each: Kind<number>, example: string): Kind<Record<string, number>> {
  return {
    input: { form: 'by-module', example },
    is: isNumbers,
    fits: (values) =>
      Object.entries(values).every(([key, value]) => key !== '' && each.fits(value)),
    expected: () => `JSON such as ${example}`,
    say(values) {
      const entries = Object.entries(values).map(([module, value]) => `${module}: ${value}`);
      return entries.length === 0 ? null : entries.join(', ');
    },
  };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isNumbers(value: unknown): value is Record<string, number> {
  return isObject(value) && Object.values(value).every(isNumber);
}
