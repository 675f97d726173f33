/** A PEFT adapter as a form of export. */
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listed } from '../../../shared/errors/listed.ts';
import { adapterBytes, type Adapter } from '../checkpoint/adapter.ts';
import { readAdapter, writeAdapter } from '../checkpoint/peft-adapter.ts';
import { isOfExpert } from '../checkpoint/peft-experts.ts';
import { isOneWhole } from '../compose/parts.ts';
import { trainingRecordName, trainingRecordPath } from '../export/training-record.ts';
import type { FormWriter } from './form-writer.ts';
import { checkAdapters, provenAdapter } from './proven-adapter.ts';

export const exportPeft: FormWriter = (blend, _, context) => {
  checkAdapters(blend);
  const adapter = blend.sum();
  return {
    needed: adapterBytes(adapter),
    async write(folder) {
      const { config, linears } = blend.base.architecture;
      await writeAdapter(folder, adapter, { layers: config.numHiddenLayers, linears });
      // One adapter is what it was, its manner of conversations included.
      const record = isOneWhole(blend.parts) ? trainingRecordPath(blend.parts[0].path) : null;
      if (record !== null && existsSync(record))
        await copyFile(record, join(folder, trainingRecordName));
      const written = readAdapter(folder);
      const proven = await provenAdapter(written, adapter, null, blend, 'float32', context);
      const failures = [...proven.failures, ...differences(adapter, written), ...unread(adapter)];
      return { ...proven, failures, passed: failures.length === 0 };
    },
  };
};

/** What an adapter's files hold otherwise than it: nothing is rounded in them. */
function differences(adapter: Adapter, written: Adapter): string[] {
  const same = (one: Float32Array | null, other: Float32Array | null | undefined) =>
    one === null ? other === null : other != null && Buffer.compare(raw(one), raw(other)) === 0;
  const modules = [...adapter.modules].flatMap(([path, { a, b, magnitude }]) => {
    const found = written.modules.get(path);
    const equal = same(a, found?.a) && same(b, found?.b) && same(magnitude, found?.magnitude);
    return equal ? [] : [path];
  });
  const saved = [...adapter.saved].flatMap(([name, { values }]) =>
    same(values, written.saved.get(name)?.values) ? [] : [name],
  );
  const wrong = [...modules, ...saved];
  return wrong.length === 0 ? [] : [`The files hold other numbers for ${listed(wrong, 4)}.`];
}

function raw({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

/**
 * PEFT on transformers 5 holds the matrices of all experts in one tensor and takes their rank from `r` alone, whatever
 * `rank_pattern` says (transformers_weight_conversion.py).
 */
function unread({ modules, rank }: Adapter): string[] {
  const others = [...modules].filter(([path, own]) => isOfExpert(path) && own.rank !== rank);
  const ranks = [...new Set(others.map(([, own]) => own.rank))];
  return ranks.length === 0
    ? []
    : [
        `PEFT gives all experts the rank ${rank} and does not load the ones of rank ${ranks.join(', ')}; Lorikeet does. Merged models are right.`,
      ];
}
