/** The data that an adapter's run kept for validation, out of its record and its files. */
import { existsSync } from 'node:fs';
import { toProblem } from '../../../shared/errors/lorikeet-error.ts';
import type { Sequence } from '../batch/sequence.ts';
import type { DataFile } from '../dataset/read-data.ts';
import { splitExamples } from '../dataset/split.ts';
import { readTrainingRecord, trainingRecordPath } from './training-record.ts';

/**
 * `sequenceLength` is that of the run's blocks. 'none': the run kept no such data, nothing is known of the run, or the file is gone;
 * 'unusable': it is there and cannot be read. Both say why ("… since {because}").
 */
export type HeldOut =
  | { kind: 'there'; sequences: Sequence[]; sequenceLength: number }
  | { kind: 'none' | 'unusable'; because: string };

/**
 * @param adapter its folder, or one of its two files; null where there is none
 * @param load the sequences of each example of a file
 */
export async function heldOut(
  adapter: string | null,
  load: (file: DataFile, sequenceLength: number) => Promise<Sequence[][]>,
): Promise<HeldOut> {
  if (adapter === null) return { kind: 'none', because: 'there is no adapter' };
  try {
    const record = readTrainingRecord(adapter);
    if (record === null)
      return { kind: 'none', because: 'nothing is known of the run that made the adapter' };
    const { validation, data, columns, seed, sequenceLength } = record;
    if (validation.kind === 'none')
      return { kind: 'none', because: 'the run of the adapter kept no validation data' };
    const path = validation.kind === 'file' ? validation.path : data;
    if (!existsSync(path)) return { kind: 'none', because: `${path} is gone` };
    const encoded = await load({ path, columns }, sequenceLength);
    const part =
      validation.kind === 'split'
        ? splitExamples(encoded, validation.fraction, seed, path).validation
        : encoded;
    return { kind: 'there', sequences: part.flat(), sequenceLength };
  } catch (thrown) {
    const { what, where } = toProblem(thrown);
    const place = where ?? trainingRecordPath(adapter);
    const because = `the run's own data cannot be used: ${what} (${place})`;
    return { kind: 'unusable', because };
  }
}
