/** Settings of generation_config.json that transformers would answer with, and that answers here do without. */
import { isDeepStrictEqual } from 'node:util';
import { listed } from '../../../shared/errors/listed.ts';
import { shownSetting } from '../model/shown-setting.ts';

/** The values with which each does nothing. */
const idle: Readonly<Record<string, readonly unknown[]>> = {
  repetition_penalty: [1],
  encoder_repetition_penalty: [1],
  no_repeat_ngram_size: [0],
  min_length: [0],
  min_new_tokens: [0],
  min_p: [0],
  typical_p: [1],
  epsilon_cutoff: [0],
  eta_cutoff: [0],
  num_beams: [1],
  num_beam_groups: [1],
  penalty_alpha: [0],
  ...{ suppress_tokens: [[]], begin_suppress_tokens: [[]], bad_words_ids: [[]] },
  ...{ sequence_bias: [{}], stop_strings: [[]], force_words_ids: [[]], constraints: [[]] },
  ...{ forced_bos_token_id: [], forced_eos_token_id: [], forced_decoder_ids: [[]] },
  ...{ guidance_scale: [1], dola_layers: [], watermarking_config: [] },
};

/**
 * One sentence; none where nothing would change an answer. How answers are drawn (temperature, top-p, their length) is for the person
 * who asks.
 */
export function tellIdleSettings(generationConfig: Record<string, unknown> | null): string[] {
  const asked = Object.entries(idle).flatMap(([key, nothing]) => {
    const value = generationConfig?.[key] ?? null;
    const isIdle = value === null || nothing.some((each) => isDeepStrictEqual(each, value));
    return isIdle ? [] : [`${key} ${shownSetting(value)}`];
  });
  if (asked.length === 0) return [];
  return [
    `generation_config.json asks for what answers here do without: ${listed(asked, 5)}. With transformers they may differ.`,
  ];
}
