/** `compose`: adapters of one base made into one, with how far it is from their weighted sum. */
import type { CompositionReport } from '../../../shared/contract/composition.ts';
import type {
  AdapterSource,
  EngineContext,
  EngineRequest,
} from '../../../shared/contract/engine.ts';
import type { BlendOrigin } from '../../../shared/contract/origin.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { adapterBytes, type Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { writeAdapter } from '../checkpoint/peft-adapter.ts';
import { combinationOf, type Combination } from '../compose/combination.ts';
import { composeParts, type Composition } from '../compose/compose-parts.ts';
import { largestRank } from '../compose/composed-adapter.ts';
import { relativeError } from '../compose/figures.ts';
import { isOneWhole, type Part } from '../compose/parts.ts';
import { checkOutputFolder, withOutputFolder } from '../export/output-folder.ts';
import { madeNow } from '../origin/made-now.ts';
import { writeOrigin } from '../origin/origin-file.ts';
import { withLearntValues } from './learnt-base.ts';
import { lineageOf, type Lineage } from './lineage.ts';
import { openHead } from './open-head.ts';
import { breathe } from './open-model.ts';
import { openParts } from './open-parts.ts';
import { tellMoved } from './tell-moved.ts';

/**
 * Errors: those of `combinationOf` and `composeParts`; compose/no-adapters, compose/bad-weight, compose/all-weights-zero; those of
 * opening a model, an adapter and a head, and of output folders.
 */
export async function compose(
  request: EngineRequest<'compose'>,
  context: EngineContext,
): Promise<CompositionReport> {
  const combination = combinationOf(request);
  if (request.output !== null) await checkOutputFolder(request.output);
  return withCheckpoint(request.model, async (opened) => {
    const paths = request.adapters.map(({ path }) => path);
    const { checkpoint: base } = withLearntValues(opened, paths, context);
    const parts = openToCompose(request.adapters, base, context);
    const { adapters, otherBase = false, output } = request;
    const bases = { trained: base, into: base };
    const lineage = output === null ? null : await lineageOf(bases, adapters, otherBase, context);
    const composition = await composeParts(parts, combination, {
      weightOf: (path) => base.read(`${path}.weight`),
      tell: async (done, total) => {
        context.emit({ kind: 'progress', phase: 'Composing', done, total });
        await breathe(context.signal, 'The composition');
      },
    });
    const report = reportOf(request.adapters, combination, composition);
    if (output === null || lineage === null) return report;
    return write(report, composition.adapter, base, { output, lineage }, context);
  });
}

/** With their heads whole; one that is left as it is has what it had. */
function openToCompose(
  sources: readonly AdapterSource[],
  base: Checkpoint,
  context: EngineContext,
): Part[] {
  if (sources.length === 0) throw lorikeetError('compose/no-adapters', undefined);
  const parts = openParts(sources, base, context);
  const head = openHead(
    parts.map(({ adapter }) => adapter),
    parts.map(({ path }) => path),
    base,
  );
  if (head === null || isOneWhole(parts)) return parts;
  return parts.map((part, i) => ({ ...part, adapter: head.adapters[i] ?? part.adapter }));
}

function reportOf(
  adapters: CompositionReport['adapters'],
  combination: Combination,
  { adapter, figures }: Composition,
): CompositionReport {
  const modules = [...figures].map(([path, found]) => ({
    path,
    rank: adapter.modules.get(path)?.rank ?? 0,
    relativeError: relativeError([found]),
    singularValues: [...found.singularValues],
  }));
  return {
    adapters,
    kind: combination.kind,
    rank: largestRank(adapter.modules),
    alpha: adapter.alpha,
    density: 'density' in combination ? combination.density : null,
    seed: 'seed' in combination ? combination.seed : null,
    relativeError: relativeError([...figures.values()]),
    modules,
    output: null,
    bytes: adapterBytes(adapter),
  };
}

async function write(
  report: CompositionReport,
  adapter: Adapter,
  base: Checkpoint,
  { output, lineage }: { output: string; lineage: Lineage },
  context: EngineContext,
): Promise<CompositionReport> {
  const { linears } = base.architecture;
  const placed = await withOutputFolder(
    output,
    async (folder) => {
      await writeAdapter(folder, adapter, { layers: base.config.numHiddenLayers, linears });
      await writeOrigin(folder, blendOriginOf(report, lineage));
    },
    report.bytes,
  );
  tellMoved(placed, output, context.emit);
  return { ...report, output: placed.path };
}

function blendOriginOf(report: CompositionReport, { base, parts }: Lineage): BlendOrigin {
  const { kind, rank, density, seed, relativeError } = report;
  const composition = { kind, rank, density, seed, relativeError };
  return { kind: 'blend', ...madeNow(base), composition, parts };
}
