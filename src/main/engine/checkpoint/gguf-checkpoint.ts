/** A model in one GGUF file. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { unalignedFloats } from '../runtime/unaligned.ts';
import { elements, type Shape } from '../graph/shape.ts';
import { restore, restoreRows } from '../model/arrangement.ts';
import { checkGgufKeys } from '../model/gguf-keys.ts';
import { ggufValues } from '../model/gguf-values.ts';
import { weightShapes } from '../model/weight-shapes.ts';
import { ggufFamily, parseArchitecture } from '../model/families/index.ts';
import { tokenizerFromGguf } from '../tokenizer/gguf-vocabulary.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { dequantize, elementsIn } from '../ggml/dequantize.ts';
import { readArranged } from './arranged-rows.ts';
import { openFileBytes, type FileBytes } from './file-bytes.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import { ggmlBlocks } from '../ggml/ggml-types.ts';
import { readGgufHeader } from './gguf-header.ts';
import { layOut, type GgufTensor } from './gguf-layout.ts';
import { fromGgml, packingOfGgml } from '../packed/from-ggml.ts';
import { checkFinite, checkFinitePacked } from './check-finite.ts';
import { checkWeights } from './check-weights.ts';
import { stackedParts } from './stacked-tensors.ts';
import { rowsOfWhole } from './row-reader.ts';
import { tellUnknownIds } from './named-tokens.ts';

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
  const parts = Number(metadata['split.count'] ?? 1);
  if (parts > 1) throw lorikeetError('checkpoint/split-gguf', { path, parts });
  const family = ggufFamily(metadata['general.architecture'], path);
  const tensors = layOut(header, file);
  const seen = new Set<string>();
  const settings = {
    ...{ metadata, value: ggufValues(metadata, seen) },
    vocabSize: tensors.get('token_embd.weight')?.shape[0] ?? null,
    hasOutput: tensors.has('output.weight'),
    read(name: string) {
      const tensor = tensors.get(name);
      return tensor === undefined ? null : readTensor(file, tensor);
    },
  };
  const parsed = parseArchitecture(family.config(settings, path), path);
  const unknownKeys = checkGgufKeys(metadata, seen, path);
  const unknownIds = tellUnknownIds(metadata, 'metadata', parsed.config.vocabSize);
  const architecture = { ...parsed, notices: [...parsed.notices, ...unknownKeys, ...unknownIds] };

  const expected = weightShapes(architecture);
  const stored = new Map<string, StoredTensor>();
  const sources = new Map<string, GgufTensor>();
  const unknown: string[] = [];
  for (const tensor of tensors.values()) {
    if (family.settingTensors.includes(tensor.name)) continue;
    const name = family.tensorName(tensor.name);
    if (name === undefined) {
      unknown.push(tensor.name);
      continue;
    }
    const { type, begin } = tensor;
    const parts =
      typeof name === 'function'
        ? stackedParts(tensor, name).map((part) => ({ ...part, begin: begin + part.begin }))
        : [{ ...tensor, name }];
    for (const part of parts) {
      const { bytes } = part;
      const shape = withFirstAxis(part.shape, expected.get(part.name));
      sources.set(part.name, { ...part, type });
      const changed = family.arrangement(part.name, architecture)?.kind === 'plus one';
      const plain = changed ? null : (floatTypeOf.get(type) ?? null);
      const packing = changed ? null : packingOfGgml(type, elements(shape));
      stored.set(part.name, { shape, storedAs: type, bytes, plain, packing });
    }
  }
  checkWeights(path, architecture, stored, unknown);

  const tensorOf = (name: string): GgufTensor => {
    const tensor = sources.get(name);
    if (tensor === undefined) throw lorikeetError('checkpoint/no-tensor', { path, name });
    return tensor;
  };
  const read = (name: string): Float32Array => {
    const values = checkFinite(readTensor(file, tensorOf(name)), name, path);
    const arrangement = family.arrangement(name, architecture);
    if (arrangement) restore(values, arrangement);
    return values;
  };
  let tokenizer: TokenizerFiles | undefined;
  return {
    path,
    format: 'gguf',
    files: [path],
    architecture,
    config: architecture.config,
    tensors: stored,
    read,
    rows(name) {
      const tensor = tensorOf(name);
      const shape = stored.get(name)?.shape ?? [];
      const arrangement = family.arrangement(name, architecture);
      const order = arrangement?.kind === 'rows' ? arrangement.order : null;
      // Of a vector, an arrangement moves or changes the single numbers.
      if (shape.length < 2 || (arrangement && !order))
        return rowsOfWhole(shape.at(-1) ?? 0, () => read(name));
      const bytes = tensor.bytes / elements(shape.slice(0, -1));
      const place = (row: number) => (order ? order.indexOf(row) : row);
      return (row) =>
        readTensor(file, { ...tensor, begin: tensor.begin + place(row) * bytes, bytes });
    },
    readPlain(name, target, begin) {
      const tensor = tensorOf(name);
      const arrangement = family.arrangement(name, architecture);
      return arrangement?.kind === 'rows'
        ? readArranged(file, tensor, arrangement.order, target, begin)
        : file.readLater(target, tensor.begin + begin);
    },
    packed(name) {
      const { type, begin, bytes } = tensorOf(name);
      const source = new Uint8Array(bytes);
      file.readInto(source, begin);
      const arrangement = family.arrangement(name, architecture);
      if (arrangement?.kind === 'rows') restoreRows(source, arrangement);
      return checkFinitePacked(fromGgml(type, source), name, path);
    },
    ggufPairs: header.pairs,
    get tokenizer() {
      return (tokenizer ??= tokenizerFromGguf(metadata, path));
    },
    close() {
      file.close();
    },
  };
}

/** The converter writes a matrix of one row as a vector. */
function withFirstAxis(shape: Shape, expected: Shape | undefined): Shape {
  const isRow = shape.length === 1 && expected?.length === 2 && expected[0] === 1;
  return isRow ? [1, ...shape] : shape;
}

/** All values of a tensor as float32, row-major. */
function readTensor(file: FileBytes, tensor: GgufTensor): Float32Array {
  const { type, begin, bytes } = tensor;
  const values = unalignedFloats(elementsIn(type, bytes));
  if (type === 'F32') {
    file.readInto(new Uint8Array(values.buffer, values.byteOffset), begin);
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
