/** Families of decoders that norm before each block, turn positions and gate the feed-forward block: LLaMA and its kin. */
import type { Tensor } from '../../graph/node.ts';
import * as o from '../../graph/ops/index.ts';
import type {
  Architecture,
  LayerAttention,
  LinearLayer,
  OutsideContext,
  UnlabelledArchitecture,
  VectorShape,
} from '../architecture.ts';
import type { Family, GgufFamily } from '../family.ts';
import { rmsNorm } from '../layer-parts.ts';
import { keyNotices } from '../config-keys.ts';
import { expertTensors } from './expert-names.ts';
import { keyRules, readDecoderConfig } from './decoder-config.ts';
import { decoderLayer, layerVectors } from './decoder-layer.ts';
import { expertLinears, expertsOf } from './expert-block.ts';
import { ropeFactorsName } from '../gguf-rope.ts';
import { decoderConfigFromGguf } from './gguf-config.ts';
import { decoderForm } from './gguf-form.ts';
import { decoderNames, decoderTensorName, interleavedHeads } from './gguf-names.ts';
import { scoreHead } from '../score-head.ts';
import type { DecoderConfig, DecoderTraits } from './traits.ts';
import { writtenConfig } from './written-config.ts';

const embedding = 'model.embed_tokens.weight';
const finalNorm = 'model.norm.weight';
const output = 'lm_head.weight';

export function decoderFamily(traits: DecoderTraits): Family {
  return {
    modelTypes: traits.modelTypes,
    parse: (json, path) => ({
      ...decoder(readDecoderConfig(json, path, traits), traits),
      notices: keyNotices(json, keyRules(traits)),
    }),
    gguf: ggufFamily(traits),
  };
}

function decoder(
  config: DecoderConfig,
  traits: DecoderTraits,
): Omit<UnlabelledArchitecture, 'notices'> {
  const { hiddenSize, rmsNormEps } = config;
  const { plusOne } = traits.layers;
  const norm: VectorShape = { path: finalNorm, shape: [hiddenSize] };
  const finish = (at: OutsideContext, x: Tensor) =>
    rmsNorm(at.fusion, x, at.vector(finalNorm), rmsNormEps, at.dtype);
  return {
    config,
    layersPath: 'model.layers',
    linears: decoderLinears(config, traits),
    experts: config.experts && expertsOf(config.experts),
    layerVectors: layerVectors(config, traits.layers),
    outside: { embedding, output, vectors: [plusOne ? { ...norm, offset: 1 } : norm] },
    attention: attentionOf(config),
    logitCap: config.logitCap,
    embed: (at, tokens) => embed(at, tokens, config.embeddingScale),
    ...decoderLayer(config, traits.layers),
    finish,
    head: scoreHead(traits.className, hiddenSize, finish),
    tokenTypes: 0,
    huggingFaceConfig: (dtype) => writtenConfig(config, traits, dtype),
    ggufForm: () => decoderForm(config, traits.inGguf),
    ...(traits.experts && { inFiles: expertTensors(traits.experts.names) }),
  };
}

/** tokens int32 [N] → [N, D] float32. */
function embed(at: OutsideContext, tokens: Tensor, scale: number): Tensor {
  const rows = o.cast(at.embedding.rows(tokens), 'float32');
  return scale === 1 ? rows : o.mul(rows, scale);
}

/** In the order of the forward pass. */
function decoderLinears(
  config: DecoderConfig,
  { layers, biased, experts: traits }: DecoderTraits,
): LinearLayer[] {
  if (layers.fused) return fusedLinears(config);
  const plain = linears(config, biased);
  const { experts } = config;
  if (!experts || !traits) return plain;
  const [attention, feedForward] = [plain.slice(0, 4), plain.slice(4)];
  const dense = experts.layers.flatMap((sparse, layer) => (sparse ? [] : [layer]));
  return [
    ...attention,
    ...(dense.length > 0 ? feedForward.map((each) => inSomeLayers(each, dense)) : []),
    ...expertLinears(config, experts, traits.names),
  ];
}

/** Named with its block: experts have matrices of the same names. */
function inSomeLayers(linear: LinearLayer, layers: readonly number[]): LinearLayer {
  return { ...linear, name: linear.path, layers: new Set(layers) };
}

/** The seven linear layers of a layer in the order of the forward pass. */
function linears(config: DecoderConfig, biased: readonly string[]): LinearLayer[] {
  const { hiddenSize: hidden, intermediateSize: inner, headDim } = config;
  const query = config.numAttentionHeads * headDim;
  const keyValue = config.numKeyValueHeads * headDim;
  const linear = (block: string, group: string, name: string, inputs: number, out: number) => {
    return { name, path: `${block}.${name}`, in: inputs, out, bias: biased.includes(name), group };
  };
  return [
    linear('self_attn', 'qkv', 'q_proj', hidden, query),
    linear('self_attn', 'qkv', 'k_proj', hidden, keyValue),
    linear('self_attn', 'qkv', 'v_proj', hidden, keyValue),
    linear('self_attn', 'o', 'o_proj', query, hidden),
    linear('mlp', 'gate_up', 'gate_proj', hidden, inner),
    linear('mlp', 'gate_up', 'up_proj', hidden, inner),
    linear('mlp', 'down', 'down_proj', inner, hidden),
  ];
}

/** The same where q, k and v are the rows of one matrix, and gate and up those of another. */
function fusedLinears(config: DecoderConfig): LinearLayer[] {
  const { hiddenSize: hidden, intermediateSize: inner, headDim } = config;
  const query = config.numAttentionHeads * headDim;
  const all = query + 2 * config.numKeyValueHeads * headDim;
  const linear = (block: string, group: string, name: string, inputs: number, out: number) => {
    return { name, path: `${block}.${name}`, in: inputs, out, bias: false, group };
  };
  return [
    linear('self_attn', 'qkv', 'qkv_proj', hidden, all),
    linear('self_attn', 'o', 'o_proj', query, hidden),
    linear('mlp', 'gate_up', 'gate_up_proj', hidden, 2 * inner),
    linear('mlp', 'down', 'down_proj', inner, hidden),
  ];
}

/** Layers with the same window share one object, as `LayerAttention` wants it. */
function attentionOf({ rotations, windows, scoreCap }: DecoderConfig): Architecture['attention'] {
  const whole: LayerAttention = {
    ...{ sees: 'before', window: null },
    ...{ rotation: rotations.whole, cap: scoreCap },
  };
  const kinds = new Map<number | null, LayerAttention>([[null, whole]]);
  for (const window of windows.byLayer) {
    if (!kinds.has(window)) kinds.set(window, { ...whole, window, rotation: rotations.windowed });
  }
  return (layer) => kinds.get(windows.byLayer[layer] ?? null) ?? whole;
}

function ggufFamily({ gguf, layers, modelTypes: [modelType] }: DecoderTraits): GgufFamily | null {
  if (!gguf) return null;
  return {
    architecture: gguf.architecture,
    settingTensors: [ropeFactorsName, ...gguf.settingTensors],
    config: (file, path) => decoderConfigFromGguf(file, modelType, gguf, path),
    tensorName: (name) => decoderTensorName(name, gguf.names),
    names: decoderNames(gguf.names),
    arrangement(name, { config }) {
      if (layers.plusOne && /norm\.weight$/.test(name)) return { kind: 'plus one' };
      return gguf.interleaved ? interleavedHeads(name, config) : null;
    },
  };
}
