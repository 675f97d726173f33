/** Several values of a few settings in the form of a new run: every combination of them is a run of its own. */
import type { TrainingConfig } from '../../shared/contract/training-config.ts';
import {
  groupsAlike,
  inGroups,
  mostAtOnce,
  mostInSeries,
  unlikeValidation,
} from '../../shared/series.ts';
import { isObject } from '../../shared/is-object.ts';
import { keepingSettings } from '../../shared/settings/keeping-settings.ts';
import type { Input } from '../../shared/settings/kind.ts';
import { belongsTo, type About } from '../../shared/settings/needs.ts';
import { keysOf } from '../../shared/settings/setting.ts';
import { adapterSettings, lengthSettings, trainingSettings } from '../../shared/settings/table.ts';
import type { CheckedDraft } from './draft-check.ts';
import type { Draft } from './draft.ts';

const rows = { ...adapterSettings, ...lengthSettings, ...trainingSettings };
export type VariedKey = keyof typeof rows;
/** A setting, and the values that are typed for it. */
export type Varied = { key: VariedKey; text: string };
type Value = number | string | boolean;

/** The settings that can have several values: those with one field, from which it follows what is learnt. */
export function variable(about: About, length: TrainingConfig['duration']['kind']): VariedKey[] {
  return keysOf(rows).filter((key) => {
    if (key in keepingSettings || (key in lengthSettings && key !== length)) return false;
    return belongsTo(rows[key], about) && rows[key].kind.input.form !== 'by-module';
  });
}

/** A setting that had several values when the window was closed; it may be none that can have them any more. */
export function isVaried(value: unknown): value is Varied {
  if (!isObject(value) || typeof value['text'] !== 'string') return false;
  const { key } = value;
  return typeof key === 'string' && Object.hasOwn(rows, key);
}

export const labelOf = (key: VariedKey): string => rows[key].label;

/** What is to be typed. */
export function sayTyped(key: VariedKey): string {
  const { input } = rows[key].kind;
  if (input.form === 'choice')
    return `With commas between: ${input.choices.map(({ value }) => value).join(', ')}.`;
  return input.form === 'switch' ? 'off, on' : 'Numbers with commas between.';
}

/** Values to begin with: that of the form and some beside it. */
export function beginWith(key: VariedKey, of: Draft[VariedKey]): string {
  const { input } = rows[key].kind;
  if (input.form === 'choice') return input.choices.map(({ value }) => value).join(', ');
  if (input.form === 'switch') return 'off, on';
  if (typeof of !== 'number' || of === 0) return '';
  const below = of / 2;
  const values = input.form === 'whole' && !Number.isInteger(below) ? [of] : [below, of];
  return [...values, 2 * of].map(String).join(', ');
}

/** What was typed, each value once; null where it cannot be read. */
function valuesOf({ key, text }: Varied): Value[] | null {
  const { input } = rows[key].kind;
  const isNumber = input.form === 'whole' || input.form === 'number';
  const parts = text
    .split(isNumber ? /[\s,;]+/ : ',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const values = parts.map((part) => read(input, part));
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? [...new Set(known)] : null;
}

function read(input: Input, text: string): Value | null {
  if (input.form === 'whole' || input.form === 'number') {
    const number = Number(text);
    return Number.isFinite(number) ? number : null;
  }
  const word = text.toLowerCase();
  if (input.form === 'switch') return word === 'on' ? true : word === 'off' ? false : null;
  if (input.form !== 'choice') return null;
  return input.choices.find(({ value }) => value.toLowerCase() === word)?.value ?? null;
}

/** `groups` are trained at once, more where memory is short; `problems` are those of the rows; `problem` is of all together. */
export type Series =
  | { ok: true; configs: TrainingConfig[]; groups: number }
  | { ok: false; problems: readonly (string | undefined)[]; problem: string | null };

/**
 * The runs of all combinations, named after what is different in each.
 * @param name of the form; may be empty
 * @param check the form with other values
 */
export function seriesOf(
  varied: readonly Varied[],
  name: string,
  halving: boolean,
  check: (changes: Partial<Draft>) => CheckedDraft,
): Series {
  const typed = varied.map(valuesOf);
  const problems = typed.map((values, i) => {
    if (values === null) return sayTyped(varied[i]?.key ?? 'rank');
    return values.length < 2 ? 'Two values or more.' : undefined;
  });
  const wrong = (problem: string | null): Series => ({ ok: false, problems, problem });
  if (problems.some((problem) => problem !== undefined)) return wrong(null);
  const count = typed.reduce((product, values) => product * (values?.length ?? 0), 1);
  if (count > mostInSeries)
    return wrong(`These make ${count} runs, and at most ${mostInSeries} are begun together.`);
  const configs: TrainingConfig[] = [];
  for (const combination of combinations(varied, typed)) {
    const said = combination.map(([key, value]) => sayValue(key, value)).join(', ');
    const named = { name: name.trim() === '' ? said : `${name.trim()}: ${said}` };
    const checked = check({ ...Object.fromEntries(combination), ...named });
    if (!checked.ok) return wrong(`${said}: ${Object.values(checked.problems)[0] ?? ''}`);
    configs.push(checked.config);
  }
  const why = halving ? unlikeValidation(configs) : null;
  if (why !== null) return wrong(`The worse half cannot be told from the better one: ${why}.`);
  const groups = groupsAlike(configs).flatMap((alike) => inGroups(alike, mostAtOnce));
  return { ok: true, configs, groups: groups.length };
}

type Combination = [VariedKey, Value][];

function combinations(
  varied: readonly Varied[],
  typed: readonly (readonly Value[] | null)[],
): Combination[] {
  return varied.reduce<Combination[]>(
    (before, { key }, i) =>
      before.flatMap((each) =>
        (typed[i] ?? []).map((value): Combination => [...each, [key, value]]),
      ),
    [[]],
  );
}

/** 'rank 4', 'DoRA on' */
function sayValue(key: VariedKey, value: Value): string {
  const { label, kind } = rows[key];
  const word = /^[A-Z][a-z -]/.test(label) && !/^[A-Z][a-z]*[A-Z]/.test(label);
  const named = word ? `${label.charAt(0).toLowerCase()}${label.slice(1)}` : label;
  if (typeof value === 'number') return `${named} ${value}`;
  if (typeof value === 'boolean') return `${named} ${value ? 'on' : 'off'}`;
  const { input } = kind;
  const choice =
    input.form === 'choice' ? input.choices.find((each) => each.value === value) : null;
  return `${named} ${choice?.label ?? value}`;
}
