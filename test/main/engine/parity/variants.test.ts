/** Fifty losses of every variant of LoRA against PEFT: from adapters that PEFT wrote, and from what is taken out of the base. */
import { expect, test } from 'vitest';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { doraAdapters, variantModels } from '../../../support/tiny-models.ts';
import { ofCurves } from './bounds.ts';
import { relativeDifference } from './difference.ts';
import { gap, readCurve, trainCurve } from './loss-curves.ts';
import { curveTrainer, fromFixture, fromSettings, type AdapterStart } from './tiny-trainer.ts';

async function expectCurve(name: string, startOf: (adapter: string) => AdapterStart) {
  const expected = readCurve(name);
  const start = startOf(expected.adapter);
  const { trainer } = await curveTrainer(expected, { fusion: 'none' }, start);
  try {
    const { losses, norms } = trainCurve(trainer, expected);
    expect(losses).toHaveLength(50);
    expect(gap(losses, expected.losses)).toBeLessThan(ofCurves);
    expect(relativeDifference(norms, expected.gradientNorms)).toBeLessThan(ofCurves);
  } finally {
    trainer.dispose();
  }
}

const llamas = ['rslora', 'patterns', 'layers', 'together', 'lora-plus', 'lora-plus-dora'];

test.each([...llamas, ...doraAdapters, ...variantModels.map(({ curve }) => curve)])('%s', (name) =>
  expectCurve(name, fromFixture),
);

// PEFT changes the base weights for these, the engine does not; their settings are those of test/oracle/adapters.py.
test.each(['pissa', 'olora'] as const)('%s, with the start that the engine makes', (init) =>
  expectCurve(init, () =>
    fromSettings('tiny-tied', {
      ...{ ...trainingDefaults.lora, rank: 3, alpha: 6, init },
      targets: ['k_proj', 'gate_proj', 'down_proj'].map((module) => ({ module, layers: 'all' })),
    }),
  ),
);
