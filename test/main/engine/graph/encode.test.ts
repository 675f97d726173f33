/** What of a program TensorFlow is told beside its nodes. */
import { expect, test } from 'vitest';
import { encodeProgram } from '../../../../src/main/engine/graph/encode.ts';
import { call, defineFunction } from '../../../../src/main/engine/graph/function.ts';
import { present } from '../../../../src/main/engine/graph/node.ts';
import * as o from '../../../../src/main/engine/graph/ops/index.ts';
import { Program } from '../../../../src/main/engine/graph/program.ts';
import { savedModelType } from '../../../../src/main/engine/graph/tensorflow-schema.ts';

/** The attributes of the one function of a program that calls it. */
function attributesOf(compiled: boolean): string[] {
  const program = new Program();
  const x = program.placeholder('x', 'float32', [2]);
  const layer = defineFunction('layer', [x], ([y]) => [o.mul(present(y), 2)], { compiled });
  call(layer, [x]);
  const saved: unknown = savedModelType.toObject(savedModelType.decode(encodeProgram(program)));
  const [meta] = (saved as { meta_graphs: { graph_def: Graph }[] }).meta_graphs;
  return Object.keys(meta?.graph_def.library.function[0]?.attr ?? {}).sort();
}

type Graph = { library: { function: { attr: Record<string, unknown> }[] } };

test('XLA compiles what is to be compiled, and no function is merged into those that call it', () => {
  expect(attributesOf(false)).toEqual(['_noinline']);
  expect(attributesOf(true)).toEqual(['_XlaMustCompile', '_noinline']);
});
