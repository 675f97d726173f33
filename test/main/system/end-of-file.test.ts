/** The end of a file in whole lines. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { endOfFile } from '../../../src/main/system/end-of-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'lorikeet-end-'));
const path = join(folder, 'log');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('a short file is given whole', async () => {
  writeFileSync(path, 'one\ntwö\n');
  expect(await endOfFile(path, 100)).toEqual({ text: 'one\ntwö\n', cut: false });
});

test('of a long one the lines that fit, none of them in part', async () => {
  writeFileSync(path, 'öööö\nsecond\nthird\n');
  expect(await endOfFile(path, 10)).toEqual({ text: 'third\n', cut: true });
  expect(await endOfFile(path, 19)).toEqual({ text: 'second\nthird\n', cut: true });
});

test('without a file there is nothing', async () => {
  expect(await endOfFile(join(folder, 'none'), 10)).toEqual({ text: '', cut: false });
});
