/** Options of the command line from the rows of the table of settings. */
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Input } from '../shared/settings/kind.ts';
import { complete, keysOf, type Setting, type Table } from '../shared/settings/setting.ts';
import { optionOf } from './options.ts';

/** Stands for the value in the help. */
const placeholders: Record<Input['form'], string> = {
  whole: ' <N>',
  number: ' <X>',
  choice: ' <name>',
  switch: '',
  'by-module': ' <JSON>',
  columns: ' <key=column,…>',
};

/** Adds an option for each row, with its default. */
export function addSettingOptions<V>(command: Command, table: Table<V>): void {
  for (const key of keysOf(table)) {
    const setting: Setting<unknown> = table[key];
    const usual = typedDefault(setting);
    if (usual === null) command.option(flagsOf(setting), helpOf(setting));
    else command.option(flagsOf(setting), helpOf(setting), usual);
  }
}

/** Adds options of which only one can be given; the first counts if none is. */
export function addEitherOption<V>(command: Command, table: Table<V>): void {
  const all: Setting<unknown>[] = keysOf(table).map((key) => table[key]);
  for (const setting of all) {
    const others = all.filter((other) => other !== setting).map(({ flag }) => `--${flag}`);
    const usual = setting === all[0] ? ` (default: ${typedDefault(setting) ?? ''})` : '';
    // Commander is told of no default: it would look as if it had been given.
    command.option(flagsOf(setting), `${helpOf(setting)} Instead of ${others.join(', ')}.${usual}`);
  }
}

/** Adds options that mean something else than their default where they are left out. */
export function addOpenOptions<V>(command: Command, table: Table<V>, leftOut: string): void {
  for (const key of keysOf(table)) {
    const setting: Setting<unknown> = table[key];
    command.option(flagsOf(setting), `${helpOf(setting)} (default: ${leftOut})`);
  }
}

function flagsOf({ flag, kind }: Setting<unknown>): string {
  return `--${flag}${placeholders[kind.input.form]}`;
}

/** The default as it would be typed; null for a flag, and for values of several parts. */
function typedDefault({ default: usual }: Setting<unknown>): string | null {
  return typeof usual === 'string' || typeof usual === 'number' ? String(usual) : null;
}

/** The help of the form, with what can be typed. */
function helpOf({ help, kind: { input } }: Setting<unknown>): string {
  if (input.form === 'by-module' || input.form === 'columns')
    return `${help} Such as ${input.example}.`;
  if (input.form !== 'choice') return help;
  const names = input.choices.map(({ value, label }) =>
    value === label.toLowerCase() ? value : `${value} (${label})`,
  );
  return `${help} One of ${names.join(', ')}.`;
}

type Optional<V> = { [K in keyof V]: z.ZodType<V[K] | undefined> };
type Defaulted<V> = { [K in keyof V]: z.ZodType<V[K]> };

/** Parsers by setting; an option that is not there is undefined. */
export function optionalShape<V>(table: Table<V>): Optional<V> {
  const shape: Partial<Optional<V>> = {};
  for (const key of keysOf(table)) shape[key] = optionOf(table[key].kind).optional();
  return complete<Optional<V>>(shape, keysOf(table));
}

/** Parsers by setting; one whose option is not there has its default. */
export function defaultedShape<V>(table: Table<V>): Defaulted<V> {
  const shape: Partial<Defaulted<V>> = {};
  for (const key of keysOf(table)) {
    const { default: usual } = table[key];
    shape[key] = optionOf(table[key].kind)
      .optional()
      .transform((value) => value ?? usual);
  }
  return complete<Defaulted<V>>(shape, keysOf(table));
}

/** The name that commander gives the option: 'max-steps' becomes 'maxSteps'. */
export function optionName(flag: string): string {
  return flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
