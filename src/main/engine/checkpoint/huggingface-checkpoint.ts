/** A model in a Hugging Face directory: config.json and safetensors files. */
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { isTransposed, type Architecture } from '../model/architecture.ts';
import { otherHead } from '../model/encoder/encoder-names.ts';
import { parseArchitecture } from '../model/families/index.ts';
import type { JsonObject } from '../model/family.ts';
import type { TokenizerFiles } from '../tokenizer/files.ts';
import { checkWeights } from './check-weights.ts';
import type { Checkpoint, StoredTensor } from './checkpoint.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import { transposed } from '../numbers/transpose.ts';
import { readTokenizerFiles } from './huggingface-tokenizer.ts';
import { readJsonObject, readJsonObjectIfThere } from './json-file.ts';
import { openSafetensors, readableDtypes, type SafetensorsFile } from './safetensors-file.ts';

/** Opens and checks a directory; its weight files stay open until `close`. Errors: checkpoint/*. */
export function openHuggingFaceCheckpoint(path: string): Checkpoint {
  const configPath = join(path, 'config.json');
  const json = withGenerationEnds(readJsonObject(configPath), path);
  const described = parseArchitecture(json, configPath);
  const files = openWeightFiles(path);
  const parsed = asStored(described, files);
  const architecture = {
    ...parsed,
    notices: [...parsed.notices, ...tellOtherHeads(parsed, files)],
  };
  const close = (): void => {
    for (const file of files) file.close();
  };
  try {
    const { sources, stored } = collect(path, architecture, files);
    const sourceOf = (name: string): Source => {
      const source = sources.get(name);
      if (source === undefined) throw lorikeetError('checkpoint/no-tensor', { path, name });
      return source;
    };
    let tokenizer: TokenizerFiles | undefined;
    return {
      path,
      format: 'huggingface',
      architecture,
      config: architecture.config,
      tensors: stored,
      read(name) {
        const { file, inFile } = sourceOf(name);
        const values = file.read(inFile);
        const [rows = 0, columns = 0] = stored.get(name)?.shape ?? [];
        return isTransposed(architecture, name) ? transposed(values, columns, rows) : values;
      },
      readPlain(name, target, begin) {
        const { file, inFile } = sourceOf(name);
        return file.readPlain(inFile, target, begin);
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

/** Where a tensor is, and the name that it has there. */
type Source = { file: SafetensorsFile; inFile: string };

/** Which file has which weight; checked against the config. */
function collect(
  path: string,
  architecture: Architecture,
  files: readonly SafetensorsFile[],
): { sources: Map<string, Source>; stored: Map<string, StoredTensor> } {
  const sources = new Map<string, Source>();
  const stored = new Map<string, StoredTensor>();
  const unreadable: string[] = [];
  const problems: string[] = [];
  let tied: SafetensorsFile | undefined;
  for (const file of files) {
    for (const [inFile, { dtype, shape, bytes }] of file.tensors) {
      const name = architecture.inFiles?.(inFile) ?? inFile;
      if (typeof name !== 'string') continue;
      if (isTied(name, architecture)) tied = file;
      if (isTied(name, architecture) || name.endsWith('.rotary_emb.inv_freq')) continue;
      if (sources.has(name)) problems.push(`${name} is in two files`);
      const plain = floatTypeOf.get(dtype) ?? null;
      if (plain === null) unreadable.push(`${name} (${dtype})`);
      sources.set(name, { file, inFile });
      stored.set(
        name,
        isTransposed(architecture, name)
          ? { shape: shape.toReversed(), storedAs: dtype, bytes, plain: null }
          : { shape, storedAs: dtype, bytes, plain },
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

/** Whether it is the output matrix of a model whose embedding serves as that. */
function isTied(name: string, { config, outside }: Architecture): boolean {
  return config.tieWordEmbeddings && name === outside.output;
}

function sameValues(some: Float32Array, others: Float32Array): boolean {
  return some.length === others.length && some.every((value, i) => value === others[i]);
}

const index = z.object({ weight_map: z.record(z.string(), z.string()) });

function openWeightFiles(path: string): SafetensorsFile[] {
  const files: SafetensorsFile[] = [];
  try {
    for (const name of weightFileNames(path)) files.push(openSafetensors(join(path, name)));
    return files;
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
}

function weightFileNames(path: string): string[] {
  if (existsSync(join(path, 'model.safetensors'))) return ['model.safetensors'];
  const indexPath = join(path, 'model.safetensors.index.json');
  if (!existsSync(indexPath)) {
    const found = readdirSync(path).filter((name) => /\.(bin|pth?|h5|msgpack|onnx)$/.test(name));
    throw lorikeetError('checkpoint/no-weights', { path, found });
  }
  const parsed = index.safeParse(readJsonObject(indexPath));
  const names = parsed.success ? [...new Set(Object.values(parsed.data.weight_map))] : [];
  // A name that leaves the directory is none that a writer gives.
  if (names.length === 0 || names.some((name) => name !== basename(name) || name.includes('\\'))) {
    const reason = 'its weight_map does not name the files of this folder';
    throw lorikeetError('checkpoint/bad-json', { path: indexPath, reason });
  }
  const missing = names.filter((name) => !existsSync(join(path, name)));
  if (missing.length > 0) throw lorikeetError('checkpoint/missing-files', { path, files: missing });
  return names;
}

const ends = z.object({ eos_token_id: z.union([z.int(), z.array(z.int())]) });

/** generation_config.json names further tokens that end an answer; generation obeys both files. */
function withGenerationEnds(config: JsonObject, path: string): JsonObject {
  const own = ends.safeParse({ eos_token_id: config['eos_token_id'] ?? [] });
  const more = ends.safeParse(readJsonObjectIfThere(join(path, 'generation_config.json')) ?? {});
  if (!own.success || !more.success) return config;
  const all = [own.data.eos_token_id, more.data.eos_token_id].flat();
  return { ...config, eos_token_id: [...new Set(all)] };
}
