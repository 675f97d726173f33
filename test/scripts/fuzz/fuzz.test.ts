/** Some hundred of the changed files of `npm run fuzz`, of every reader: read, or refused with an error of ours. */
import { expect, test } from 'vitest';
import { fuzzAll } from '../../../scripts/fuzz/main.ts';
import { writeInput } from '../../../scripts/fuzz/input.ts';
import { readers } from '../../../scripts/fuzz/readers.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

test('no reader crashes, hangs, or takes more than its share', async () => {
  const findings = await fuzzAll(
    { count: 500, seed: 1, first: 0, reader: undefined },
    () => undefined,
  );
  expect(findings).toEqual([]);
}, 600_000);

test('an input is the same whenever it is made', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-fuzz-'));
  try {
    for (const reader of readers) {
      const made = [0, 1].map(() => readFileSync(writeInput(reader, 1, 7, folder).path));
      expect(made[0]?.equals(made[1] ?? Buffer.of())).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
