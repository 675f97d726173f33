/** What looks like a model before anything of it was read. */
import { stat } from 'node:fs/promises';
import type { Problem } from '../../shared/errors/problem.ts';
import type { ModelProgram } from '../../shared/model-programs.ts';

export type Candidate = {
  path: string;
  name: string;
  program: ModelProgram;
  /** Its files, by which it is known whether it is still the same: each exists. */
  files: readonly FileState[];
  /** Of its weights. */
  bytes: number;
  /** Why it cannot be opened, where its place says so already. */
  problem?: Problem;
};

/** `size` in bytes, `time` of the last change in milliseconds. */
export type FileState = { path: string; size: number; time: number };

/** Null where there is no such file any more. */
export async function fileState(path: string): Promise<FileState | null> {
  const status = await stat(path).catch(() => null);
  return status?.isFile() ? { path, size: status.size, time: status.mtimeMs } : null;
}

export function bytesOf(files: readonly FileState[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
