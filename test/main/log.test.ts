/** The log keeps faults with their stack, and does not grow without bound. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
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

test('at a megabyte a new file begins, and a few old ones stay', () => {
  const path = join(root, 'b.log');
  const log = openLog(path);
  // Eleven notes fill a file.
  for (let n = 0; n < 58; n += 1) log.note(`${n} ${'x'.repeat(100_000)}`);
  expect(readdirSync(root).filter((name) => name.startsWith('b.log'))).toEqual([
    ...['b.log', 'b.log.1', 'b.log.2', 'b.log.3'],
  ]);
  const first = (file: string) => /Z (\d+) x/.exec(readFileSync(file, 'utf8'))?.[1];
  const files = [`${path}.3`, `${path}.2`, `${path}.1`, path];
  expect(files.map(first)).toEqual(['20', '30', '40', '50']);
  expect(statSync(path).size).toBeLessThan(1_100_000);
});
