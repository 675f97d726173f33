/** A whole model as a Hugging Face directory: config, weights, tokenizer, chat template. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MergeDtype } from '../../../shared/contract/merge-report.ts';
import {
  tensorBytes,
  writeSafetensors,
  type TensorSource,
} from '../checkpoint/safetensors-writer.ts';
import type { Architecture, ModelConfig } from '../model/architecture.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import { huggingFaceConfigText } from './huggingface-config.ts';

export type ModelParts = {
  architecture: Architecture;
  tokenizer: TokenizerFiles;
  dtype: MergeDtype;
};

export type WriteOptions = {
  /** Called after each tensor. */
  onProgress?: (done: number, total: number) => void;
  /** A shard is closed before it grows over this; Hugging Face's usual 5 GB. */
  shardBytes?: number;
};

/**
 * Writes config.json, the weights in one file or in shards with an index, tokenizer files, template and
 * generation config into `folder`, which is there and empty (see `withOutputFolder`). One tensor at a time is
 * in memory. Returns the bytes of the weight files. Errors: output/not-representable.
 */
export async function writeModelDirectory(
  folder: string,
  parts: ModelParts,
  tensors: readonly TensorSource[],
  options: WriteOptions = {},
): Promise<number> {
  const { architecture, tokenizer, dtype } = parts;
  await writeFile(join(folder, 'config.json'), huggingFaceConfigText(architecture, dtype));
  await writeTokenizer(folder, tokenizer);
  await writeJson(
    folder,
    'generation_config.json',
    tokenizer.generationConfig ?? endings(architecture.config),
  );

  const shards = shardsOf(tensors, dtype, options.shardBytes ?? 5e9);
  const weightMap: Record<string, string> = {};
  let done = 0;
  let bytes = 0;
  for (const [i, shard] of shards.entries()) {
    const name = shardName(i, shards.length);
    for (const tensor of shard) weightMap[tensor.name] = name;
    bytes += await writeSafetensors(join(folder, name), shard, dtype, () => {
      options.onProgress?.(++done, tensors.length);
    });
  }
  if (shards.length > 1) {
    const total = tensors.reduce((sum, tensor) => sum + tensorBytes(tensor.shape, dtype), 0);
    const index = { metadata: { total_size: total }, weight_map: weightMap };
    await writeJson(folder, 'model.safetensors.index.json', index);
  }
  return bytes;
}

async function writeTokenizer(folder: string, tokenizer: TokenizerFiles): Promise<void> {
  const { tokenizerFile, tokenizerConfig, chatTemplate } = tokenizer;
  // Programs older than chat_template.jinja look for the template in tokenizer_config.json.
  const config =
    chatTemplate === null ? tokenizerConfig : { chat_template: chatTemplate, ...tokenizerConfig };
  const file = tokenizerFile ?? jsonText(tokenizer.tokenizerJson);
  await writeFile(join(folder, 'tokenizer.json'), file);
  await writeJson(folder, 'tokenizer_config.json', config);
  await writeJson(folder, 'special_tokens_map.json', specialTokens(tokenizerConfig));
  if (chatTemplate !== null) await writeFile(join(folder, 'chat_template.jinja'), chatTemplate);
}

const specialNames = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
  'additional_special_tokens',
];

function specialTokens(tokenizerConfig: Record<string, unknown>): Record<string, unknown> {
  const named = specialNames.flatMap((name): [string, unknown][] => {
    const value = tokenizerConfig[name] ?? null;
    return value === null ? [] : [[name, value]];
  });
  return Object.fromEntries(named);
}

/** What generation needs to know where the model came without a generation_config.json. */
function endings(config: ModelConfig): Record<string, unknown> {
  return { bos_token_id: config.bosTokenId, eos_token_id: config.eosTokenIds };
}

/** Tensors in order, cut into groups of at most `most` bytes; a larger tensor gets a group of its own. */
function shardsOf(
  tensors: readonly TensorSource[],
  dtype: MergeDtype,
  most: number,
): TensorSource[][] {
  const shards: TensorSource[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const bytes = tensorBytes(tensor.shape, dtype);
    const last = shards.at(-1);
    if (last !== undefined && bytes <= room) {
      last.push(tensor);
      room -= bytes;
    } else {
      shards.push([tensor]);
      room = most - bytes;
    }
  }
  return shards;
}

function shardName(index: number, count: number): string {
  if (count === 1) return 'model.safetensors';
  const five = (n: number): string => String(n).padStart(5, '0');
  return `model-${five(index + 1)}-of-${five(count)}.safetensors`;
}

async function writeJson(folder: string, name: string, value: unknown): Promise<void> {
  await writeFile(join(folder, name), jsonText(value));
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
