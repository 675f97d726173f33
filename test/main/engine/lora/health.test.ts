/** Figures of an adapter's health against the merged matrix, after a few steps of training on the device. */
import { expect, test } from 'vitest';
import type { LoraSettings } from '../../../../src/shared/contract/training-config.ts';
import type { ModuleHealth } from '../../../../src/shared/contract/run-points.ts';
import { widened } from '../../../../src/main/engine/numbers/float-formats.ts';
import { adapterOf } from '../../../../src/main/engine/lora/adapter-bank.ts';
import { adapterHealth, type AdapterState } from '../../../../src/main/engine/lora/health.ts';
import { layOut, type Slot } from '../../../../src/main/engine/lora/layout.ts';
import { Merger } from '../../../../src/main/engine/lora/merge.ts';
import { resolveTargets } from '../../../../src/main/engine/lora/targets.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { readJsonObject } from '../../../../src/main/engine/checkpoint/json-file.ts';
import { parseArchitecture } from '../../../../src/main/engine/model/families/index.ts';
import { fixturePath } from '../parity/fixtures.ts';
import { gamma } from '../../../support/rounding.ts';
import { strays } from '../parity/bounds.ts';
import { blocks, checkpoint, tinyTrainer } from '../train/tiny-training.ts';

const norm = (values: Iterable<number>) => Math.hypot(...values);

/** ‖merged − W‖ / ‖W‖ of each module, from the matrices themselves. */
function directRatios({ layout, parameters }: AdapterState): number[] {
  const merger = new Merger('float32');
  try {
    return layout.adapters.flatMap((placed) => {
      const settings = { baseModel: null, rank: 0, alpha: 0, dropout: 0 };
      const adapter = adapterOf(placed, parameters, {
        ...settings,
        useRslora: false,
        useDora: false,
        taskType: null,
      });
      return [...adapter.modules].map(([path, module]) => {
        const base = checkpoint.read(`${path}.weight`);
        const stored = {
          name: path,
          type: 'float32',
          bytes: new Uint8Array(base.buffer, base.byteOffset),
        } as const;
        const rows = { ...stored, first: 0, rows: module.out, columns: module.in, last: true };
        const merged = widened(merger.merge(rows, module).bytes, 'float32');
        return norm(merged.map((value, i) => value - (base[i] ?? NaN))) / norm(base);
      });
    });
  } finally {
    merger.dispose();
  }
}

/** ‖A‖ and ‖B‖ of the ranks that learn: the first rows of A, the first columns of B. */
function learntNorms({ parameters }: AdapterState, slot: Slot): { a: number; b: number } {
  const { a, b, rank, frozenRank, module } = slot;
  const learning = rank - frozenRank;
  const rows = Array.from({ length: module.out }, (_, row) => b + row * rank);
  return {
    a: norm(parameters.subarray(a, a + learning * module.in)),
    b: norm(rows.flatMap((row) => [...parameters.subarray(row, row + learning)])),
  };
}

/** A row of the widest matrix has so many numbers. */
const columns = checkpoint.config.hiddenSize;
/** Of ‖ΔW‖ / ‖W‖ where nothing has been learnt: DoRA's lengths are sums of squares that are one to rounding. */
const atStart = gamma(columns + 4);
/** What is learnt here is at least such a part of W; rounding of W is so much larger a part of it. */
const leastRatio = 1e-3;
/** Figures are told to five digits. */
const ofNorms = 5e-5;
const ofRatios = strays(columns + 4) / leastRatio + ofNorms;

/** Trains `steps` steps of two micro-batches and reads before, and after the last. */
function train(lora: Partial<LoraSettings>, steps: number) {
  const trainer = tinyTrainer({ adapters: [lora] });
  try {
    const start = adapterHealth(trainer.adapterState())[0] ?? [];
    let gradientNorm = NaN;
    for (let i = 0; i < steps; i++) {
      const [result] = trainer.step([[blocks.slice(0, 1), blocks.slice(1)]], [0.01]);
      gradientNorm = result?.gradientNorm ?? NaN;
    }
    const state = trainer.adapterState();
    return { start, state, gradientNorm, modules: adapterHealth(state)[0] ?? [] };
  } finally {
    trainer.dispose();
  }
}

