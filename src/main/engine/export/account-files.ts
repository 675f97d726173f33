/** The account of the written files: every tensor and every setting of the base's files is in them, or has a reason not to be. */
import { join } from 'node:path';
import type { MergeDtype, MergeReport } from '../../../shared/contract/merge-report.ts';
import { listed } from '../../../shared/errors/listed.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint, StoredTensor } from '../checkpoint/checkpoint.ts';
import { readJsonObject } from '../checkpoint/json-file.ts';
import { accountForSettings } from './account-settings.ts';
import { accountForTensors, sampledRows, type BaseTensor } from './account-tensors.ts';
import { whyNotWritten } from './merged-head.ts';
import { floatTypeOf } from '../numbers/float-formats.ts';
import { ggufTensorSizes } from './raw-gguf.ts';
import { isTransposed, type Architecture, type StackedNames } from '../model/architecture.ts';
import {
  decoded,
  openRawModel,
  turnedRound,
  type RawModel,
  type RawTensor,
} from './raw-safetensors.ts';

export type FilesAccount = { files: MergeReport['files']; failures: string[] };

/** Settings of a head that an adapter may bring. */
const ofHead = ['id2label', 'label2id', 'num_labels', 'problem_type'];

/** Of what bitsandbytes stores beside a weight. */
const ofCodes = 'belongs to codes, which are written as the numbers that they stand for';

/** Tensors that a model does without, and why. */
const ballast: readonly [name: RegExp, reason: string][] = [
  [/\.rotary_emb\.inv_freq$/, 'is worked out from rope_theta and head_dim, as transformers does'],
  [/^rope_f(reqs|actors_short|actors_long)\.weight$/, 'is said by rope_scaling in config.json'],
  [/\.weight\.((nested_)?(absmax|quant_map)|quant_state\.\w+)$/, ofCodes],
  [/\.(SCB|weight_format)$/, ofCodes],
];

/**
 * Holds the files in `folder` against those of the base and the adapter. The files of both models are read here with a reader
 * of their own; only blocks of GGUF and codes are dequantised by the one that the export used.
 */
export function accountForFiles(
  folder: string,
  base: Checkpoint,
  adapter: Adapter,
  dtype: MergeDtype,
): FilesAccount {
  const open = (path: string) => uniform(openRawModel(path), base.architecture);
  const written = open(folder);
  const raw = base.format === 'huggingface' ? open(base.path) : null;
  try {
    const leftOut: { name: string; reason: string }[] = [];
    const ofBase = new Map([
      ...(raw ? rawTensors(raw, base, leftOut) : []),
      ...readTensors(base, ({ storedAs, packing }) => {
        return raw === null || packing?.kind === 'codes' || !floatTypeOf.has(storedAs);
      }),
    ]);
    const fresh = [...adapter.saved.keys()].filter((name) => !ofBase.has(name)).length;
    const needed = ofBase.size + leftOut.length + fresh;
    const tensors = withHead(ofBase, base, adapter, leftOut);
    const account = accountForTensors(tensors, written, adapter, dtype);
    const problems = [...account.problems];
    if (raw === null) problems.push(...ggufProblems(base.path, ofBase, leftOut));
    const settings =
      raw === null
        ? { carried: 0, changed: [], left: [], wrong: [] }
        : accountForSettings(
            readJsonObject(join(base.path, 'config.json')),
            readJsonObject(join(folder, 'config.json')),
            adapter.labels === null ? [] : ofHead,
          );
    const { merged, values, largestError } = account;
    const { carried, changed, left } = settings;
    return {
      files: {
        baseTensors: needed,
        writtenTensors: account.written,
        leftOut,
        mergedTensors: merged,
        comparedValues: values,
        sampledRows,
        largestError,
        settings: { carried, changed, left },
      },
      failures: [
        ...(problems.length > 0
          ? [`The written tensors are not those of base and adapter: ${listed(problems, 5)}.`]
          : []),
        ...(settings.wrong.length > 0
          ? [`The written config.json says something else: ${listed(settings.wrong, 5)}.`]
          : []),
      ],
    };
  } finally {
    written.close();
    raw?.close();
  }
}

