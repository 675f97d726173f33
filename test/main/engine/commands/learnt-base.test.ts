/** Adapters are used with the values of the base that they learnt on, as far as records beside them say which. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { learntBase } from '../../../../src/main/engine/commands/learnt-base.ts';
import type { EngineEvent } from '../../../../src/shared/contract/engine.ts';
import type { TrainingConfig } from '../../../../src/shared/contract/training-config.ts';
import { blendedOrigin, partOf, trainedOrigin } from '../../../support/sample-origins.ts';
import { smallConfig } from '../../small-config.ts';
import { temporaryFolder } from '../checkpoint/fixtures.ts';

/** An adapter's folder with a file of this text; null for an adapter of another program. */
function adapter(text: string | null, name = 'lorikeet-training.json'): string {
  const path = join(temporaryFolder(), 'adapter');
  mkdirSync(path);
  if (text !== null) writeFileSync(join(path, name), text);
  return path;
}
const config = (base: TrainingConfig['base'], doubleQuant = false): TrainingConfig => ({
  ...smallConfig(),
  ...{ base, doubleQuant },
});
const trained = (base: TrainingConfig['base'], doubleQuant = false) =>
  adapter(JSON.stringify(config(base, doubleQuant)));

function ask(...adapters: string[]) {
  const notices: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') notices.push(event.text);
  };
  return { held: learntBase(adapters, { emit }), notices };
}

const asInFile = { form: 'packed', doubleQuant: false };
const nf4 = { form: 'nf4', doubleQuant: true };

test('where nothing is rounded the values are those of the file, and nothing is said', () => {
  // Before there was a choice of forms records had none, and the base was dense.
  const { base, doubleQuant, ...before } = smallConfig();
  expect([base, doubleQuant]).toEqual(['auto', false]);
  const old = adapter(JSON.stringify(before));
  for (const adapters of [[], [adapter(null)], [old], [old, trained('dense'), trained('packed')]])
    expect(ask(...adapters)).toEqual({ held: asInFile, notices: [] });
});

test('an adapter that learnt on rounded values is used with these', () => {
  expect(ask(trained('nf4', true))).toEqual({ held: nf4, notices: [] });
  expect(ask(trained('int8'))).toEqual({ held: { form: 'int8', doubleQuant: false }, notices: [] });
  // Of an adapter of another program nothing is known.
  expect(ask(adapter(null), trained('nf4', true))).toEqual({ held: nf4, notices: [] });
});

test('a blend has the values that its parts learnt on', () => {
  const part = partOf('/part', 1, trainedOrigin(config('nf4', true)));
  const blend = adapter(JSON.stringify(blendedOrigin([part])), 'lorikeet-origin.json');
  expect(ask(blend)).toEqual({ held: nf4, notices: [] });
});

test('of adapters that learnt on different values the first rounded ones count, which is told', () => {
  expect(ask(trained('dense'), trained('nf4', true), trained('int8'))).toEqual({
    held: nf4,
    notices: [
      'The adapters learnt on different values of the base (those of its file, NF4, 4 bits, double quantisation, int8, 8 bits); all are used with NF4, 4 bits, double quantisation.',
    ],
  });
  // Double quantisation makes other values.
  expect(ask(trained('nf4'), trained('nf4', true)).notices).toHaveLength(1);
});

test('a record that cannot be read is told', () => {
  expect(ask(adapter('{'))).toEqual({
    held: asInFile,
    notices: [expect.stringMatching(/held while the adapter in .+ learnt is not known/)],
  });
});
