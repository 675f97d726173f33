/** A refusal is one line of the log, whatever was asked for. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLog } from '../../src/main/log.ts';
import { isRefusal, nameOf, noteRefusal } from '../../src/main/refusals.ts';
import { lorikeetError } from '../../src/shared/errors/lorikeet-error.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-refusals-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('what the page writes can neither begin a line of its own nor fill the log', () => {
  const log = openLog(join(root, 'lorikeet.log'));
  const name = `x\n2026-11-27T00:00:00.000Z crash in main${'!'.repeat(5000)}`;
  const { problem } = lorikeetError('studio/path-not-chosen', { path: '/etc/shadow' });
  noteRefusal(log, name, problem);
  const written = readFileSync(log.path, 'utf8');
  expect(written.split('\n')).toHaveLength(2);
  expect(written).toMatch(/refused x 2026[^\n]*!…: studio\/path-not-chosen: .*: \/etc\/shadow\n$/);
  expect(written.length).toBeLessThan(1000);
});

test('what comes of a request that was taken is no refusal', () => {
  const missing = lorikeetError('studio/not-found', { kind: 'run', name: '7' });
  expect(isRefusal(missing.problem)).toBe(false);
});

test('a name is text, whatever was sent as one', () => {
  expect(nameOf('runs.list')).toBe('runs.list');
  for (const sent of [null, 7, ['a'], { toString: 1 }]) expect(nameOf(sent)).toMatch(/no text/);
});
