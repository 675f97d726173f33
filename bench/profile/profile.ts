/** `npm run bench -- --profile`: where a training step goes on the processor at hand. */
import { availableParallelism } from 'node:os';
import { say } from '../../scripts/lib/say.ts';
import { linearGroups } from '../../src/main/engine/model/linear-groups.ts';
import { locateRuntime } from '../../src/main/engine/runtime/locate.ts';
import { batchAt, showShape, type Shape } from '../lib/batches.ts';
import { loadOf, type Bench } from '../lib/bench.ts';
import type { CaseResult } from '../lib/result.ts';
import { using } from '../lib/sides.ts';
import { seriesNames, stepWork, type Series } from '../lib/step-work.ts';
import { takeTurns } from '../lib/turns.ts';
import type { Dimensions } from './account.ts';
import { profileResult } from './profile-result.ts';
import { traceLibrary } from './trace-library.ts';
import { plainSide, tracedSide, type WatchedSide } from './watched-side.ts';

type Setting = Pick<Bench, 'materials' | 'settings'>;

/** What the rows of the tables are. */
export const explanation =
  'Forward, backward and AdamW, all linear modules adapted. Measured: products by oneDNN, islands (programs of XLA) and other nodes by TensorFlow, one by one. Differences: "products outside of oneDNN" is what TensorFlow measures of nodes of products beyond what oneDNN says of them (products in Eigen, where calls are left over, and what stands round oneDNN in its nodes); "between nodes" is the length of the session calls less all their nodes (the executor, memory, waiting); "outside of TensorFlow" is the step less its session calls (Node, feeds).';

/** TensorFlow and oneDNN choose and compile. */
const warmups = 1;

/** A table for each size and kind of loss. Throws where the engine computes on a GPU. */
export async function profile(setting: Setting): Promise<CaseResult[]> {
  if (locateRuntime().kind === 'gpu') {
    throw new Error(
      'The profile is one of processors, and TensorFlow is the build for GPUs here: set LORIKEET_DEVICE=cpu to profile the processor.',
    );
  }
  const library = await traceLibrary();
  const results: CaseResult[] = [];
  for (const shape of setting.settings.sizes) {
    for (const series of seriesNames) {
      say(`• ${showShape(shape)}, ${series}: steps with and without a trace in turn`);
      results.push(await measure(setting, library, shape, series));
    }
  }
  return results;
}

function measure(
  setting: Setting,
  library: string,
  shape: Shape,
  series: Series,
): Promise<CaseResult> {
  const { settings, materials } = setting;
  const work = stepWork(setting, series, shape);
  const plain = plainSide();
  const traced = tracedSide(library, materials.scratch('traces'));
  return using(plain.own, () =>
    using(traced.own, async () => {
      const load = { ...(await loadOf(setting, work)), variant: settings.own };
      const { precision } = await plain.own.ask('load', load);
      await traced.own.ask('load', load);
      const contestant = ({ step }: WatchedSide) => ({
        warmups,
        turn: (turn: number) => step(batchAt(work, turn)),
      });
      const both = [contestant(plain), contestant(traced)];
      const [unwatched = [], watched = []] = await takeTurns(both, settings.counted);
      return profileResult(`${showShape(shape)}, ${series}, ${precision}`, {
        unwatched,
        watched,
        dimensions: dimensionsOf(setting),
        cores: availableParallelism(),
      });
    }),
  );
}

/** The bench adapts all linear modules with one rank. */
function dimensionsOf({ materials, settings }: Setting): Dimensions {
  const { config, linears } = materials.architecture;
  const ranks = linearGroups(linears).map(({ modules }) => modules.length * settings.rank);
  return { vocabulary: config.vocabSize, ranks: new Set(ranks) };
}
