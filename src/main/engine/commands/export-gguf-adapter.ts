/** An adapter for llama.cpp as a form of export. */
import { z } from 'zod';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { ExportReport } from '../../../shared/contract/exports.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { adapterBytes, type Adapter } from '../checkpoint/adapter.ts';
import { composeParts, type Composition } from '../compose/compose-parts.ts';
import { largestRank } from '../compose/composed-adapter.ts';
import { relativeError } from '../compose/figures.ts';
import { leastShare } from '../export/gguf/account.ts';
import { planAdapterFile, writeAdapterFile } from '../export/gguf/adapter-file.ts';
import { ggufOf } from '../export/gguf/gguf-of.ts';
import { readAdapterFile } from '../export/gguf/read-adapter-file.ts';
import { planTensors } from '../export/gguf/tensor-plan.ts';
import type { FormWriter } from './form-writer.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { checkAdapters, provenAdapter } from './proven-adapter.ts';

export const exportGgufAdapter: FormWriter = (blend, type, context) => {
  checkAdapters(blend);
  const { base, labels } = blend;
  const { form, family } = ggufOf(base.architecture, base.path);
  if (labels !== null) throw lorikeetError('export/no-head-in-gguf', { path: base.path });
  const planned = planTensors(base.architecture, family, base.path);
  const fileType = z.enum(['F32', 'F16']).parse(type);
  return {
    needed: blend.parts.reduce((sum, { adapter }) => sum + adapterBytes(adapter), 0),
    async write(file) {
      const { adapter, approximation } = await asProducts(blend, context);
      const tensors = planAdapterFile(adapter, planned, base.path);
      await writeAdapterFile(file, form.architecture, tensors, fileType);
      const written = await readAdapterFile(file, tensors, adapter);
      const dtype = fileType === 'F32' ? 'float32' : 'float16';
      const proven = await provenAdapter(written, adapter, approximation, blend, dtype, context);
      const failures = [...proven.failures, ...farFrom(approximation)];
      return { ...proven, failures, passed: failures.length === 0 };
    },
  };
};

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
  return {
    relativeError: relativeError([...figures.values()]),
    worst,
    rank: largestRank(adapter.modules),
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
