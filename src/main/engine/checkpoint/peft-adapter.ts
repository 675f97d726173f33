/** LoRA adapters in PEFT's directory format: adapter_config.json and adapter_model.safetensors. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { allFinite } from '../numbers/float-formats.ts';
import { loraScaling, type Adapter, type AdapterModule } from './adapter.ts';
import { readJsonObject } from './json-file.ts';
import { parsePeftConfig, type PeftConfig } from './peft-config.ts';
import { peftConfig } from './peft-config-writer.ts';
import { openSafetensors, type SafetensorsFile } from './safetensors-file.ts';
import { writeSafetensors, type TensorSource } from './safetensors-writer.ts';

export { loraScaling, type Adapter, type AdapterModule } from './adapter.ts';
export { checkAdapterFits } from './adapter-fit.ts';

const configName = 'adapter_config.json';
const tensorsName = 'adapter_model.safetensors';

/**
 * Reads an adapter. Which modules it has is what the tensors say; the config gives rank and scaling.
 * Errors: adapter/not-found, adapter/bad-config, adapter/unsupported-options, adapter/bad-tensors, and those
 * of safetensors files (checkpoint/*).
 */
export function readAdapter(path: string): Adapter {
  const configPath = join(path, configName);
  if (!existsSync(configPath)) throw lorikeetError('adapter/not-found', { path });
  const config = parsePeftConfig(readJsonObject(configPath), configPath);
  const tensorsPath = join(path, tensorsName);
  if (!existsSync(tensorsPath)) throw lorikeetError('adapter/no-weights', { path });
  const file = openSafetensors(tensorsPath);
  try {
    return {
      baseModel: config.baseModel,
      rank: config.rank,
      alpha: config.alpha,
      dropout: config.dropout,
      useRslora: config.useRslora,
      useDora: config.useDora,
      modules: readModules(file, config),
    };
  } finally {
    file.close();
  }
}

/**
 * Writes an adapter into an existing folder, float32. `layerCount` is the base model's number of layers.
 * The folder comes from `withOutputFolder`, which also reports a full disk.
 */
export async function writeAdapter(
  path: string,
  adapter: Adapter,
  layerCount?: number,
): Promise<void> {
  const tensors = [...adapter.modules].flatMap(([module, each]): TensorSource[] => [
    { name: tensorName(module, 'A'), shape: [each.rank, each.in], values: () => each.a },
    { name: tensorName(module, 'B'), shape: [each.out, each.rank], values: () => each.b },
    ...magnitudeSource(module, each),
  ]);
  await writeSafetensors(join(path, tensorsName), tensors, 'float32');
  const config = JSON.stringify(peftConfig(adapter, layerCount), null, 2);
  await writeFile(join(path, configName), `${config}\n`);
}

function magnitudeSource(path: string, { magnitude, out }: AdapterModule): TensorSource[] {
  if (magnitude === null) return [];
  return [{ name: magnitudeName(path), shape: [out], values: () => magnitude }];
}

/** PEFT writes this one without `.weight`. */
function magnitudeName(module: string): string {
  return `base_model.model.${module}.lora_magnitude_vector`;
}

function tensorName(module: string, part: 'A' | 'B'): string {
  return `base_model.model.${module}.lora_${part}.weight`;
}

function readModules(file: SafetensorsFile, config: PeftConfig): Map<string, AdapterModule> {
  const problems: string[] = [];
  const paths = new Set<string>();
  for (const name of file.tensors.keys()) {
    if (name.endsWith('.lora_magnitude_vector') && !config.useDora) {
      problems.push(`${name} belongs to DoRA, and the config does not say use_dora`);
    }
    const match = /^base_model\.model\.(.+)\.(?:lora_[AB]\.weight|lora_magnitude_vector)$/.exec(
      name,
    );
    if (match?.[1] === undefined) problems.push(`${name} is not part of a plain LoRA adapter`);
    else paths.add(match[1]);
  }
  if (problems.length === 0 && paths.size === 0) problems.push('there is no tensor in it');
  const modules = new Map<string, AdapterModule>();
  for (const path of paths) {
    const module = readModule(file, config, path);
    if (typeof module === 'string') problems.push(module);
    else modules.set(path, module);
  }
  if (problems.length > 0)
    throw lorikeetError('adapter/bad-tensors', { path: file.path, problems });
  return modules;
}

/** One module, or what is wrong with it. */
function readModule(
  file: SafetensorsFile,
  config: PeftConfig,
  path: string,
): AdapterModule | string {
  const shapeA = file.tensors.get(tensorName(path, 'A'))?.shape;
  const shapeB = file.tensors.get(tensorName(path, 'B'))?.shape;
  if (shapeA === undefined) return `${path} has a B and no A`;
  if (shapeB === undefined) return `${path} has an A and no B`;
  const [rank, inputs] = shapeA;
  const [outputs, rankB] = shapeB;
  const shapes = `A [${shapeA.join(', ')}] and B [${shapeB.join(', ')}]`;
  if (rank === undefined || inputs === undefined || outputs === undefined || rankB === undefined) {
    return `${path}: ${shapes} are no matrices`;
  }
  if (shapeA.length !== 2 || shapeB.length !== 2 || rank !== rankB || rank === 0) {
    return `${path}: ${shapes} have no rank in common`;
  }
  const expected = config.rankOf(path);
  if (rank !== expected) return `${path}: ${shapes}, but ${configName} gives it rank ${expected}`;
  const a = file.read(tensorName(path, 'A'));
  const b = file.read(tensorName(path, 'B'));
  if (!allFinite(a) || !allFinite(b)) {
    return `${path} has values that are not finite`;
  }
  const magnitude = config.useDora ? readMagnitude(file, path, outputs) : null;
  if (typeof magnitude === 'string') return magnitude;
  const alpha = config.alphaOf(path);
  const scaling = loraScaling(rank, alpha, config.useRslora);
  return { rank, alpha, scaling, a, b, magnitude, in: inputs, out: outputs };
}

/** DoRA's row lengths, or what is wrong with them. */
function readMagnitude(file: SafetensorsFile, path: string, out: number): Float32Array | string {
  const shape = file.tensors.get(magnitudeName(path))?.shape;
  if (shape === undefined) return `${path} has no magnitude, and the config says that it is DoRA`;
  if (shape.length !== 1 || shape[0] !== out) {
    return `${path}: the magnitude is [${shape.join(', ')}] for ${out} rows`;
  }
  const magnitude = file.read(magnitudeName(path));
  return allFinite(magnitude) ? magnitude : `${path} has values that are not finite`;
}
