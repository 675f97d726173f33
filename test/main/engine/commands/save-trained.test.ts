/** What lies beside a trained adapter, also where its origin cannot be told. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { saveTrained } from '../../../../src/main/engine/commands/save-trained.ts';
import { readOrigin } from '../../../../src/main/engine/origin/origin-file.ts';
import { beginOrigins, noteData } from '../../../../src/main/engine/origin/training-origin.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const files = ['adapter_config.json', 'adapter_model.safetensors', 'lorikeet-training.json'];

/** Saves an adapter that is there already as if it had been trained so. */
async function save(config: TrainingConfig) {
  const checkpoint = await openCheckpoint(fixturePath('models/tiny-tied'));
  try {
    const told: EngineEvent[] = [];
    const emit = (event: EngineEvent) => told.push(event);
    const tell = (text: string) => emit({ kind: 'notice', text });
    const { signal } = new AbortController();
    const origins = beginOrigins([config], checkpoint, tell, signal, noteData([config]));
    const output = join(temporaryFolder(), 'adapter');
    const result = { steps: 1, stopped: true, lastLoss: 2, lastValidationLoss: null };
    const saved = await saveTrained(
      { config, output },
      readAdapter(fixturePath('adapters/all-linear')),
      checkpoint.architecture,
      origins.of(config, result),
      emit,
    );
    return { saved, told, result, there: readdirSync(output).sort() };
  } finally {
    checkpoint.close();
  }
}

test('the origin beside an adapter is the one that is answered', async () => {
  const data = join(temporaryFolder(), 'data.jsonl');
  writeFileSync(data, '{"text": "a"}');
  const { saved, told, result, there } = await save({ ...smallConfig(), data });
  expect(there).toEqual([...files, 'lorikeet-origin.json'].sort());
  expect(saved.origin).toMatchObject({ kind: 'training', result, data: [{ path: data }] });
  expect(readOrigin(saved.adapter)).toEqual(saved.origin);
  expect(told).toEqual([]);
});

test('data that is gone costs no adapter: its origin is not written, and that is told', async () => {
  const data = join(temporaryFolder(), 'gone.jsonl');
  const { saved, told, there } = await save({ ...smallConfig(), data });
  expect(there).toEqual(files);
  expect(saved.origin).toBe(null);
  expect(told).toMatchObject([{ kind: 'notice', text: expect.stringContaining(data) as unknown }]);
});
