/** Ids of tokens in config.json and generation_config.json that the model does not have, or that are no ids. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tellUnknownIds } from '../../../../src/main/engine/checkpoint/named-tokens.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { fixtures, problemOf, temporaryFolder } from './fixtures.ts';

function changed(file: string, keys: Record<string, unknown>): string {
  const folder = join(temporaryFolder(), 'model');
  cpSync(join(fixtures, 'models/tiny-tied'), folder, { recursive: true });
  const path = join(folder, file);
  const json = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...json, ...keys }));
  return folder;
}

async function noticesOf(file: string, keys: Record<string, unknown>): Promise<readonly string[]> {
  const checkpoint = await openCheckpoint(changed(file, keys));
  checkpoint.close();
  return checkpoint.architecture.notices;
}

test.each(['config.json', 'generation_config.json'])(
  '%s: ids beyond the vocabulary are told by key',
  async (file) => {
    const keys = { eos_token_id: [2, 70_000], pad_token_id: 32_000, bos_token_id: -1 };
    const notices = await noticesOf(file, keys);
    expect(notices).toEqual([expect.stringContaining(file) as string]);
    expect(notices[0]).toContain('eos_token_id 70000');
    expect(notices[0]).toContain('pad_token_id 32000');
    expect(notices[0]).not.toContain('bos');
  },
);

test('the last id of the vocabulary is one of it', () => {
  const named = { eos_token_id: [0, 9], pad_token_id: null, sep_token_id: 9, name: 12 };
  expect(tellUnknownIds(named, 'config.json', 10)).toEqual([]);
  expect(tellUnknownIds(named, 'config.json', 9)[0]).toContain('eos_token_id 9; sep_token_id 9');
});

test('a negative id other than -1, which says none, is told', () => {
  const named = { eos_token_id: -5, pad_token_id: -1, bos_token_id: [1, -2] };
  const [text, ...others] = tellUnknownIds(named, 'config.json', 10);
  expect(text).toContain('eos_token_id -5; bos_token_id -2');
  expect(text).not.toContain('pad');
  expect(others).toEqual([]);
});

test.each(['</s>', ['</s>'], 2.5, true])(
  'an end of generation_config.json that is no id is refused: %j',
  async (eos) => {
    const folder = changed('generation_config.json', { eos_token_id: eos });
    const problem = await problemOf(() => openCheckpoint(folder));
    expect(problem).toMatchObject({
      code: 'checkpoint/bad-config',
      where: join(folder, 'generation_config.json'),
    });
    expect(problem.what).toContain('eos_token_id');
  },
);

test('no end in generation_config.json leaves those of config.json', async () => {
  const checkpoint = await openCheckpoint(
    changed('generation_config.json', { eos_token_id: null }),
  );
  const plain = await openCheckpoint(join(fixtures, 'models/tiny-tied'));
  expect(checkpoint.config.eosTokenIds).toEqual(plain.config.eosTokenIds);
  checkpoint.close();
  plain.close();
});
