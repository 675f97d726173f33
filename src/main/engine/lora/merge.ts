/** The matrix that answers as base and adapter do, in float32, on the device. */
import type { Tensor } from '../graph/node.ts';
import * as o from '../graph/ops/index.ts';
import { Program } from '../graph/program.ts';
import { Session, type Feed } from '../graph/session.ts';
import type { AdapterModule } from '../checkpoint/adapter.ts';

/** Merges matrices one at a time; one small program serves all matrices of one kind. Has to be disposed of. */
export class Merger {
  private readonly prepared = new Map<string, MergeProgram>();

  /**
   * W [out, in] + scaling · B [out, rank] · A [rank, in]; with DoRA each row is then brought to its magnitude.
   * Gives the merged matrix.
   */
  merge(weight: Float32Array, module: AdapterModule): Float32Array {
    const key = [module.out, module.in, module.rank, module.magnitude !== null].join();
    const program = this.prepared.get(key) ?? mergeProgram(module);
    this.prepared.set(key, program);
    const feeds: Feed[] = [
      [program.weight, weight],
      [program.a, module.a],
      [program.b, module.b],
      [program.scaling, Float32Array.of(module.scaling)],
    ];
    if (module.magnitude) feeds.push([program.magnitude, module.magnitude]);
    const [values] = program.session.run(feeds, [program.merged]);
    if (!(values instanceof Float32Array)) throw new TypeError('expected float32 weights');
    return values;
  }

  dispose(): void {
    for (const { session } of this.prepared.values()) session.dispose();
    this.prepared.clear();
  }
}

type MergeProgram = Record<'weight' | 'a' | 'b' | 'scaling' | 'magnitude' | 'merged', Tensor> & {
  session: Session;
};

function mergeProgram(module: AdapterModule): MergeProgram {
  const program = new Program();
  const weight = program.placeholder('weight', 'float32', [module.out, module.in]);
  const a = program.placeholder('a', 'float32', [module.rank, module.in]);
  const b = program.placeholder('b', 'float32', [module.out, module.rank]);
  const scaling = program.placeholder('scaling', 'float32', []);
  const magnitude = program.placeholder('magnitude', 'float32', [module.out]);
  const updated = o.add(weight, o.mul(o.matmul(b, a), scaling));
  const lengths = o.sqrt(o.sum(o.mul(updated, updated), [-1]));
  const rows = o.reshape(o.div(magnitude, lengths), [module.out, 1]);
  const merged = module.magnitude ? o.mul(updated, rows) : updated;
  return { session: new Session(program), weight, a, b, scaling, magnitude, merged };
}
