/** Where the fixtures lie, broken copies of them, and what a thrown error says. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { onTestFinished } from 'vitest';
import { LorikeetError } from '../../../../src/shared/errors/lorikeet-error.ts';
import type { Problem } from '../../../../src/shared/errors/problem.ts';

export const fixtures = resolve(import.meta.dirname, '../../../fixtures');

/** A folder that goes away after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lorikeet-test-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A copy of a file, changed by `edit`. */
export function brokenCopy(path: string, edit: (bytes: Buffer) => Buffer): string {
  const copy = join(temporaryFolder(), basename(path));
  writeFileSync(copy, edit(readFileSync(path)));
  return copy;
}

/** Where the bytes after `text` begin; the text must be there. */
export function after(bytes: Buffer, text: string): number {
  const at = bytes.indexOf(text);
  if (at < 0) throw new Error(`the file does not contain ${text}`);
  return at + Buffer.byteLength(text);
}

/** The problem that `work` fails with; an error of another kind fails the test. */
export async function problemOf(work: () => unknown): Promise<Problem> {
  try {
    await work();
  } catch (error) {
    if (error instanceof LorikeetError) return error.problem;
    throw error;
  }
  throw new Error('nothing was thrown');
}
