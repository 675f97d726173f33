/** A model in a Hugging Face directory: config.json and safetensors files. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { isTransposed, type Architecture } from '../model/architecture.ts';
import { otherHead } from '../model/encoder/encoder-names.ts';
import { parseArchitecture } from '../model/families/index.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import {
  bitsandbytesWeights,
  noneQuantised,
  type QuantisedWeights,
} from './bitsandbytes-weights.ts';
import { checkFinite, checkFinitePacked } from './check-finite.ts';
import { checkWeights } from './check-weights.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { floatBytes, floatTypeOf, type FloatType } from '../numbers/float-formats.ts';
import { transposed } from '../numbers/transpose.ts';
import type { FloatPacking } from '../packed/packing.ts';
import { unpack } from '../packed/unpack.ts';
import { readTokenizerFiles } from './huggingface-tokenizer.ts';
import { readJsonObject, readJsonObjectIfThere } from './json-file.ts';
import { generationEnds, tellUnknownIds } from './named-tokens.ts';
import { quantisationOf } from './quantisation.ts';
import type { QuantisedWeight } from './quantised-parts.ts';
import { rowsOfWhole } from './row-reader.ts';
import { readableDtypes, type BytesOf, type SafetensorsFile } from './safetensors-file.ts';
import { stackedParts } from './stacked-tensors.ts';
import { isRotation, tellOtherRotations } from './stored-rotations.ts';
import { indexName, openWeightFiles } from './weight-files.ts';

/** Opens and checks a directory; its weight files stay open until `close`. Errors: checkpoint/*. */
export function openHuggingFaceCheckpoint(path: string): Checkpoint {
  const configPath = join(path, 'config.json');
  const json = readJsonObject(configPath);
  const { quantised, settings } = quantisationOf(json, configPath);
  const generationPath = join(path, 'generation_config.json');
  const generation = readJsonObjectIfThere(generationPath) ?? {};
  const described = parseArchitecture(
    { ...settings, ...generationEnds(json, generation, generationPath) },
    configPath,
  );
  const { files, absent, notices } = openWeightFiles(path);
  const parsed = asStored(described, files);
  const architecture = {
    ...parsed,
    notices: [
      ...parsed.notices,
      ...tellUnknownIds(json, 'config.json', parsed.config.vocabSize),
      ...tellUnknownIds(generation, 'generation_config.json', parsed.config.vocabSize),
      ...notices,
      ...tellOtherHeads(parsed, files),
      ...tellOtherRotations(parsed, files),
    ],
  };
  const close = (): void => {
    for (const file of files) file.close();
  };
  try {
    const weights = quantised ? bitsandbytesWeights(path, files) : noneQuantised;
    const { sources, stored } = collect(path, architecture, files, absent, weights);
    const sourceOf = (name: string): Source => {
      const source = sources.get(name);
      if (source === undefined) throw lorikeetError('checkpoint/no-tensor', { path, name });
      return source;
    };
    const read = (name: string): Float32Array => {
      const { file, inFile, part, codes } = sourceOf(name);
      const [rows = 0, columns = 0] = stored.get(name)?.shape ?? [];
      const values = codes
        ? unpack(codes.packed()).subarray(0, rows * columns)
        : file.read(inFile, part);
      checkFinite(values, name, path);
      const turned = !codes && isTransposed(architecture, name);
      return turned ? transposed(values, columns, rows) : values;
    };
    let tokenizer: TokenizerFiles | undefined;
    return {
      path,
      format: 'huggingface',
      files: [...modelFiles(path), ...files.map((file) => file.path)],
      architecture:
        quantised && weights.weights.size === 0
          ? { ...architecture, notices: [...architecture.notices, plainAllTheSame] }
          : architecture,
      config: architecture.config,
      tensors: stored,
      read,
      rows(name) {
        const { file, inFile, part, codes } = sourceOf(name);
        const { shape = [], plain = null } = stored.get(name) ?? {};
        const columns = shape.at(-1) ?? 0;
        if (codes || plain === null) return rowsOfWhole(columns, () => read(name));
        const bytes = columns * floatBytes[plain];
        return (row) => file.read(inFile, { begin: (part?.begin ?? 0) + row * bytes, bytes });
      },
      readPlain(name, target, begin) {
        const { file, inFile, part } = sourceOf(name);
        return file.readPlain(inFile, target, begin + (part?.begin ?? 0));
      },
      packed(name) {
        const { file, inFile, part, codes } = sourceOf(name);
        const packing = stored.get(name)?.packing;
        if (!packing) throw lorikeetError('checkpoint/no-tensor', { path, name });
        const matrix = codes?.packed() ?? { packing, parts: [file.readBytes(inFile, part)] };
        return checkFinitePacked(matrix, name, path);
      },
      get tokenizer() {
        return (tokenizer ??= readTokenizerFiles(path));
      },
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
}

/** Transformers would quantise them while it loads them. */
const plainAllTheSame =
  "The model's config.json says that bitsandbytes has quantised its weights, and they are plain numbers: they are used as they are.";

/** What of the model is not in its weight files. */
function modelFiles(path: string): string[] {
  const names = ['config.json', indexName, 'tokenizer.json'];
  return names.map((name) => join(path, name)).filter((file) => existsSync(file));
}

/** A model that classifies by itself comes with all that its head reads; others may lack parts of that. */
function asStored(architecture: Architecture, files: readonly SafetensorsFile[]): Architecture {
  const { lacking, labels, inFiles } = architecture;
  if (lacking === undefined || labels !== null) return architecture;
  const names = files.flatMap(({ tensors }) => [...tensors.keys()]);
  const stored = new Set(names.map((name) => inFiles?.(name) ?? name));
  const whole = lacking.parts.some((part) => stored.has(part));
  return whole ? architecture : { ...architecture, ...lacking.then };
}

/** One sentence about weights that the model does without; none about numbers that follow from its config. */
function tellOtherHeads(
  { inFiles }: Pick<Architecture, 'inFiles'>,
  files: readonly SafetensorsFile[],
): string[] {
  const left = files.flatMap(({ tensors }) =>
    [...tensors.keys()].filter((name) => {
      const known = inFiles?.(name);
      return typeof known === 'object' && known.without === otherHead;
    }),
  );
  if (left.length === 0) return [];
  return [`The model's tensors ${listed(left, 3)} are not used: each ${otherHead}.`];
}

/**
 * Where a tensor is, the name that it has there, and which bytes of that tensor are its own, where not all are, or what is made
 * of it where it is quantised.
 */
type Source = { file: SafetensorsFile; inFile: string; part?: BytesOf; codes?: QuantisedWeight };

/** Which file has which weight; checked against the config, and against the names in the index of several files. */
function collect(
  path: string,
  architecture: Architecture,
  files: readonly SafetensorsFile[],
  absent: readonly string[],
  quantised: QuantisedWeights,
): { sources: Map<string, Source>; stored: Map<string, StoredTensor> } {
  const sources = new Map<string, Source>();
  const stored = new Map<string, StoredTensor>();
  const unreadable: string[] = [];
  const problems: string[] = [];
  let tied: SafetensorsFile | undefined;
  for (const file of files) {
    for (const [inFile, { dtype, shape, bytes }] of file.tensors) {
      const plain = floatTypeOf.get(dtype) ?? null;
      const codes = quantised.weights.get(inFile);
      if (!codes && quantised.belongs(inFile)) continue;
      const name = architecture.inFiles?.(inFile) ?? inFile;
      if (typeof name === 'function') {
        if (plain === null) unreadable.push(`${inFile} (${dtype})`);
        for (const part of stackedParts({ shape, bytes }, name)) {
          if (sources.has(part.name)) problems.push(`${part.name} is there twice`);
          sources.set(part.name, { file, inFile, part });
          stored.set(part.name, {
            shape: part.shape,
            storedAs: dtype,
            bytes: part.bytes,
            plain,
            packing: floatPacking(plain),
          });
        }
        continue;
      }
      if (typeof name !== 'string') continue;
      if (isTied(name, architecture)) tied = file;
      if (isTied(name, architecture) || isRotation(name)) continue;
      if (sources.has(name)) problems.push(`${name} is in two files`);
      if (codes) {
        sources.set(name, { file, inFile, codes });
        stored.set(name, { ...codes, plain: null });
        continue;
      }
      if (plain === null) unreadable.push(`${name} (${dtype})`);
      sources.set(name, { file, inFile });
      stored.set(
        name,
        isTransposed(architecture, name)
          ? { shape: shape.toReversed(), storedAs: dtype, bytes, plain: null, packing: null }
          : { shape, storedAs: dtype, bytes, plain, packing: floatPacking(plain) },
      );
    }
  }
  if (unreadable.length > 0) {
    throw lorikeetError('checkpoint/unknown-tensor-type', {
      path,
      tensors: unreadable,
      known: readableDtypes,
    });
  }
  for (const inFile of absent) {
    const name = architecture.inFiles?.(inFile) ?? inFile;
    // The embedding stands for a tied output, wherever the index was written.
    if (typeof name !== 'string' || isTied(name, architecture)) continue;
    problems.push(`${name} is named in ${indexName} and is in none of the files`);
  }
  if (problems.length > 0) throw lorikeetError('checkpoint/misfit', { path, problems });
  checkWeights(path, architecture, stored, []);
  const { embedding, output } = architecture.outside;
  const embedded = sources.get(embedding)?.file;
  if (tied && output && embedded && !sameValues(tied.read(output), embedded.read(embedding))) {
    const problem = `${output} has other values than ${embedding}, and config.json says that they are one (tie_word_embeddings)`;
    throw lorikeetError('checkpoint/misfit', { path, problems: [problem] });
  }
  return { sources, stored };
}

function floatPacking(plain: FloatType | null): FloatPacking | null {
  return plain === null || plain === 'float32' ? null : { kind: 'float', type: plain };
}

/** Whether it is the output matrix of a model whose embedding serves as that. */
function isTied(name: string, { config, outside }: Architecture): boolean {
  return config.tieWordEmbeddings && name === outside.output;
}

function sameValues(some: Float32Array, others: Float32Array): boolean {
  return some.length === others.length && some.every((value, i) => value === others[i]);
}
