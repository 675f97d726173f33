/** Writes a checkpoint so that it is there whole or not at all, also where the power fails. */
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkpointName } from '../../../shared/checkpoint-name.ts';
import type { RunCheckpoint } from '../../../shared/contract/records.ts';
import {
  tensorBytes,
  writeSafetensors,
  type TensorSource,
} from '../checkpoint/safetensors-writer.ts';
import { checkRoom, inPartialFolder } from '../export/output-folder.ts';
import { sha256Of } from '../origin/fingerprint.ts';
import { stateVectors, type RunState } from '../train/run-state.ts';
import { flush, flushFolder } from '../../system/flush.ts';
import { aboutText } from './about-file.ts';
import {
  aboutPath,
  bestName,
  statePath,
  type CheckpointSubject,
  type TrainingCheckpoint,
} from './training-checkpoint.ts';

/** Beside the vectors: the header, checkpoint.json and what the file system takes for them. */
const besideBytes = 1 << 17;

/**
 * Writes the state after `step` to a folder of its own in `folder`.
 * Errors: output/disk-full with what it takes, output/not-writable.
 */
export async function writeCheckpoint(
  folder: string,
  step: number,
  state: RunState,
  subject: CheckpointSubject,
): Promise<RunCheckpoint> {
  const tensors = tensorsOf(state);
  const needed =
    besideBytes + tensors.reduce((sum, { shape }) => sum + tensorBytes(shape, 'float32'), 0);
  const target = join(folder, checkpointName(step));
  await checkRoom(target, needed);
  const at = Date.now();
  return inPartialFolder(target, needed, async (partial) => {
    await writeSafetensors(statePath(partial.path), tensors, 'float32');
    const about: TrainingCheckpoint = {
      ...{ version: 1, at, step, ...subject, seconds: state.seconds },
      general: state.general,
      trainer: {
        steps: state.trainer.steps,
        experts: state.trainer.experts.map(({ probabilities, chosen }) => ({
          ...{ probabilities: [...probabilities], chosen: [...chosen] },
        })),
      },
      runs: state.runs.map(({ progress, health, bestParameters }) => ({
        progress: { ...progress, recentLosses: [...progress.recentLosses] },
        ...{ health, hasBest: bestParameters !== null },
      })),
      state: await sha256Of(statePath(partial.path)),
    };
    await writeFile(aboutPath(partial.path), aboutText(about));
    flushFolder(partial.path);
    const path = await partial.moveTo(target);
    flush(dirname(path));
    return { path, step, at };
  });
}

function tensorsOf({ trainer, runs }: RunState): TensorSource[] {
  const tensor = (name: string, values: Float32Array): TensorSource => ({
    ...{ name, shape: [values.length], values: () => values },
  });
  return [
    ...stateVectors.map((name) => tensor(name, trainer.vectors[name])),
    ...runs.flatMap(({ bestParameters }, adapter) =>
      bestParameters ? [tensor(bestName(adapter), bestParameters)] : [],
    ),
  ];
}