/** Every matrix as [out, in], which is how adapters see them. */
function uniform(model: RawModel, architecture: Architecture): RawModel {
  const tensors = [...model.tensors].map(([inFile, tensor]) => {
    const name = architecture.inFiles?.(inFile) ?? inFile;
    const isTurned = typeof name === 'string' && isTransposed(architecture, name);
    return [inFile, isTurned ? turnedRound(tensor) : tensor] as const;
  });
  return { ...model, tensors: new Map(tensors) };
}

/** The tensors of the base's files, less the ballast. */
function rawTensors(
  raw: RawModel,
  base: Checkpoint,
  leftOut: { name: string; reason: string }[],
): Map<string, BaseTensor> {
  const tensors = new Map<string, BaseTensor>();
  for (const [inFile, tensor] of raw.tensors) {
    const name = base.architecture.inFiles?.(inFile) ?? inFile;
    if (typeof name === 'function') {
      for (const [own, slice] of slicesOf(tensor, name)) tensors.set(own, baseTensor(slice));
      continue;
    }
    const reason = typeof name === 'string' ? reasonToLeave(name, base) : name.without;
    if (reason !== null) leftOut.push({ name: inFile, reason });
    else if (typeof name === 'string') tensors.set(name, baseTensor(tensor));
  }
  return tensors;
}

function baseTensor(tensor: RawTensor): BaseTensor {
  const row = (at: number) => decoded(tensor.read(at, 1), tensor.dtype);
  return { shape: tensor.shape, rows: () => row, raw: tensor };
}

/** The matrices that a tensor [slices, rows, columns] holds. */
function slicesOf(tensor: RawTensor, namesOf: StackedNames): [string, RawTensor][] {
  const [slices = 0] = tensor.shape;
  return Array.from({ length: slices }, (_, slice) => {
    const names = namesOf(slice);
    const rows = tensor.rows / slices / names.length;
    return names.map((name, i): [string, RawTensor] => {
      const begin = (slice * names.length + i) * rows;
      const read = (first: number, count: number) => tensor.read(begin + first, count);
      return [name, { ...tensor, shape: [rows, tensor.columns], rows, read }];
    });
  }).flat();
}

/** With the head that the adapter brings in place of the base's own. */
function withHead(
  ofBase: ReadonlyMap<string, BaseTensor>,
  base: Checkpoint,
  adapter: Adapter,
  leftOut: { name: string; reason: string }[],
): Map<string, BaseTensor> {
  const tensors = new Map(ofBase);
  for (const name of ofBase.keys()) {
    const reason = whyNotWritten(name, base, adapter);
    if (reason === null) continue;
    tensors.delete(name);
    if (!adapter.saved.has(name)) leftOut.push({ name, reason });
  }
  for (const [name, { shape, values }] of adapter.saved) {
    const columns = shape.at(-1) ?? 1;
    const row = (at: number) =>
      Float64Array.from(values.subarray(at * columns, (at + 1) * columns));
    tensors.set(name, { shape, rows: () => row, raw: null });
  }
  return tensors;
}

function reasonToLeave(name: string, base: Checkpoint): string | null {
  if (name === base.architecture.outside.output && !base.tensors.has(name)) {
    return 'is tied to the embedding by config.json';
  }
  return ballast.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** Those that `are` dequantised, under the names and in the layout of Hugging Face. */
function readTensors(
  base: Checkpoint,
  are: (tensor: StoredTensor) => boolean,
): Map<string, BaseTensor> {
  return new Map(
    [...base.tensors]
      .filter(([, tensor]) => are(tensor))
      .map(([name, { shape }]): [string, BaseTensor] => {
        const rows = () => {
          const row = base.rows(name);
          return (at: number) => new Float64Array(row(at));
        };
        return [name, { shape, rows, raw: null }];
      }),
  );
}

/** Names differ between the two formats; number and sizes do not. */
function ggufProblems(
  path: string,
  tensors: ReadonlyMap<string, BaseTensor>,
  leftOut: { name: string; reason: string }[],
): string[] {
  const inFile: number[] = [];
  for (const [name, size] of ggufTensorSizes(path)) {
    const reason = ballast.find(([pattern]) => pattern.test(name))?.[1];
    if (reason === undefined) inFile.push(size);
    else leftOut.push({ name, reason });
  }
  const known = [...tensors.values()].map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const sorted = (sizes: number[]) => sizes.sort((a, b) => a - b).join();
  return sorted(inFile) === sorted(known)
    ? []
    : [`the GGUF file has ${inFile.length} tensors of other sizes than the ${known.length} read`];
}
