/** The header of a safetensors file, checked against the rules of the format and the file's size. */
import { z } from 'zod';
import { doubledKey } from '../../../shared/doubled-key.ts';
import { beyondJsonBounds } from '../../../shared/json-bounds.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';
import type { FileBytes } from './file-bytes.ts';

export type SafetensorsEntry = {
  dtype: string;
  shape: readonly number[];
  /** First byte, counted from the start of the file. */
  begin: number;
  bytes: number;
};

export type SafetensorsHeader = {
  tensors: Map<string, SafetensorsEntry>;
  metadata: Record<string, string>;
};

/** The format's own limit for the header. */
const mostHeaderBytes = 100_000_000;

/** Bits of one element (safetensors `Dtype::bitsize`), for the types whose sizes are whole bytes. */
const elementBytes: ReadonlyMap<string, number> = new Map([
  ['BOOL', 1],
  ['U8', 1],
  ['I8', 1],
  ['F8_E5M2', 1],
  ['F8_E4M3', 1],
  ['I16', 2],
  ['U16', 2],
  ['F16', 2],
  ['BF16', 2],
  ['I32', 4],
  ['U32', 4],
  ['F32', 4],
  ['I64', 8],
  ['U64', 8],
  ['F64', 8],
]);

const size = z.int().nonnegative();
const entry = z.object({
  dtype: z.string(),
  shape: listOf(size),
  data_offsets: z.tuple([size, size]),
});
const header = z.record(z.string(), z.unknown());
const textMetadata = recordOf(z.string(), z.string());

/**
 * `u64 length · JSON · data`, offsets relative to the data, which they cover without hole or overlap.
 * Errors: checkpoint/bad-safetensors, checkpoint/cut-short, checkpoint/unreadable.
 */
export function readSafetensorsHeader(file: FileBytes): SafetensorsHeader {
  const { path } = file;
  const length = headerLength(file);
  const text = Buffer.alloc(length);
  file.readInto(text, 8);
  const fields = parseJson(text, path);
  const tensors = new Map<string, SafetensorsEntry>();
  const problems: string[] = [];
  let metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === '__metadata__') {
      metadata = textMetadata.catch({}).parse(value);
      continue;
    }
    const parsed = entry.safeParse(value);
    if (!parsed.success) {
      problems.push(`${name} is not described as dtype, shape and data_offsets`);
      continue;
    }
    const { dtype, shape } = parsed.data;
    const [begin, end] = parsed.data.data_offsets;
    const width = elementBytes.get(dtype);
    const bytes = shape.reduce((product, each) => product * each, width ?? 0);
    if (width === undefined) problems.push(`${name} has the unknown type ${dtype}`);
    else if (end - begin !== bytes) {
      const wanted = `${dtype} [${shape.join(', ')}] takes ${bytes}`;
      problems.push(`${name} has ${end - begin} bytes (${begin} to ${end}), but ${wanted}`);
    }
    tensors.set(name, { dtype, shape, begin: 8 + length + begin, bytes });
  }
  if (problems.length === 0) problems.push(...gaps(tensors, 8 + length, file.size));
  if (problems.length > 0) throw lorikeetError('checkpoint/bad-safetensors', { path, problems });
  const needed = [...tensors.values()].reduce((most, t) => Math.max(most, t.begin + t.bytes), 0);
  if (needed > file.size) {
    throw lorikeetError('checkpoint/cut-short', { path, bytes: file.size, needed });
  }
  return { tensors, metadata };
}

function headerLength(file: FileBytes): number {
  const { path } = file;
  const start = Buffer.alloc(8);
  file.readInto(start, 0);
  const length = start.readBigUInt64LE(0);
  if (length > BigInt(mostHeaderBytes)) {
    const problems = [`the header would take ${length.toString()} bytes, over 100 MB`];
    throw lorikeetError('checkpoint/bad-safetensors', { path, problems });
  }
  const needed = 8 + Number(length);
  if (needed > file.size) {
    throw lorikeetError('checkpoint/cut-short', { path, bytes: file.size, needed });
  }
  return Number(length);
}

function parseJson(text: Buffer, path: string): Record<string, unknown> {
  const bad = (problem: string, cause?: unknown): Error =>
    lorikeetError('checkpoint/bad-safetensors', { path, problems: [problem] }, { cause });
  const none = 'the header is not a JSON object';
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(text);
  } catch (error) {
    throw bad(none, error);
  }
  const beyond = beyondJsonBounds(json);
  if (beyond !== null) throw bad(`of its header, ${beyond}`);
  let fields: Record<string, unknown>;
  try {
    fields = header.parse(JSON.parse(json));
  } catch (error) {
    throw bad(none, error);
  }
  const twice = doubledKey(json);
  if (twice !== null) throw bad(`its header has the key "${twice}" twice`);
  return fields;
}

/** Data must follow each other without hole or overlap, and nothing may come after them. */
function gaps(
  tensors: ReadonlyMap<string, SafetensorsEntry>,
  dataStart: number,
  fileBytes: number,
): string[] {
  const problems: string[] = [];
  let end = dataStart;
  const inOrder = [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.bytes - b.bytes);
  for (const [name, { begin, bytes }] of inOrder) {
    if (begin > end) problems.push(`there is a hole of ${begin - end} bytes before ${name}`);
    if (begin < end)
      problems.push(`${name} lies over ${end - begin} bytes of the tensor before it`);
    end = Math.max(end, begin + bytes);
  }
  if (end < fileBytes) problems.push(`${fileBytes - end} bytes follow after the last tensor`);
  return problems;
}
