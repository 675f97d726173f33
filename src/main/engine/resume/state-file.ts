/** `state.safetensors`: the vectors of a checkpoint, each as it was written. */
import { openSafetensors, type SafetensorsFile } from '../checkpoint/safetensors-file.ts';
import { sha256Of } from '../origin/fingerprint.ts';
import { stateVectors, type RunState } from '../train/run-state.ts';
import { Flaw } from './flaw.ts';
import { bestName, type TrainingCheckpoint } from './training-checkpoint.ts';

/**
 * The state that a file holds together with what checkpoint.json says. Throws a `Flaw` where they do not belong together.
 * Errors: those of `sha256Of` and `openSafetensors`.
 */
export async function readState(path: string, about: TrainingCheckpoint): Promise<RunState> {
  if ((await sha256Of(path)) !== about.state)
    throw new Flaw('its state.safetensors is not the one that was written with it');
  const file = openSafetensors(path);
  try {
    const parameters = read(file, 'parameters');
    for (const name of stateVectors) checkLength(name, lengthOf(file, name), parameters.length);
    const { runs, sizes } = about;
    if (sizes !== undefined) {
      const all = sizes.reduce((sum, size) => sum + size, 0);
      checkLength('parameters', parameters.length, all);
    }
    const bests = runs.map(({ hasBest }, i) => (hasBest ? read(file, bestName(i)) : null));
    // Each run has its own part of the vector.
    if (bests.every((best) => best !== null)) {
      const all = bests.reduce((sum, { length }) => sum + length, 0);
      checkLength('what was best', all, parameters.length);
    }
    return {
      seconds: about.seconds,
      general: about.general,
      trainer: {
        ...about.trainer,
        vectors: {
          parameters,
          firstMoment: read(file, 'firstMoment'),
          secondMoment: read(file, 'secondMoment'),
          gradientSum: read(file, 'gradientSum'),
        },
      },
      runs: runs.map(({ progress, health }, i) => ({
        ...{ progress, health },
        bestParameters: bests[i] ?? null,
      })),
    };
  } finally {
    file.close();
  }
}

/** Throws a `Flaw` unless a vector of the program has so many numbers. */
export function checkLength(name: string, found: number, expected: number): void {
  if (found !== expected)
    throw new Flaw(
      `in its state.safetensors ${name} has ${found} numbers, and ${expected} belong to it`,
    );
}

function read(file: SafetensorsFile, name: string): Float32Array {
  lengthOf(file, name);
  return file.read(name);
}

function lengthOf({ tensors }: SafetensorsFile, name: string): number {
  const tensor = tensors.get(name);
  if (tensor === undefined) throw new Flaw(`its state.safetensors has no ${name}`);
  if (tensor.dtype !== 'F32')
    throw new Flaw(`in its state.safetensors ${name} is ${tensor.dtype}, not F32`);
  return tensor.bytes / Float32Array.BYTES_PER_ELEMENT;
}
