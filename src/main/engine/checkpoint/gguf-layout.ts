/** Where each tensor of a GGUF file lies, checked: types known, rows whole, nothing outside the file, nothing twice. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { FileBytes } from './file-bytes.ts';
import { ggmlBlocks, ggmlType, ggmlTypeName, type GgmlType } from '../ggml/ggml-types.ts';
import type { GgufHeader } from './gguf-header.ts';

export type GgufTensor = {
  name: string;
  shape: readonly number[];
  type: GgmlType;
  /** First byte, counted from the start of the file. */
  begin: number;
  bytes: number;
};

/**
 * The tensors of a header, by their names in the file.
 * Errors: checkpoint/unknown-tensor-type, checkpoint/bad-tensors, checkpoint/cut-short.
 */
export function layOut(header: GgufHeader, file: FileBytes): Map<string, GgufTensor> {
  const { path } = file;
  const unknown = header.tensors.filter((info) => ggmlType(info.type) === undefined);
  if (unknown.length > 0) {
    const tensors = unknown.map((info) => `${info.name} (${ggmlTypeName(info.type)})`);
    const known = Object.keys(ggmlBlocks);
    throw lorikeetError('checkpoint/unknown-tensor-type', { path, tensors, known });
  }
  const problems: string[] = [];
  const tensors: GgufTensor[] = [];
  for (const info of header.tensors) {
    const type = ggmlType(info.type);
    if (type === undefined) continue;
    const block = ggmlBlocks[type];
    const row = info.shape.at(-1) ?? 0;
    const elements = info.shape.reduce((product, size) => product * size, 1);
    const shape = `[${info.shape.join(', ')}]`;
    if (info.shape.length === 0 || elements === 0) {
      problems.push(`${info.name} has the shape ${shape}`);
    } else if (row % block.elements !== 0) {
      problems.push(`${info.name} ${shape} has rows that are no whole blocks of ${type}`);
    }
    const bytes = (elements / block.elements) * block.bytes;
    tensors.push({ name: info.name, shape: info.shape, type, begin: info.begin, bytes });
  }
  if (problems.length === 0) problems.push(...misplaced(tensors, header));
  if (problems.length > 0) throw lorikeetError('checkpoint/bad-tensors', { path, problems });
  const needed = tensors.reduce((most, t) => Math.max(most, t.begin + t.bytes), header.dataStart);
  if (needed > file.size) {
    throw lorikeetError('checkpoint/cut-short', { path, bytes: file.size, needed });
  }
  return new Map(tensors.map((tensor) => [tensor.name, tensor]));
}

/** Offsets that no writer gives: off the alignment, over another tensor, or past all data laid end to end. */
function misplaced(tensors: readonly GgufTensor[], header: GgufHeader): string[] {
  const { alignment, dataStart } = header;
  const padded = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  const most = tensors.reduce((sum, tensor) => sum + padded(tensor.bytes), dataStart);
  const problems: string[] = [];
  let end = dataStart;
  for (const tensor of [...tensors].sort((a, b) => a.begin - b.begin)) {
    const at = `${tensor.name} at byte ${tensor.begin}`;
    if ((tensor.begin - dataStart) % alignment !== 0) {
      problems.push(`${at} is not aligned to ${alignment} bytes`);
    } else if (tensor.begin < end) {
      problems.push(`${at} lies over the tensor before it, which ends at byte ${end}`);
    } else if (tensor.begin + tensor.bytes > most) {
      problems.push(`${at} with ${tensor.bytes} bytes lies outside the data, which end at ${most}`);
    }
    end = Math.max(end, tensor.begin + tensor.bytes);
  }
  return problems;
}
