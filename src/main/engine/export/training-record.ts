/** The configuration that made an adapter lies beside it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { trainingConfig, type TrainingConfig } from '../../../shared/contract/training-config.ts';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { adapterFolder } from '../checkpoint/peft-adapter.ts';

export const trainingRecordName = 'lorikeet-training.json';

export function trainingRecordPath(adapter: string): string {
  return join(adapterFolder(adapter), trainingRecordName);
}

/**
 * Null where there is none, or one of a form that is not known.
 * @param adapter its folder, or one of its two files
 * @throws checkpoint/bad-json
 */
export function readTrainingRecord(adapter: string): TrainingConfig | null {
  const path = trainingRecordPath(adapter);
  if (!existsSync(path)) return null;
  return trainingConfig.safeParse(readJsonObject(path)).data ?? null;
}
