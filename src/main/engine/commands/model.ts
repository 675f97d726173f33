/** `model.inspect`: what a model file holds, without reading its weights. */
import type { ModelDescription } from '../../../shared/contract/records.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { describeCheckpoint } from '../checkpoint/describe.ts';

export async function inspectModel({ path }: { path: string }): Promise<ModelDescription> {
  const checkpoint = await openCheckpoint(path);
  try {
    return describeCheckpoint(checkpoint);
  } finally {
    checkpoint.close();
  }
}
