/** Model folders as transformers 5 holds mixtures in memory: the matrices of all experts in one tensor. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import {
  writeSafetensors,
  type TensorSource,
} from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { temporaryFolder } from './fixtures.ts';

type Names = { block: string; gate: string; up: string; down: string };
export const plainExperts = { block: 'mlp', gate: 'gate_proj', up: 'up_proj', down: 'down_proj' };
export const mixtralExperts = { block: 'block_sparse_moe', gate: 'w1', up: 'w3', down: 'w2' };

/** [E, rows, columns] of matrices that each expert has one below the other. */
function stacked(base: Checkpoint, name: string, paths: readonly string[][]): TensorSource {
  const parts = paths.flat().map((path) => base.read(path));
  const [first = ''] = paths.flat();
  const [rows = 0, columns = 0] = base.tensors.get(first)?.shape ?? [];
  const values = () => Float32Array.from(parts.flatMap((part) => [...part]));
  return { name, shape: [paths.length, rows * (paths[0]?.length ?? 0), columns], values };
}

/** The model's folder once more, with its experts stacked; `without` is left out. */
export async function withStackedExperts(
  base: Checkpoint,
  { block, gate, up, down }: Names,
  without = '',
): Promise<string> {
  const { config, experts } = base.architecture;
  const folder = temporaryFolder();
  const others = [...base.tensors].filter(([name]) => !name.includes('.experts.'));
  const tensors = others.map(([name, { shape }]): TensorSource => {
    const inFile = name.replace(`.${block}.gate.`, '.mlp.gate.');
    return { name: inFile, shape, values: () => base.read(name) };
  });
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const of = (matrix: string, expert: number) =>
      `model.layers.${layer}.${block}.experts.${expert}.${matrix}.weight`;
    const all = Array.from({ length: experts?.count ?? 0 }, (_, expert) => expert);
    const prefix = `model.layers.${layer}.mlp.experts`;
    tensors.push(
      stacked(
        base,
        `${prefix}.gate_up_proj`,
        all.map((e) => [of(gate, e), of(up, e)]),
      ),
      stacked(
        base,
        `${prefix}.down_proj`,
        all.map((e) => [of(down, e)]),
      ),
    );
  }
  const kept = tensors.filter(({ name }) => name !== without);
  await writeSafetensors(join(folder, 'model.safetensors'), kept, 'float32');
  for (const file of ['config.json', 'tokenizer.json', 'tokenizer_config.json']) {
    copyFileSync(join(base.path, file), join(folder, file));
  }
  return folder;
}
