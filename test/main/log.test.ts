/** The log keeps faults with their stack, and does not grow without bound. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openLog } from '../../src/main/log.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-log-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('a fault is noted with where, what and its stack', () => {
  const path = join(root, 'deep', 'a.log');
  openLog(path).fault('a test', new Error('something'));
  expect(readFileSync(path, 'utf8')).toMatch(
    /^\d{4}-.* a test: internal\/unexpected: .*something\nError: something\n +at /,
  );
});

test('at a megabyte a new file begins and the old one stays', () => {
  const path = join(root, 'b.log');
  const log = openLog(path);
  for (let n = 0; n < 12; n += 1) log.note(`${n} ${'x'.repeat(100_000)}`);
  expect(readFileSync(`${path}.old`, 'utf8')).toContain(' 9 x');
  expect(statSync(path).size).toBeLessThan(300_000);
});
