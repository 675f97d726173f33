/** `adapter.inspect`: what a run is like that goes on from an adapter with its form. */
import { largestRank } from '../../../shared/adapter-size.ts';
import type { AdapterStart } from '../../../shared/contract/adapter-start.ts';
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import { adapterSettings } from '../../../shared/settings/table.ts';
import type { Adapter, AdapterModule } from '../checkpoint/adapter.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { modulePatterns } from '../checkpoint/peft-config-writer.ts';
import { usualTargetsOf } from '../lora/targets-of.ts';
import type { Architecture } from '../model/architecture.ts';
import { openAdapter } from './open-adapter.ts';
import { tellsApart } from './start-adapters.ts';

/** Errors: those of `openCheckpoint` and `openAdapter`. */
export function inspectAdapter(
  { model, path }: EngineRequest<'adapter.inspect'>,
  context: EngineContext,
): Promise<AdapterStart> {
  return withCheckpoint(model, (base) => {
    const adapter = openAdapter(path, base, context);
    return {
      task: tellsApart({ adapter }) ? 'sequence-classification' : 'causal-lm',
      problem: adapter.labels?.problem ?? 'auto',
      lora: formOf(adapter, base.architecture),
    };
  });
}

const { kind: alphas, default: usualAlpha } = adapterSettings.alpha;

/** A run takes no alpha of 0 or below; what has one is brought to another by its scaling. */
function formOf(adapter: Adapter, architecture: Architecture): AdapterStart['lora'] {
  const { modules, rank, useRslora, useDora } = adapter;
  const linears = architecture.linears.map(({ path }) => path);
  const alpha = alphas.fits(adapter.alpha) ? adapter.alpha : usualAlpha;
  // Blends may have more ranks than a matrix has, where no more can be learnt.
  const rankOf = (module: AdapterModule) => Math.min(module.rank, largestRank(module));
  const alphaOf = (module: AdapterModule) => (alphas.fits(module.alpha) ? module.alpha : alpha);
  return {
    ...{ rank, alpha, useRslora, useDora },
    rankPattern: modulePatterns(modules, linears, rankOf, rank),
    alphaPattern: modulePatterns(modules, linears, alphaOf, alpha),
    targets: usualTargetsOf([...modules.keys()], architecture),
  };
}
