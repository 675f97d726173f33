/** How a command writes conversations, from what it is told and from the records beside its adapters. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { mannerOf } from '../../../../src/main/engine/commands/manner.ts';
import type { EngineEvent, ModelSource } from '../../../../src/shared/contract/engine.ts';
import { localDate } from '../../../../src/shared/local-date.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';

/** An adapter's folder with a record of this text; null for an adapter of another program. */
function adapter(record: string | null): ModelSource['adapters'][number] {
  const path = join(temporaryFolder(), 'adapter');
  mkdirSync(path);
  if (record !== null) writeFileSync(join(path, 'lorikeet-training.json'), record);
  return { path, weight: 1 };
}
const trained = (changes: object) => adapter(JSON.stringify({ ...smallConfig(), ...changes }));

function ask(source: Parameters<typeof mannerOf>[0]) {
  const notices: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') notices.push(event.text);
  };
  return { manner: mannerOf(source, { emit }), notices };
}

const usual = { thinking: 'auto', date: localDate() };
const off = { thinking: 'off', date: '2024-02-29' };

test('a base alone, and adapters of other programs, are asked as the template does by itself, today', () => {
  expect(ask({ adapters: [] })).toEqual({ manner: usual, notices: [] });
  expect(ask({ adapters: [adapter(null)] })).toEqual({ manner: usual, notices: [] });
  // From before there was a setting of thinking.
  const { thinking, ...before } = smallConfig();
  const old = adapter(JSON.stringify(before));
  expect(ask({ adapters: [old] }).manner).toEqual({ ...usual, thinking });
});

test('an adapter is asked as its run asked, unless another manner is wished for', () => {
  const adapters = [trained(off)];
  expect(ask({ adapters })).toEqual({ manner: off, notices: [] });
  expect(ask({ adapters, thinking: 'on', date: '2025-01-01' })).toEqual({
    manner: { thinking: 'on', date: '2025-01-01' },
    notices: ['The adapter learnt with thinking off and is asked with on.'],
  });
});

test('adapters that learnt differently are asked as the first, and it is told', () => {
  const { manner, notices } = ask({
    adapters: [adapter(null), trained(off), trained({ ...off, thinking: 'on' })],
  });
  expect(manner).toEqual(off);
  expect(notices).toEqual([
    expect.stringMatching(/all are asked as the first, with 2024-02-29 and/),
  ]);
  expect(ask({ adapters: [trained(off), trained(off)] }).notices).toEqual([]);
});

test('a record that cannot be read is told', () => {
  expect(ask({ adapters: [adapter('{')] })).toEqual({
    manner: usual,
    notices: [expect.stringMatching(/asked while it learnt is not known/)],
  });
});
