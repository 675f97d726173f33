/** `origin.read`: where an adapter or an exported model came from. */
import { existsSync } from 'node:fs';
import type { EngineRequest } from '../../../shared/contract/engine.ts';
import type { Origin } from '../../../shared/contract/origin.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readOrigin } from '../origin/origin-file.ts';

export function originAt({ path }: EngineRequest<'origin.read'>): Origin | null {
  if (!existsSync(path)) throw lorikeetError('origin/nothing-there', { path });
  return readOrigin(path);
}
