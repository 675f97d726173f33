/** Reads what a GGUF file says it holds, and believes none of it before it was held against the file's size. */
import { gguf } from '@huggingface/gguf';
import { LorikeetError, lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { saidOf } from '../../../shared/errors/message-of.ts';
import type { GgufPairs } from '../tokenizer/gguf-pairs.ts';
import type { FileBytes } from './file-bytes.ts';
import { scanGguf } from './gguf-scan.ts';
import { typedPairs } from './typed-pairs.ts';

type GgufTensorInfo = {
  name: string;
  /** Row-major shape, outermost first: the reverse of the order in the file. */
  shape: number[];
  /** ggml's number of the type. */
  type: number;
  /** First byte, counted from the start of the file. */
  begin: number;
};

export type GgufHeader = {
  metadata: Record<string, unknown>;
  /** The same with their types. */
  pairs: () => GgufPairs;
  tensors: GgufTensorInfo[];
  /** Where the data begin, counted from the start of the file. */
  dataStart: number;
  alignment: number;
};

const smallestPair = 8 + 4 + 1;
const smallestTensor = 8 + 4 + 4 + 8;
/** Far above any model; with these the smallest table is a few tens of MB. */
const mostTensors = 1_000_000n;
const mostPairs = 100_000n;

/**
 * Metadata and tensor infos of an open GGUF file, version 2 or 3, little endian.
 *
 * The library stops at absurd counts, but past the end of a file it goes on reading zeros, again and again. So counts and
 * lengths are held against the file first, and afterwards that what it read ended inside of it.
 * Errors: checkpoint/bad-gguf, checkpoint/cut-short.
 */
export async function readGgufHeader(file: FileBytes): Promise<GgufHeader> {
  const { path } = file;
  const bad = (reason: string, cause?: unknown): Error =>
    lorikeetError('checkpoint/bad-gguf', { path, reason }, { cause });
  const counts = checkCounts(file, bad);
  let parsed;
  try {
    scanGguf(file, counts, (needed) =>
      lorikeetError('checkpoint/cut-short', { path, bytes: file.size, needed }),
    );
    parsed = await gguf(path, { allowLocalFile: true, typedMetadata: true });
  } catch (error) {
    if (error instanceof LorikeetError) throw error;
    throw bad(saidOf(error, 'its table is cut or damaged'), error);
  }
  const end = parsed.tensorInfoByteRange[1];
  if (end > file.size) {
    throw lorikeetError('checkpoint/cut-short', { path, bytes: file.size, needed: end });
  }
  const metadata: Record<string, unknown> = { ...parsed.metadata };
  const dataStart = Number(parsed.tensorDataOffset);
  const names = new Set<string>();
  const tensors = parsed.tensorInfos.map((info): GgufTensorInfo => {
    if (names.has(info.name)) throw bad(`two tensors are called ${info.name}`);
    names.add(info.name);
    return {
      name: info.name,
      shape: info.shape.map(Number).reverse(),
      type: info.dtype,
      begin: dataStart + Number(info.offset),
    };
  });
  const alignment = Number(metadata['general.alignment'] ?? 32);
  const pairs = () => typedPairs(parsed.typedMetadata);
  return { metadata, pairs, tensors, dataStart, alignment };
}

function checkCounts(
  file: FileBytes,
  bad: (reason: string) => Error,
): { tensors: number; pairs: number } {
  const start = Buffer.alloc(24);
  if (file.size < start.length) {
    throw lorikeetError('checkpoint/cut-short', {
      path: file.path,
      bytes: file.size,
      needed: start.length,
    });
  }
  file.readInto(start, 0);
  if (start.toString('latin1', 0, 4) !== 'GGUF') {
    throw bad('it does not begin with “GGUF”');
  }
  const version = start.readUInt32LE(4);
  if ((version & 0xffff) === 0) throw bad('its numbers are big endian');
  if (version !== 2 && version !== 3) throw bad(`its version is ${version}, not 2 or 3`);
  const tensors = start.readBigUInt64LE(8);
  const pairs = start.readBigUInt64LE(16);
  if (tensors > mostTensors || pairs > mostPairs) {
    throw bad(
      `it claims ${tensors.toString()} tensors and ${pairs.toString()} metadata entries, which no model has`,
    );
  }
  const needed = start.length + Number(tensors) * smallestTensor + Number(pairs) * smallestPair;
  if (needed > file.size) {
    throw lorikeetError('checkpoint/cut-short', { path: file.path, bytes: file.size, needed });
  }
  return { tensors: Number(tensors), pairs: Number(pairs) };
}
