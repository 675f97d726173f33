/** Data files for tests, in a temporary folder that is removed after each test. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Writes a file and returns its path. */
export function dataFile(content: string | Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-data-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  const path = join(folder, 'data.jsonl');
  writeFileSync(path, content);
  return path;
}

export function jsonl(...lines: unknown[]): string {
  return lines.map((line) => JSON.stringify(line) + '\n').join('');
}
