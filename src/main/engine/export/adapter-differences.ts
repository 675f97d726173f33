/** An adapter held against its files, bit for bit: nothing is rounded in them. */
import { listed } from '../../../shared/errors/listed.ts';
import type { Adapter } from '../checkpoint/adapter.ts';

/** One sentence where numbers of modules or of a head are other ones or missing; none where all are there. */
export function adapterDifferences(adapter: Adapter, written: Adapter): string[] {
  const same = (one: Float32Array | null, other: Float32Array | null | undefined) =>
    one === null ? other === null : other != null && Buffer.compare(raw(one), raw(other)) === 0;
  const modules = [...adapter.modules].flatMap(([path, { a, b, magnitude }]) => {
    const found = written.modules.get(path);
    const equal = same(a, found?.a) && same(b, found?.b) && same(magnitude, found?.magnitude);
    return equal ? [] : [path];
  });
  const saved = [...adapter.saved].flatMap(([name, { values }]) =>
    same(values, written.saved.get(name)?.values) ? [] : [name],
  );
  const wrong = [...modules, ...saved];
  return wrong.length === 0 ? [] : [`The files hold other numbers for ${listed(wrong, 4)}.`];
}

function raw({ buffer, byteOffset, byteLength }: Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
