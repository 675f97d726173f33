/** A base in another form: the engine's `export` command to GGUF without its proof. */
import { openCheckpoint } from '../../src/main/engine/checkpoint/open-checkpoint.ts';
import { noAdapter } from '../../src/main/engine/checkpoint/adapter.ts';
import { planGguf, writeGgufModel } from '../../src/main/engine/export/gguf/write-gguf.ts';
import type { OwnVariant, Replies, Requests } from '../protocol.ts';

/** From file to file, reading included. */
export async function quantizeFile(
  request: Requests<OwnVariant>['quantize'],
): Promise<Replies['quantize']> {
  const { model, output, type } = request;
  const started = performance.now();
  const base = await openCheckpoint(model);
  try {
    const plan = planGguf(base, noAdapter, type);
    await writeGgufModel(output, base, noAdapter, type, plan, () => undefined);
  } finally {
    base.close();
  }
  return { seconds: (performance.now() - started) / 1000 };
}
