/** W + ΔW in float32, on the device. */
import { defineFunction, call } from '../graph/function.ts';
import { present } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';
import { Session } from '../graph/session.ts';
import type { AdapterModule } from '../checkpoint/adapter.ts';

type MatrixShape = { out: number; in: number; rank: number };

/** Merges matrices one at a time; one small program serves all matrices of one shape. Has to be disposed of. */
export class Merger {
  private readonly sessions = new Map<string, ReturnType<typeof mergeSession>>();

  /** W [out, in] + scaling · B [out, rank] · A [rank, in]; gives the merged matrix. */
  merge(weight: Float32Array, module: AdapterModule): Float32Array {
    const key = `${module.out} ${module.in} ${module.rank}`;
    const { session, w, a, b, scaling, merged } = this.sessions.get(key) ?? mergeSession(module);
    this.sessions.set(key, { session, w, a, b, scaling, merged });
    const [values] = session.run(
      [
        [w, weight],
        [a, module.a],
        [b, module.b],
        [scaling, Float32Array.of(module.scaling)],
      ],
      [merged],
    );
    if (!(values instanceof Float32Array)) throw new TypeError('expected float32 weights');
    return values;
  }

  dispose(): void {
    for (const { session } of this.sessions.values()) session.dispose();
    this.sessions.clear();
  }
}

function mergeSession(shape: MatrixShape) {
  const program = new Program();
  const w = program.placeholder('weight', 'float32', [shape.out, shape.in]);
  const a = program.placeholder('a', 'float32', [shape.rank, shape.in]);
  const b = program.placeholder('b', 'float32', [shape.out, shape.rank]);
  const scaling = program.placeholder('scaling', 'float32', []);
  const fn = defineFunction(
    'merge',
    [w, a, b, scaling],
    ([weight, low, high, scale]) => [
      o.add(present(weight), o.mul(o.matmul(present(high), present(low)), present(scale))),
    ],
    { compiled: false },
  );
  const merged = present(call(fn, [w, a, b, scaling])[0]);
  return { session: new Session(program), w, a, b, scaling, merged };
}
