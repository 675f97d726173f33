/** Runs that start with LoftQ: what they are told, what they begin with, and where there is nothing to start from. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { holdBase } from '../../../../src/main/engine/checkpoint/hold-base.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { Factoriser } from '../../../../src/main/engine/lora/factors.ts';
import { train } from '../../../../src/main/engine/commands/train.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const model = fixturePath('models/tiny-tied');

/** The adapter after one step that changes next to nothing. */
async function started(change: Partial<TrainingConfig>, lora: Partial<TrainingConfig['lora']>) {
  const root = temporaryFolder();
  const [data, output] = [join(root, 'data.jsonl'), join(root, 'adapter')];
  writeFileSync(data, JSON.stringify({ text: 'one two three four' }));
  const notices: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') notices.push(event.text);
  };
  const config: TrainingConfig = {
    ...trainingDefaults,
    generalText: { kind: 'off' },
    ...{ name: '', model, data, validation: { kind: 'none' }, sequenceLength: 32 },
    ...{ duration: { kind: 'steps', steps: 1 }, precision: 'float32', learningRate: 1e-12 },
    lora: { ...trainingDefaults.lora, init: 'loftq', rank: 4, ...lora },
    ...change,
  };
  await train({ config, output }, { emit, signal: new AbortController().signal });
  return { adapter: readAdapter(output), notices };
}

test.each(['nf4', 'int8'] as const)(
  'on %s the adapter takes a part of the error of quantising, and says how much',
  async (base) => {
    const { adapter, notices } = await started({ base }, {});
    const [, said = ''] =
      /LoftQ: the adapter starts with ([\d.]+) %/.exec(notices.join('\n')) ?? [];
    const file = await openCheckpoint(model);
    const held = holdBase(file, { form: base, doubleQuant: false });
    let [whole, left] = [0, 0];
    for (const [path, { a, b, rank, scaling, out, in: inputs }] of adapter.modules) {
      const [before, after] = [file, held].map((each) => each.read(`${path}.weight`));
      for (let at = 0; at < out * inputs; at++) {
        const error = (before?.[at] ?? NaN) - (after?.[at] ?? NaN);
        const [row, column] = [Math.floor(at / inputs), at % inputs];
        let sum = 0;
        for (let k = 0; k < rank; k++)
          sum += (b[row * rank + k] ?? NaN) * (a[k * inputs + column] ?? NaN);
        whole += error ** 2;
        left += (error - scaling * sum) ** 2;
      }
    }
    file.close();
    // It is said with three digits.
    const share = 100 * (1 - Math.sqrt(left / whole));
    expect(Math.abs(Number(said) / share - 1)).toBeLessThan(0.005);
  },
);

test.each([
  ['dense', model],
  ['packed', fixturePath('models/tiny-untied-bf16-sharded')],
] as const)('a base that is held %s has no such error', async (base, path) => {
  const problem = await problemOf(() => started({ base, model: path }, {}));
  expect(problem).toMatchObject({ code: 'lora/nothing-quantised', where: path });
});

test('PiSSA on a quantised base takes its directions out of the codes', async () => {
  const { adapter } = await started({ base: 'nf4' }, { init: 'pissa' });
  const path = 'model.layers.0.self_attn.q_proj';
  const module = adapter.modules.get(path);
  if (!module) throw new Error('all linear layers are adapted');
  const { a, rank, scaling, in: inputs, out } = module;
  const file = await openCheckpoint(model);
  const held = holdBase(file, { form: 'nf4', doubleQuant: false });
  const factoriser = new Factoriser('pissa');
  const [ofCodes, ofFile] = [held, file].map((each) =>
    factoriser.factors(each.read(`${path}.weight`), { out, in: inputs, rank: rank / 2, scaling }),
  );
  factoriser.dispose();
  file.close();
  // The frozen half of the ranks holds what was taken out.
  const frozen = a.slice((rank / 2) * inputs);
  expect(frozen).toEqual(ofCodes?.a);
  expect(frozen).not.toEqual(ofFile?.a);
});
