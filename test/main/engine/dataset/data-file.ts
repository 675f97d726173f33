/** Data files for tests, in a temporary folder that is removed after each test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Example } from '../../../../src/main/engine/dataset/example.ts';
import { parseExample } from '../../../../src/main/engine/dataset/parse-example.ts';
import { loadData, readData, type Data } from '../../../../src/main/engine/dataset/read-data.ts';
import type { Columns } from '../../../../src/shared/settings/columns.ts';

/** Writes a file and returns its path. */
export function dataFile(content: string | Uint8Array, name = 'data.jsonl'): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-data-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

export function jsonl(...lines: unknown[]): string {
  return lines.map((line) => JSON.stringify(line) + '\n').join('');
}

/** The examples of a file, and its bad rows. */
export function readExamples(path: string, columns: Columns = []): Promise<Data<Example>> {
  return readData({ path, columns }, parseExample);
}

/** The examples of a file without bad rows. */
export function loadExamples(path: string, columns: Columns = []): Promise<Data<Example>> {
  return loadData({ path, columns }, parseExample);
}
