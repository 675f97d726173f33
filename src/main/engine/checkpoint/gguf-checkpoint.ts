/** A LLaMA model in one GGUF file. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { tokenizerFromGguf } from '../tokenizer/gguf-vocabulary.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { dequantize, elementsIn } from './dequantize.ts';
import { openFileBytes, type FileBytes } from './file-bytes.ts';
import { floatTypeOf } from './float-formats.ts';
import { ggmlBlocks } from './ggml-types.ts';
import { configFromGguf } from './gguf-config.ts';
import { readGgufHeader } from './gguf-header.ts';
import { layOut, type GgufTensor } from './gguf-layout.ts';
import {
  huggingFaceName,
  interleavedHeads,
  ropeFactorsName,
  undoInterleaving,
} from './gguf-names.ts';
import { checkWeights } from './check-weights.ts';

/** About so many bytes of quantised data are read at a time. */
const chunkBytes = 8 << 20;

/** Opens and checks a GGUF file; the file stays open until `close`. Errors: checkpoint/*. */
export async function openGgufCheckpoint(path: string): Promise<Checkpoint> {
  const file = openFileBytes(path);
  try {
    return await open(file);
  } catch (error) {
    file.close();
    throw error;
  }
}

async function open(file: FileBytes): Promise<Checkpoint> {
  const { path } = file;
  const header = await readGgufHeader(file);
  const { metadata } = header;
  const infos = new Map(header.tensors.map((info) => [info.name, info]));
  const facts = {
    vocabSize: infos.get('token_embd.weight')?.shape[0] ?? null,
    hasOutput: infos.has('output.weight'),
    ropeFactors: null,
  };
  // Architecture first: the message "unknown architecture" helps more than what follows from it.
  const withoutFactors = configFromGguf(metadata, facts, path);
  const tensors = layOut(header, file);
  const factors = tensors.get(ropeFactorsName);
  const config =
    factors === undefined
      ? withoutFactors
      : configFromGguf(metadata, { ...facts, ropeFactors: readTensor(file, factors) }, path);

  const stored = new Map<string, StoredTensor>();
  const sources = new Map<string, GgufTensor>();
  const unknown: string[] = [];
  for (const tensor of tensors.values()) {
    if (tensor === factors) continue;
    const name = huggingFaceName(tensor.name);
    if (name === undefined) {
      unknown.push(tensor.name);
      continue;
    }
    sources.set(name, tensor);
    const { shape, type, bytes } = tensor;
    const plain = interleavedHeads(name, config) > 0 ? null : (floatTypeOf.get(type) ?? null);
    stored.set(name, { shape, storedAs: type, bytes, plain });
  }
  checkWeights(path, config, stored, unknown);

  const tensorOf = (name: string): GgufTensor => {
    const tensor = sources.get(name);
    if (tensor === undefined) throw lorikeetError('checkpoint/no-tensor', { path, name });
    return tensor;
  };
  let tokenizer: TokenizerFiles | undefined;
  return {
    path,
    format: 'gguf',
    config,
    tensors: stored,
    read(name) {
      const tensor = tensorOf(name);
      const values = readTensor(file, tensor);
      const heads = interleavedHeads(name, config);
      if (heads > 0) undoInterleaving(values, heads, tensor.shape.at(-1) ?? 1);
      return values;
    },
    readPlain(name, target, begin) {
      return file.readLater(target, tensorOf(name).begin + begin);
    },
    get tokenizer() {
      return (tokenizer ??= tokenizerFromGguf(metadata, path));
    },
    close() {
      file.close();
    },
  };
}

/** All values of a tensor as float32, row-major. */
function readTensor(file: FileBytes, tensor: GgufTensor): Float32Array {
  const { type, begin, bytes } = tensor;
  const values = new Float32Array(elementsIn(type, bytes));
  if (type === 'F32') {
    file.readInto(new Uint8Array(values.buffer), begin);
    return values;
  }
  const block = ggmlBlocks[type].bytes;
  const chunk = new Uint8Array(Math.min(bytes, Math.floor(chunkBytes / block) * block));
  for (let done = 0; done < bytes; done += chunk.length) {
    const part = chunk.subarray(0, Math.min(chunk.length, bytes - done));
    file.readInto(part, begin + done);
    dequantize(type, part, values, elementsIn(type, done));
  }
  return values;
}
