/** What a merge writes, byte for byte: rounded as the file formats round, copied where nothing changes. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Adapter, AdapterModule } from '../../../../src/main/engine/checkpoint/adapter.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../../../../src/main/engine/checkpoint/checkpoint.ts';
import { widened, type FloatType } from '../../../../src/main/engine/numbers/float-formats.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { narrowed } from '../../../../src/main/engine/checkpoint/safetensors-writer.ts';
import { writeMergedModel } from '../../../../src/main/engine/export/merge-model.ts';
import type { Architecture } from '../../../../src/main/engine/model/architecture.ts';
import { createRandom } from '../../../../src/main/engine/random.ts';
import { fixtures, problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { gamma, unit } from '../../../support/rounding.ts';

const first = 'model.layers.0.self_attn.q_proj';

/** That of a fixture; without a name one for the modules of layer 0, with drawn numbers. */
function adapterOf(name: string | null, { linears }: Architecture): Adapter {
  if (name !== null) return readAdapter(join(fixtures, 'adapters', name));
  const random = createRandom(3);
  const normal = (length: number) => Float32Array.from({ length }, () => 0.1 * random.normal());
  const [rank, alpha, scaling] = [4, 8, 2];
  const modules = linears.map(({ path, in: inputs, out }): [string, AdapterModule] => [
    `model.layers.0.${path}`,
    {
      rank,
      alpha,
      scaling,
      in: inputs,
      out,
      a: normal(rank * inputs),
      b: normal(out * rank),
      magnitude: null,
    },
  ]);
  const settings = {
    baseModel: null,
    dropout: 0,
    useRslora: false,
    useDora: false,
    taskType: null,
    saved: new Map(),
    labels: null,
  };
  return { ...settings, rank, alpha, modules: new Map(modules) };
}

async function merged(
  model: string,
  adapterName: string | null,
  dtype: FloatType,
  change?: (module: AdapterModule) => void,
) {
  const base = await openCheckpoint(join(fixtures, model));
  try {
    const adapter = adapterOf(adapterName, base.architecture);
    const module = adapter.modules.get(first);
    if (module) change?.(module);
    const folder = temporaryFolder();
    const result = await writeMergedModel(folder, base, adapter, dtype, () => undefined);
    return {
      ...result,
      modules: adapter.modules,
      tensors: tensorsOf(await openCheckpoint(folder)),
    };
  } finally {
    base.close();
  }
}

/** The values of all tensors; closes the checkpoint. */
function tensorsOf(checkpoint: Checkpoint) {
  const names = [...checkpoint.tensors.keys()];
  const tensors = new Map(names.map((name) => [name, checkpoint.read(name)]));
  checkpoint.close();
  return tensors;
}

const rounded = (name: string, values: Float32Array, dtype: FloatType) =>
  dtype === 'float32' ? values : widened(narrowed(name, values, dtype), dtype);

const cases = [
  ['models/tiny-tied', 'all-linear'],
  ['models/tiny-tied', 'patterns'],
  ['models/tiny-tied', 'dora'],
  ['models/tiny-untied-bf16-sharded', null],
  ['gguf/tiny-untied.gguf', null],
] as const;

test.each(cases)('%s with the adapter %s is its float32 merge, rounded', async (model, adapter) => {
  const base = tensorsOf(await openCheckpoint(join(fixtures, model)));
  const exact = await merged(model, adapter, 'float32');
  expect(exact.roundingLoss).toBe(0);
  for (const dtype of ['bfloat16', 'float16'] as const) {
    const written = await merged(model, adapter, dtype);
    const sums = { rounding: 0, delta: 0 };
    for (const [name, values] of written.tensors) {
      const whole = exact.tensors.get(name) ?? new Float32Array();
      const before = base.get(name) ?? new Float32Array();
      expect(values, name).toEqual(rounded(name, whole, dtype));
      if (!exact.modules.has(name.replace('.weight', ''))) {
        expect(whole, name).toEqual(before);
        continue;
      }
      expect(whole, name).not.toEqual(before);
      whole.forEach((value, i) => {
        sums.rounding += ((values[i] ?? NaN) - value) ** 2;
        sums.delta += (value - (before[i] ?? NaN)) ** 2;
      });
    }
    const loss = Math.sqrt(sums.rounding / sums.delta);
    // The root of a quotient of two sums, each of at most so many squares in float32 for a piece of a file.
    const terms = Math.max(...[...exact.tensors.values()].map((values) => values.length));
    expect(Math.abs(written.roundingLoss / loss - 1)).toBeLessThan(gamma(terms));
  }
});

/** Multiplies B. */
const times = (factor: number) => {
  return ({ b }: AdapterModule) => {
    b.set(b.map((value) => value * factor));
  };
};

test('a matrix that does not stay finite is named', async () => {
  for (const dtype of ['float32', 'bfloat16', 'float16'] as const) {
    const problem = await problemOf(() =>
      merged('models/tiny-tied', 'all-linear', dtype, ({ a, b }) => {
        for (const matrix of [a, b]) matrix.fill(1e20);
      }),
    );
    expect(problem).toMatchObject({ code: 'merge/not-finite', where: `${first}.weight` });
  }
});

test('values too large for float16 are named with the largest', async () => {
  const large = (await merged('models/tiny-tied', 'all-linear', 'float32', times(1e8))).tensors;
  const largest = Math.max(...(large.get(`${first}.weight`) ?? []).map(Math.abs));
  const problem = await problemOf(() =>
    merged('models/tiny-tied', 'all-linear', 'float16', times(1e8)),
  );
  expect(problem).toMatchObject({ code: 'output/not-representable', where: `${first}.weight` });
  expect(problem.what).toContain(largest.toPrecision(4));
});

test('large values with squares beyond float32 are written', async () => {
  const exact = await merged('models/tiny-tied', 'all-linear', 'float32', times(1e25));
  const written = await merged('models/tiny-tied', 'all-linear', 'bfloat16', times(1e25));
  const name = `${first}.weight`;
  const whole = exact.tensors.get(name) ?? new Float32Array();
  expect(written.tensors.get(name)).toEqual(rounded(name, whole, 'bfloat16'));
  // Each number is rounded by at most the unit of bfloat16, and on average by no less than a sixteenth of that.
  expect(written.roundingLoss).toBeGreaterThan(unit.bfloat16 / 16);
  expect(written.roundingLoss).toBeLessThan(unit.bfloat16);
});
