/** The options of commands that ask a model. */
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { addChatOptions, chatOptions, modelSource } from '../../src/cli/model-options.ts';
import { parseOptions } from '../../src/cli/options.ts';

function sourceOf(...words: string[]) {
  const command = addChatOptions(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
  );
  command.parse(['--model', 'm', ...words], { from: 'user' });
  const work = { resolveModel: (name: string) => Promise.resolve(`/models/${name}`) };
  return modelSource(work, parseOptions(command, z.object(chatOptions)));
}

test('thinking that is left out is that of the adapters', async () => {
  const source = { model: '/models/m', adapters: [], precision: 'auto' };
  expect(await sourceOf()).toEqual(source);
  expect(await sourceOf('--thinking', 'off')).toEqual({ ...source, thinking: 'off' });
  expect(await sourceOf('--thinking', 'auto')).toEqual({ ...source, thinking: 'auto' });
  expect(() => sourceOf('--thinking', 'maybe')).toThrow(/expected one of auto, on, off/);
});

test('the base is held as the adapters were trained, unless it is said how', async () => {
  const held = async (...words: string[]) => (await sourceOf(...words)).held;
  expect(await held()).toBe(undefined);
  expect(await held('--base', 'auto')).toBe(undefined);
  expect(await held('--base', 'dense')).toEqual({ form: 'dense', doubleQuant: false });
  const nf4 = ['--base', 'nf4', '--double-quant'];
  expect(await held(...nf4)).toEqual({ form: 'nf4', doubleQuant: true });
  await expect(held('--base', 'int8', '--double-quant')).rejects.toThrow(/held as int8/);
  await expect(held('--double-quant')).rejects.toThrow(/it is not said that the base/);
});
