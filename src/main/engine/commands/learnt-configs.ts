/** The configurations that an adapter was trained with. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { readTrainingRecord } from '../export/training-record.ts';
import { readOrigin } from '../origin/origin-file.ts';
import { trainingsOf } from '../origin/trainings.ts';

/**
 * Of a blend those of its parts; none of an adapter of another program.
 * Errors: checkpoint/bad-json, checkpoint/unreadable, origin/unknown-form.
 */
export function learntConfigs(path: string): TrainingConfig[] {
  const record = readTrainingRecord(path);
  return record ? [record] : trainingsOf(readOrigin(path)).map(({ config }) => config);
}
