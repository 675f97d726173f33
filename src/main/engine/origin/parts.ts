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
    const recorded = otherBaseOf(origin, base);
    if (recorded === null) continue;
    const details = { path, base, recorded };
    if (!otherBase) throw lorikeetError('origin/base-changed', details);
    tell(lorikeetError('origin/base-changed', details).problem.what);
  }
}

/** The base that an adapter was made on, where it is known to be another than this one. */
function otherBaseOf(
  origin: PartOrigin['origin'],
  { sha256 }: Pick<BaseOrigin, 'sha256'>,
): BaseOrigin | null {
  return origin === null || origin.base.sha256 === sha256 ? null : origin.base;
}

/** The same for an adapter that is trained further, which takes no other base. Errors: start/other-base. */
export function checkStartBase(
  { path, origin }: Pick<PartOrigin, 'path' | 'origin'>,
  base: Pick<BaseOrigin, 'path' | 'sha256'>,
): void {
  const recorded = otherBaseOf(origin, base);
  if (recorded !== null) throw lorikeetError('start/other-base', { path, base, recorded });
}
