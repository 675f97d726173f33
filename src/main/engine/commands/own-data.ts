/** What an adapter's run had to do with a data file, from the record beside the adapter. */
import { existsSync, realpathSync } from 'node:fs';
import type { Own } from '../../../shared/contract/evaluation.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { readTrainingRecord } from '../export/training-record.ts';

/** Null for the base, an adapter of another program, and a record that cannot be read. */
export function ownOf(adapter: string | null, data: string | undefined): Own {
  const record = adapter === null ? null : recordOf(adapter);
  if (record === null || data === undefined) return null;
  const { validation } = record;
  if (sameFile(record.data, data)) return 'trained';
  return validation.kind === 'file' && sameFile(validation.path, data) ? 'validated' : null;
}

/** One that cannot be read is told where the adapter's manner is asked for. */
function recordOf(adapter: string): ReturnType<typeof readTrainingRecord> {
  try {
    return readTrainingRecord(adapter);
  } catch (thrown) {
    if (thrown instanceof LorikeetError) return null;
    throw thrown;
  }
}

function sameFile(one: string, other: string): boolean {
  return one === other || (existsSync(one) && realpathSync(one) === realpathSync(other));
}
