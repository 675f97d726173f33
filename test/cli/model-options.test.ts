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
