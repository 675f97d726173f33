/** An adapter out of the GGUF file that was written of it, for its proof. */
import type { Adapter, AdapterModule } from '../../checkpoint/adapter.ts';
import { openFileBytes } from '../../checkpoint/file-bytes.ts';
import { readGgufHeader } from '../../checkpoint/gguf-header.ts';
import { layOut, type GgufTensor } from '../../checkpoint/gguf-layout.ts';
import { floatTypeOf, widened } from '../../numbers/float-formats.ts';
import { restore } from '../../model/arrangement.ts';
import type { AdapterTensor } from './adapter-file.ts';

/**
 * The modules as llama.cpp multiplies with them: scaling 1.
 * @param like the adapter that was written, for all that such a file does not say
 */
export async function readAdapterFile(
  path: string,
  planned: readonly AdapterTensor[],
  like: Adapter,
): Promise<Adapter> {
  const file = openFileBytes(path);
  try {
    const tensors = layOut(await readGgufHeader(file), file);
    const numbers = (name: string): Float32Array => {
      const tensor = tensors.get(name);
      if (!tensor) throw new Error(`${name} is not in ${path}`);
      const bytes = new Uint8Array(tensor.bytes);
      file.readInto(bytes, tensor.begin);
      return widened(bytes, floatOf(tensor));
    };
    const modules = planned.flatMap((tensor): [string, AdapterModule][] => {
      const { name, rank, in: inputs, out } = tensor;
      const all = { a: numbers(`${name}.lora_a`), b: numbers(`${name}.lora_b`) };
      const { arrangement, parts } = tensor.planned;
      return parts.flatMap((part, i): [string, AdapterModule][] => {
        if (tensor.parts[i] === null) return [];
        const a = all.a.slice(i * rank * inputs, (i + 1) * rank * inputs);
        const b = all.b.slice(i * out * rank, (i + 1) * out * rank);
        if (arrangement?.kind === 'rows') restore(b, arrangement);
        const module = { rank, alpha: rank, scaling: 1, a, b, magnitude: null, in: inputs, out };
        return [[part.replace(/\.weight$/, ''), module]];
      });
    });
    return { ...like, useDora: false, useRslora: false, modules: new Map(modules) };
  } finally {
    file.close();
  }
}

function floatOf({ type, name }: GgufTensor) {
  const float = floatTypeOf.get(type);
  if (!float) throw new Error(`${name} is ${type}`);
  return float;
}
