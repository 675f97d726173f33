/** Phi-3 and 3.5: LLaMA's layers with fused matrices, a part of each head turned, and longrope in the models for long texts. */
import { decoderFamily } from '../decoder/decoder.ts';
import { plainGguf } from '../decoder/gguf-traits.ts';
import { oneRotation } from '../rotations.ts';
import { noFurtherSettings, plainLayers, type DecoderConfig } from '../decoder/traits.ts';
import { everyLayer, agreedLayerTypes } from '../windows.ts';
import type { GgufSettings, JsonObject } from '../family.ts';
import { float32, uint32, type FormKeys } from '../gguf-form.ts';
import type { GgufValue } from '../gguf-values.ts';

const rotation = oneRotation({ theta: 10_000, partly: true });
const shortFactors = 'rope_factors_short.weight';
const longFactors = 'rope_factors_long.weight';

export const phi3 = decoderFamily({
  modelTypes: ['phi3'],
  className: 'Phi3ForCausalLM',
  defaults: {
    numKeyValueHeads: 'as heads',
    headDim: 'hidden / heads',
    rmsNormEps: 1e-5,
    tieWordEmbeddings: false,
  },
  layers: { ...plainLayers, fused: true },
  biased: [],
  windows: agreedLayerTypes(everyLayer(null)),
  // `original_max_position_embeddings` is 4096 where a file does not name it.
  rotations: (json, headDim) =>
    rotation({ ...json, original_max_position_embeddings: originalLength(json) }, headDim),
  further: noFurtherSettings,
  refusedFlags: ['attention_bias', 'mlp_bias'],
  written: ({ headDim, rotations: { whole }, windows }) => ({
    ...windows.keys,
    sliding_window: windows.byLayer.find((width) => width !== null) ?? null,
    partial_rotary_factor: whole.dimensions / headDim,
    ...(whole.scaling?.type === 'longrope'
      ? { original_max_position_embeddings: whole.scaling.originalMaxPositionEmbeddings }
      : {}),
  }),
  gguf: {
    ...plainGguf,
    architecture: 'phi3',
    names: { attn_qkv: 'self_attn.qkv_proj', ffn_up: 'mlp.gate_up_proj' },
    settingTensors: [shortFactors, longFactors],
    reads: ['window', 'share'],
    config: configFromGguf,
  },
  inGguf: {
    architecture: 'phi3',
    keys: keysInGguf,
    settings: factorsInGguf,
    notices: ({ windows }) => {
      const window = windows.byLayer.find((width) => width !== null) ?? null;
      return window === null
        ? []
        : [
            `llama.cpp does not keep to the window of ${window} tokens of Phi-3 models: longer texts are answered otherwise there.`,
          ];
    },
  },
});

function originalLength(json: JsonObject): unknown {
  return json['original_max_position_embeddings'] ?? 4096;
}

/** gguf-py's constants; the factors are tensors. */
function configFromGguf(value: GgufValue, config: JsonObject, { read }: GgufSettings): JsonObject {
  const [short, long] = [read(shortFactors), read(longFactors)];
  const scaling = short &&
    long && {
      rope_type: 'longrope',
      short_factor: [...short],
      long_factor: [...long],
      attention_factor: value('rope.scaling.attn_factor') ?? null,
    };
  const rotated = value('rope.dimension_count') ?? config['head_dim'];
  return {
    sliding_window: value('attention.sliding_window') ?? null,
    partial_rotary_factor: Number(rotated) / Number(config['head_dim']),
    original_max_position_embeddings: value('rope.scaling.original_context_length'),
    rope_scaling: scaling ?? config['rope_scaling'],
  };
}

/** Where nothing is stretched, transformers' converter writes the original length all the same. */
function keysInGguf({ rotations, windows, maxPositionEmbeddings }: DecoderConfig): FormKeys {
  const { scaling } = rotations.whole;
  const window = windows.byLayer.find((width) => width !== null) ?? 0;
  const keys = { 'attention.sliding_window': uint32(window) };
  const original = 'rope.scaling.original_context_length';
  if (scaling?.type !== 'longrope') return { ...keys, [original]: uint32(maxPositionEmbeddings) };
  return {
    ...keys,
    [original]: uint32(scaling.originalMaxPositionEmbeddings),
    'rope.scaling.attn_factor': float32(scaling.attentionFactor),
  };
}

function factorsInGguf({ rotations }: DecoderConfig): ReadonlyMap<string, Float32Array> {
  const { scaling } = rotations.whole;
  if (scaling?.type !== 'longrope') return new Map();
  return new Map([
    [longFactors, Float32Array.from(scaling.longFactors)],
    [shortFactors, Float32Array.from(scaling.shortFactors)],
  ]);
}
