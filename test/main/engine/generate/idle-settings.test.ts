/** Which settings of generation_config.json are told where a model answers. */
import { expect, test } from 'vitest';
import { tellIdleSettings } from '../../../../src/main/engine/generate/idle-settings.ts';

test('those that would change an answer are told by name and value', () => {
  const asked = {
    ...{ repetition_penalty: 1.05, stop_strings: ['\n\n'], suppress_tokens: [4], do_sample: true },
    ...{
      num_beams: 1,
      min_length: 0,
      temperature: 0.7,
      top_p: 0.8,
      top_k: 20,
      eos_token_id: [1, 2],
    },
  };
  expect(tellIdleSettings(asked)).toEqual([
    'generation_config.json asks for what answers here do without: repetition_penalty 1.05; suppress_tokens [4]; stop_strings ["\\n\\n"]. With transformers they may differ.',
  ]);
});

test.each([
  ['no file', null],
  ['nothing', {}],
  ['null', { repetition_penalty: null, bad_words_ids: null }],
  ['what does nothing', { repetition_penalty: 1, bad_words_ids: [], sequence_bias: {} }],
])('%s is not worth a word', (_, config) => {
  expect(tellIdleSettings(config)).toEqual([]);
});
