/** What Gemma 2 and 3 have in config.json beside other decoders: caps, the scale of queries, and how embeddings start. */
import { z } from 'zod';
import type { JsonObject } from '../family.ts';
import { float32, uint32, type FormKeys } from '../gguf-form.ts';
import type { GgufValue } from '../gguf-values.ts';
import { shownSetting } from '../shown-setting.ts';
import type { DecoderConfig, FurtherSettings } from './traits.ts';

type Missing = { attn_logit_softcapping: number | null; final_logit_softcapping: number | null };

const scalar = 'query_pre_attn_scalar';
const positive = z.number().positive();
const cap = positive.nullable();

/** @param missing the caps where the file does not name them; null in it means none */
export function gemmaSettings(missing: Missing): FurtherSettings {
  const schema = z.object({
    [scalar]: positive.default(256),
    attn_logit_softcapping: cap.default(missing.attn_logit_softcapping),
    final_logit_softcapping: cap.default(missing.final_logit_softcapping),
  });
  return {
    keys: Object.keys(schema.shape),
    read(json, { hiddenSize }) {
      const { data, error } = schema.safeParse(json);
      if (data === undefined) {
        const keys = new Set(error.issues.map(({ path }) => String(path[0])));
        return { refused: [...keys].map((key) => `${key} ${shownSetting(json[key])}`) };
      }
      return {
        queryScalar: data[scalar],
        scoreCap: data.attn_logit_softcapping,
        logitCap: data.final_logit_softcapping,
        clip: null,
        embeddingScale: Math.sqrt(hiddenSize),
      };
    },
  };
}

/**
 * The scale of queries, which GGUF files do not have: the size of a head, but hidden / heads in the largest model of each
 * generation, which is told by its number of layers (llama.cpp, src/llama-model.cpp).
 */
export function queryScalarFromGguf(
  largest: number,
  { num_hidden_layers, hidden_size, num_attention_heads, head_dim }: JsonObject,
): JsonObject {
  const isLargest = num_hidden_layers === largest;
  return { [scalar]: isLargest ? Number(hidden_size) / Number(num_attention_heads) : head_dim };
}

/** What the norms around the two blocks are called. */
export const gemmaNames: Readonly<Record<string, string>> = {
  post_attention_norm: 'post_attention_layernorm',
  ffn_norm: 'pre_feedforward_layernorm',
  post_ffw_norm: 'post_feedforward_layernorm',
};

/** The window and the caps. */
export function gemmaKeys(value: GgufValue): JsonObject {
  return {
    sliding_window: value('attention.sliding_window'),
    attn_logit_softcapping: value('attn_logit_softcapping') ?? null,
    final_logit_softcapping: value('final_logit_softcapping') ?? null,
  };
}

/** The same, as a file has them. */
export function gemmaInGguf({ windows, scoreCap, logitCap }: DecoderConfig): FormKeys {
  const window = windows.byLayer.find((width) => width !== null) ?? 0;
  return {
    'attention.sliding_window': uint32(window),
    attn_logit_softcapping: scoreCap === null ? undefined : float32(scoreCap),
    final_logit_softcapping: logitCap === null ? undefined : float32(logitCap),
  };
}
