/** Adapters as parts of what is made of them, held against the base that they are put on. */
import type { AdapterSource } from '../../../shared/contract/engine.ts';
import type { BaseOrigin, PartOrigin } from '../../../shared/contract/origin.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { resolve } from 'node:path';
import { adapterFolder, tensorsPathOf } from '../checkpoint/peft-adapter.ts';
import { fingerprintOf, type Reading } from './fingerprint.ts';
import { originOf } from './origin-file.ts';

/** Errors: checkpoint/unreadable. */
export async function partsOf(
  adapters: readonly AdapterSource[],
  tell: (text: string) => void,
  reading: Reading = {},
): Promise<PartOrigin[]> {
  const parts: PartOrigin[] = [];
  for (const { path, weight } of adapters) {
    const folder = resolve(adapterFolder(path));
    const { sha256 } = await fingerprintOf(tensorsPathOf(folder), reading);
    parts.push({ path: folder, weight, sha256, origin: originOf(folder, tell) });
  }
  return parts;
}

/**
 * Refuses a base whose files are other ones than an adapter was made on, wherever they lie; `otherBase` takes it, and tells.
 * Of an adapter that was made elsewhere nothing is known, and nothing is said.
 * Errors: origin/base-changed.
 */
export function checkSameBase(
  parts: readonly Pick<PartOrigin, 'path' | 'origin'>[],
  base: Pick<BaseOrigin, 'path' | 'sha256'>,
  otherBase: boolean,
  tell: (text: string) => void,
): void {
  for (const { path, origin } of parts) {
    if (origin === null || origin.base.sha256 === base.sha256) continue;
    const details = { path, base, recorded: origin.base };
    if (!otherBase) throw lorikeetError('origin/base-changed', details);
    tell(lorikeetError('origin/base-changed', details).problem.what);
  }
}
