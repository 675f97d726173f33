/** A run that cannot work at all is refused before weights are read, with the numbers, unless it is to be run anyway. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { estimate } from '../../../../src/main/engine/commands/estimate.ts';
import { withTraining } from '../../../../src/main/engine/commands/open-training.ts';
import { refusalOf } from '../../../../src/main/engine/commands/refuse-too-large.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { trainingDefaults } from '../../../../src/shared/contract/training-defaults.ts';
import { fixturePath } from '../parity/fixtures.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-too-large-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const data = join(root, 'data.jsonl');
writeFileSync(data, JSON.stringify({ prompt: 'light', completion: 'on' }));

function configOf(changes: Partial<TrainingConfig>): TrainingConfig {
  return {
    ...trainingDefaults,
    ...{ name: '', model: fixturePath('models/tiny-tied'), data, validation: { kind: 'none' } },
    ...{ sequenceLength: 64, duration: { kind: 'steps', steps: 1 }, precision: 'float32' },
    ...changes,
  };
}

const quiet = { emit: () => undefined, signal: new AbortController().signal };

test('what lies beyond the error of the estimate is refused, with its parts', async () => {
  const of = (config: TrainingConfig, share: number) =>
    withTraining([config], undefined, quiet, (training) =>
      refusalOf(training, training.held.memory().totalBytes * share),
    );
  expect(await of(configOf({}), 0.86)).toBeNull();
  const refusal = await of(configOf({}), 0.84);
  expect(refusal).toMatchObject({ code: 'train/too-large', where: 'memory' });
  expect(refusal?.what).toMatch(/needs about .+MiB.+ \(base weights .+; runtime .+\)\.$/);
  expect(await of(configOf({ runAnyway: true }), 0.1)).toBeNull();
});

test('the estimate has the numbers and no refusal where the run may be tried', async () => {
  const told = await estimate({ configs: [configOf({})] }, quiet);
  expect(told.refusal).toBeNull();
});
