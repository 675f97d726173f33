/** A PEFT adapter as a form of export. */
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { adapterBytes, type Adapter } from '../checkpoint/adapter.ts';
import { readAdapter, writeAdapter } from '../checkpoint/peft-adapter.ts';
import { isOfExpert } from '../checkpoint/peft-experts.ts';
import { isOneWhole } from '../compose/parts.ts';
import { adapterDifferences } from '../export/adapter-differences.ts';
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
      const failures = [
        ...proven.failures,
        ...adapterDifferences(adapter, written),
        ...unread(adapter),
      ];
      return { ...proven, failures, passed: failures.length === 0 };
    },
  };
};

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
