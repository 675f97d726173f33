/** The origin that lies beside an adapter or an exported model. */
import { existsSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { origin, originName, type Origin } from '../../../shared/contract/origin.ts';
import { lorikeetError, toProblem } from '../../../shared/errors/lorikeet-error.ts';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { adapterFolder } from '../checkpoint/peft-adapter.ts';

/** In a folder `lorikeet-origin.json`; of a single file its neighbour: 'model.gguf.origin.json'. */
export function originPath(path: string): string {
  const folder = adapterFolder(path);
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? join(folder, originName) : `${path}.origin.json`;
}

/** Writes it into an existing folder, or beside a file that is written or will be. */
export async function writeOrigin(path: string, of: Origin): Promise<void> {
  await writeFile(originPath(path), `${JSON.stringify(of, null, 2)}\n`);
}

/**
 * Null where there is none: it was made elsewhere, or by a Lorikeet that kept none.
 * @param path an adapter (its folder, or one of its two files), or an exported model (its folder or file)
 * Errors: checkpoint/unreadable, checkpoint/bad-json, origin/unknown-form.
 */
export function readOrigin(path: string): Origin | null {
  const file = originPath(path);
  if (!existsSync(file)) return null;
  const parsed = origin.safeParse(readJsonObject(file));
  if (parsed.success) return parsed.data;
  throw lorikeetError('origin/unknown-form', { path: file });
}

/** The same for work that does not depend on it: one that cannot be read is told, and counts as none. */
export function originOf(path: string, tell: (text: string) => void): Origin | null {
  try {
    return readOrigin(path);
  } catch (thrown) {
    tell(`Where ${path} came from is not known: ${toProblem(thrown).what}`);
    return null;
  }
}
