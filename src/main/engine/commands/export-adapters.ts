/** Adapters alone as forms of export: for PEFT, and for llama.cpp. */
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { ExportReport } from '../../../shared/contract/exports.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { readAdapter, writeAdapter } from '../checkpoint/peft-adapter.ts';
import { isOfExpert } from '../checkpoint/peft-experts.ts';
import { composeParts, type Composition } from '../compose/compose-parts.ts';
import { relativeError } from '../compose/figures.ts';
import { isOneWhole } from '../compose/parts.ts';
import { leastShare } from '../export/gguf/account.ts';
import { planAdapterFile, writeAdapterFile } from '../export/gguf/adapter-file.ts';
import { ggufOf } from '../export/gguf/gguf-of.ts';
import { readAdapterFile } from '../export/gguf/read-adapter-file.ts';
import { planTensors } from '../export/gguf/tensor-plan.ts';
import { trainingRecordName, trainingRecordPath } from '../export/training-record.ts';
import { proofChecks, proofFailures, proofLimits } from '../export/verify.ts';
import type { FormWriter, WrittenForm } from './form-writer.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { proveAdapter } from './prove.ts';
import { mergedOf } from './proven-merge.ts';

export const exportPeft: FormWriter = (blend, _, context) => {
  checkSome(blend);
  const adapter = blend.sum();
  return {
    needed: bytesOf(adapter),
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

export const exportGgufAdapter: FormWriter = (blend, type, context) => {
  checkSome(blend);
  const { base, labels } = blend;
  const { form, family } = ggufOf(base.architecture, base.path);
  if (labels !== null) throw lorikeetError('export/no-head-in-gguf', { path: base.path });
  const planned = planTensors(base.architecture, family, base.path);
  const fileType = z.enum(['F32', 'F16']).parse(type);
  return {
    needed: blend.parts.reduce((sum, { adapter }) => sum + bytesOf(adapter), 0),
    async write(file) {
      const { adapter, approximation } = await asProducts(blend, context);
      const tensors = planAdapterFile(adapter, planned, base.path);
      await writeAdapterFile(file, form.architecture, tensors, fileType);
      const written = await readAdapterFile(file, tensors, adapter);
      const dtype = fileType === 'F32' ? 'float32' : 'float16';
      return provenAdapter(written, adapter, approximation, blend, dtype, context);
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

function checkSome({ parts }: Blend): void {
  if (parts.length === 0) throw lorikeetError('compose/no-adapters', undefined);
}

/** Every change as a product B·A; what DoRA changes comes near to it, at the rank of the adapters. */
async function asProducts(
  blend: Blend,
  context: EngineContext,
): Promise<{ adapter: Adapter; approximation: ExportReport['approximation'] }> {
  const { parts, base } = blend;
  if (!parts.some(({ adapter }) => adapter.useDora)) {
    return { adapter: blend.sum(), approximation: null };
  }
  const composition = await composeParts(
    parts,
    { kind: 'svd', rank: null },
    {
      weightOf: (path) => base.read(`${path}.weight`),
      async tell(done, total) {
        context.emit({ kind: 'progress', phase: 'Bringing DoRA to a product', done, total });
        await breathe(context.signal, 'The export');
      },
    },
  );
  return { adapter: composition.adapter, approximation: approximationOf(composition) };
}

function approximationOf({ adapter, figures }: Composition): ExportReport['approximation'] {
  const errors = [...figures].map(([module, each]) => ({
    module,
    relativeError: relativeError([each]),
  }));
  const [worst = { module: '', relativeError: 0 }] = errors.sort(
    (a, b) => b.relativeError - a.relativeError,
  );
  const ranks = [...adapter.modules.values()].map(({ rank }) => rank);
  return {
    relativeError: relativeError([...figures.values()]),
    worst,
    rank: Math.max(...ranks),
  };
}

/** What is nearest to a change has 1 − error² of it (⟨Δ′, ΔW⟩ / ‖ΔW‖²), of which a merged file has to have as much. */
function farFrom(approximation: ExportReport['approximation']): string[] {
  if (approximation === null) return [];
  const share = 1 - approximation.relativeError ** 2;
  if (share >= leastShare) return [];
  return [
    `Only ${(100 * share).toFixed(1)} % of what DoRA changes is in the file. Export the merged model, or make an adapter of a higher rank first (\`lorikeet compose --kind svd --rank …\`).`,
  ];
}

/** @param adapter what was to be written */
async function provenAdapter(
  written: Adapter,
  adapter: Adapter,
  approximation: ExportReport['approximation'],
  blend: Blend,
  dtype: 'float32' | 'float16',
  context: EngineContext,
): Promise<WrittenForm> {
  const { base, labels, tokenizer } = blend;
  const missing = [...adapter.modules.keys()].filter((path) => !written.modules.has(path));
  const failures = missing.map((path) => `${path} is not in the file.`);
  failures.push(...farFrom(approximation));
  const shape = { mergedModules: written.modules.size, roundingLoss: 0, tensors: null };
  if (labels !== null) {
    return { passed: failures.length === 0, failures, ...shape, answers: null, approximation };
  }
  const comparison = await proveAdapter(written, base, mergedOf(blend), tokenizer, context);
  // What is only brought near is shown with its error, and not judged by its answers.
  const limits = approximation === null ? proofLimits[dtype] : null;
  const checks = proofChecks(comparison, limits, { tokenizer: true, chatTemplate: true }).filter(
    ({ name }) => name !== 'tokenizer' && name !== 'chatTemplate',
  );
  failures.push(...proofFailures(checks, dtype, base.architecture));
  return {
    passed: failures.length === 0,
    failures,
    ...shape,
    answers: { ...comparison, checks },
    approximation,
  };
}

function bytesOf({ modules }: Adapter): number {
  const sizes = [...modules.values()].map(({ a, b }) => 4 * (a.length + b.length));
  return sizes.reduce((sum, size) => sum + size, 0);
}
