/** `checkpoint.json`, which holds the sha256 of what else it holds: no number of it can change without being noticed. */
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { disagreement } from './disagreement.ts';
import { Flaw } from './flaw.ts';
import { trainingCheckpoint, type TrainingCheckpoint } from './training-checkpoint.ts';

/** Its text. */
export function aboutText(about: TrainingCheckpoint): string {
  return `${JSON.stringify({ ...about, content: shaOf(about) }, null, 2)}\n`;
}

/**
 * What the file in a folder of a checkpoint says. Throws a `Flaw` where that is not what was written, or cannot have been.
 * Errors: those of `readJsonObject`.
 */
export function readAbout(path: string): TrainingCheckpoint {
  const { content, ...rest } = readJsonObject(path);
  if (content !== undefined && content !== shaOf(rest))
    throw new Flaw('its checkpoint.json is not what was written');
  const parsed = trainingCheckpoint.safeParse(rest);
  if (!parsed.success)
    throw new Flaw('its checkpoint.json has another form than this Lorikeet writes');
  const reason = disagreement(parsed.data, basename(dirname(path)));
  if (reason !== null) throw new Flaw(reason);
  return parsed.data;
}

/** The same for what is read as for what was written: JSON keeps the order of keys, and every digit. */
function shaOf(values: object): string {
  return createHash('sha256').update(JSON.stringify(values)).digest('hex');
}
