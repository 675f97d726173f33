/** Every option of PEFT's LoraConfig: honoured, or without effect on what the adapter computes in PEFT itself, or refused by name. */
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { unsupportedOptions } from '../../../../src/main/engine/checkpoint/peft-options.ts';
import { readFixture } from '../parity/fixtures.ts';

const options = readFixture(
  'expected/peft-options/options.json',
  z.record(z.string(), z.object({ default: z.unknown(), value: z.unknown(), effect: z.string() })),
);
const initialisations = readFixture(
  'expected/peft-options/initialisations.json',
  z.array(z.object({ value: z.unknown(), effect: z.string() })),
);

/** They have tests of their own with logits of PEFT. */
const honoured = ['r', 'lora_alpha', 'use_rslora', 'use_dora', 'rank_pattern', 'alpha_pattern'];
/** Names of modules and layers; alone it means nothing to PEFT, and the tensors in the file say what it says. */
const selection = ['layers_pattern'];

const withDefaults = (changes: Record<string, unknown>) => ({
  ...Object.fromEntries(Object.entries(options).map(([name, each]) => [name, each.default])),
  peft_type: 'LORA',
  ...changes,
});

test('an adapter with all of PEFT’s defaults is read', () => {
  expect(unsupportedOptions(withDefaults({}))).toEqual([]);
});

test.each(Object.entries(options))('%s', (name, { value, effect }) => {
  const refused = unsupportedOptions(withDefaults({ [name]: value }));
  if (refused.length > 0) {
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(new RegExp(`^${name} `));
    expect(honoured).not.toContain(name);
  } else if (!honoured.includes(name) && !selection.includes(name)) {
    expect(effect).toBe('none');
  }
});

test('what is refused, in full', () => {
  const refused = Object.entries(options)
    .filter(([name, { value }]) => unsupportedOptions(withDefaults({ [name]: value })).length > 0)
    .map(([name]) => name);
  expect(refused.sort()).toEqual([
    ...['alora_invocation_tokens', 'arrow_config', 'bias', 'init_lora_weights'],
    ...['kasa_config', 'layer_replication', 'lora_bias', 'megatron_config', 'modules_to_save'],
    ...['monteclora_config', 'peft_type', 'trainable_token_indices'],
    ...['use_bdlora', 'use_qalora'],
  ]);
});

describe('init_lora_weights', () => {
  test.each(initialisations)('$value', ({ value, effect }) => {
    const refused = unsupportedOptions(withDefaults({ init_lora_weights: value }));
    // LoRA-GA changes the base when it starts from gradients, which PEFT does not compute when it only reads.
    if (effect === 'none' && value !== 'lora_ga') expect(refused).toEqual([]);
    else expect(refused).toEqual([`init_lora_weights ${JSON.stringify(value)}`]);
  });
});
