/** Base + adapter as one model on disk: the engine's `merge` command without its proof. */
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../src/main/engine/checkpoint/peft-adapter.ts';
import { writeMergedModel } from '../../src/main/engine/export/merge-model.ts';
import { withOutputFolder } from '../../src/main/engine/export/output-folder.ts';
import type { OwnVariant, Replies, Requests } from '../protocol.ts';

/** From files to files, reading included. */
export async function mergeFiles(
  request: Requests<OwnVariant>['merge'],
): Promise<Replies['merge']> {
  const started = performance.now();
  const checkpoint = await openCheckpoint(request.model);
  try {
    const adapter = readAdapter(request.adapter);
    await withOutputFolder(request.output, (folder) =>
      writeMergedModel(folder, checkpoint, adapter, request.dtype, () => undefined),
    );
  } finally {
    checkpoint.close();
  }
  return { seconds: (performance.now() - started) / 1000 };
}
