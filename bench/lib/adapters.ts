/** Adapters for the bench, written in PEFT's format so that both sides start from the same numbers. */
import { mkdir } from 'node:fs/promises';
import { writeAdapter } from '../../src/main/engine/checkpoint/peft-adapter.ts';
import { adapterOf } from '../../src/main/engine/lora/adapter-bank.ts';
import { initialParameters } from '../../src/main/engine/lora/init.ts';
import { layOut } from '../../src/main/engine/lora/layout.ts';
import { resolveTargets } from '../../src/main/engine/lora/targets.ts';
import type { Architecture } from '../../src/main/engine/model/architecture.ts';
import { createRandom } from '../../src/main/engine/random.ts';
import { loraSettings } from '../../src/shared/contract/training-config.ts';

export type AdapterKind = {
  rank: number;
  /** How many of the top layers are adapted. */
  layers: number;
  /** B is 0 at the start of a training; an adapter that does nothing would prove nothing elsewhere. */
  trained: boolean;
};

/** Deviation of B's elements in a `trained` adapter: ΔW then is a few percent of W. */
const deviation = 0.01;

/** Writes an adapter on all linear modules of the top layers, alpha = 2 · rank, into a new folder. */
export async function writeBenchAdapter(
  folder: string,
  architecture: Architecture,
  { rank, layers, trained }: AdapterKind,
): Promise<void> {
  const { config, linears } = architecture;
  const first = config.numHiddenLayers - layers;
  const adapted = Array.from({ length: layers }, (_, i) => first + i);
  const lora = loraSettings.parse({
    rank,
    alpha: 2 * rank,
    dropout: 0,
    targets: linears.map(({ name }) => ({ module: name, layers: adapted })),
  });
  const layout = layOut([resolveTargets(architecture, lora)]);
  const parameters = initialParameters(layout, [{ init: 'default', seed: 0 }], () => {
    throw new RangeError('this start does not look at the base');
  });
  const [placed] = layout.adapters;
  if (!placed) throw new RangeError('the layout of one adapter has no adapter');
  if (trained) {
    const random = createRandom(1);
    for (const { module, rank: each, b } of placed.slots) {
      for (let i = 0; i < module.out * each; i++) parameters[b + i] = deviation * random.normal();
    }
  }
  await mkdir(folder);
  const settings = { baseModel: null, rank, alpha: 2 * rank, dropout: 0 };
  const adapter = adapterOf(placed, parameters, {
    ...settings,
    useRslora: false,
    useDora: false,
    taskType: null,
  });
  await writeAdapter(folder, adapter, { layers: config.numHiddenLayers, linears });
}
