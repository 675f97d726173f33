/**
 * A program of its own that trains: `node limited-run.ts REQUEST`, a `train` request as JSON; every event and the outcome are lines
 * of JSON. Without a request it tells how many bytes TensorFlow may have for tensors.
 */
import { z } from 'zod';
import { engineEnvironment } from '../../../../src/main/engine/runtime/environment.ts';
import { trainingConfig } from '../../../../src/shared/contract/training-config.ts';

const trainRequest = z.object({
  config: trainingConfig,
  output: z.string(),
  checkpoints: z.string(),
  resume: z.string().optional(),
});

const [request] = process.argv.slice(2);
const environment = engineEnvironment();
if (request === undefined) console.log(environment['TF_MKL_ALLOC_MAX_BYTES']);
else {
  Object.assign(process.env, environment);
  // Only now: TensorFlow reads the environment when it is loaded.
  const { train } = await import('../../../../src/main/engine/commands/train.ts');
  const tell = (told: unknown) => {
    console.log(JSON.stringify(told));
  };
  const { signal } = new AbortController();
  const { resume, ...asked } = trainRequest.parse(JSON.parse(request));
  tell(await train({ ...asked, ...(resume !== undefined && { resume }) }, { signal, emit: tell }));
}
