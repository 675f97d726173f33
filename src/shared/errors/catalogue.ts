/** Every error code of the project and its text; one file an area. */
import { adapterErrors } from './adapter-errors.ts';
import { baseErrors } from './base-errors.ts';
import { checkpointErrors } from './checkpoint-errors.ts';
import { cliErrors } from './cli-errors.ts';
import { composeErrors } from './compose-errors.ts';
import { datasetErrors } from './dataset-errors.ts';
import { engineErrors } from './engine-errors.ts';
import { exportErrors } from './export-errors.ts';
import { healthErrors } from './health-errors.ts';
import { loraErrors } from './lora-errors.ts';
import { memoryErrors } from './memory-errors.ts';
import { originErrors } from './origin-errors.ts';
import { outputErrors } from './output-errors.ts';
import type { ProblemText } from './problem.ts';
import { resumeErrors } from './resume-errors.ts';
import { startErrors } from './start-errors.ts';
import { studioErrors } from './studio-errors.ts';
import { windowErrors } from './window-errors.ts';

const texts = {
  ...adapterErrors,
  ...baseErrors,
  ...checkpointErrors,
  ...cliErrors,
  ...composeErrors,
  ...datasetErrors,
  ...engineErrors,
  ...exportErrors,
  ...healthErrors,
  ...loraErrors,
  ...memoryErrors,
  ...originErrors,
  ...outputErrors,
  ...resumeErrors,
  ...startErrors,
  ...studioErrors,
  ...windowErrors,
};

export type ErrorCode = keyof typeof texts;
export type Details<C extends ErrorCode> = Parameters<(typeof texts)[C]>[0];
export const catalogue: { [C in ErrorCode]: (details: Details<C>) => ProblemText } = texts;