test.each<[string, Partial<LoraSettings>]>([
  ['rsLoRA with patterns', { useRslora: true, rankPattern: { q_proj: 3 } }],
  ['DoRA', { useDora: true }],
  ['PiSSA', { init: 'pissa' }],
  ['OLoRA with DoRA', { init: 'olora', useDora: true }],
])(
  '%s: ‖ΔW‖ / ‖W‖ is that of the merged matrix, gradients add up to that of the step',
  (_, lora) => {
    const targets = ['q_proj', 'v_proj', 'up_proj'].map((module) => ({ module, layers: [0, 2] }));
    const { start, state, modules, gradientNorm } = train({ rank: 4, ...lora, targets }, 3);
    for (const { deltaRatio } of start) expect(deltaRatio).toBeLessThan(atStart);
    const direct = directRatios(state);
    expect(modules.length).toBe(6);
    modules.forEach(({ deltaRatio }, i) => {
      expect(direct[i]).toBeGreaterThan(leastRatio);
      expect(Math.abs((deltaRatio ?? NaN) / (direct[i] ?? NaN) - 1)).toBeLessThan(ofRatios);
    });
    const ends = state.layout.adapters[0]?.slots.map((slot) => learntNorms(state, slot)) ?? [];
    modules.forEach(({ normA, normB }, i) => {
      expect(Math.abs((normA ?? NaN) / (ends[i]?.a ?? NaN) - 1)).toBeLessThan(ofNorms);
      expect(Math.abs((normB ?? NaN) / (ends[i]?.b ?? NaN) - 1)).toBeLessThan(ofNorms);
    });
    const all = norm(modules.map((module) => module.gradientNorm ?? NaN));
    // The step adds up all squares in float32.
    const ofSum = gamma(state.layout.size) + ofNorms;
    expect(Math.abs(all / gradientNorm - 1)).toBeLessThan(ofSum);
  },
);

test('several adapters are told apart, and what is not finite is null in its module alone', () => {
  const targets = (module: string) =>
    resolveTargets(checkpoint.architecture, {
      ...trainingDefaults.lora,
      rank: 2,
      alpha: 6,
      targets: [{ module, layers: [0] }],
    });
  const layout = layOut([targets('q_proj'), targets('o_proj')]);
  const parameters = new Float32Array(layout.size).fill(0.5);
  const gradient = new Float32Array(layout.size);
  const second = layout.adapters[1]?.slots[0];
  parameters[second?.b ?? 0] = NaN;
  gradient[0] = Infinity;
  const base = new Map(
    layout.adapters.flatMap(({ slots }) =>
      slots.map(({ path, module }) => [path, new Float64Array(module.out).fill(4)] as const),
    ),
  );
  // Every number of B·A is 2 · 0.25, every row of W has the length 2.
  const squares = new Float32Array(128).fill(64 * 0.5 ** 2);
  squares[70] = NaN;
  const changes = { squares, overlaps: null };
  const found = adapterHealth({ layout, parameters, gradient, changes, base });
  const ratio = (1.5 * 64) / (2 * 8);
  const half = Number((0.5 * Math.sqrt(128)).toPrecision(5));
  const first: ModuleHealth = {
    ...{ layer: 0, module: 'q_proj', normA: half, normB: half },
    ...{ deltaRatio: ratio, gradientNorm: null },
  };
  expect(found).toEqual([
    [first],
    [{ ...first, module: 'o_proj', normB: null, deltaRatio: null, gradientNorm: 0 }],
  ]);
});

test('the matrices that all experts of a layer have count as one', () => {
  const path = fixturePath('models/tiny-mixtral/config.json');
  const architecture = parseArchitecture(readJsonObject(path), path);
  const targets = [{ module: 'experts.w2', layers: [0] }];
  const lora = { ...trainingDefaults.lora, rank: 2, alpha: 2, targets };
  const layout = layOut([resolveTargets(architecture, lora)]);
  const slots = layout.adapters[0]?.slots ?? [];
  expect(slots).toHaveLength(4);
  // Expert e: all of A and B is e + 1, each row of ΔW has the square e + 1, each row of W the square 4.
  const parameters = new Float32Array(layout.size);
  slots.forEach(({ a }, expert) => parameters.fill(expert + 1, a));
  const squares = slots.flatMap(({ module }, expert) =>
    Array.from({ length: module.out }, () => expert + 1),
  );
  const base = new Map(slots.map((slot) => [slot.path, new Float64Array(slot.module.out).fill(4)]));
  const [health, ...others] =
    adapterHealth({
      ...{ layout, parameters, gradient: parameters, base },
      changes: { squares: Float32Array.from(squares), overlaps: null },
    })[0] ?? [];
  expect(others).toEqual([]);
  const [first] = slots;
  const [inA, inB] = [2 * (first?.module.in ?? 0), 2 * (first?.module.out ?? 0)];
  const sum = 1 + 4 + 9 + 16;
  const told = (value: number) => Number(value.toPrecision(5));
  expect(health).toEqual({
    ...{ layer: 0, module: 'experts.w2' },
    ...{ normA: told(Math.sqrt(sum * inA)), normB: told(Math.sqrt(sum * inB)) },
    deltaRatio: told(Math.sqrt((1 + 2 + 3 + 4) / (4 * 4))),
    gradientNorm: told(Math.sqrt(sum * (inA + inB))),
  });
});
