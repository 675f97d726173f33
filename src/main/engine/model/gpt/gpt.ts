/** Families of decoders that norm with LayerNorm and have a feed-forward block without a gate: GPT-2 and GPT-NeoX. */
import type { Tensor } from '../../graph/node.ts';
import * as o from '../../graph/ops/index.ts';
import type {
  LayerAttention,
  LinearLayer,
  OutsideContext,
  UnlabelledArchitecture,
} from '../architecture.ts';
import { keyNotices } from '../config-keys.ts';
import type { Family } from '../family.ts';
import { layerNorm, normAt, normShapes } from '../norms.ts';
import { scoreHead } from '../score-head.ts';
import { shortName } from '../short-name.ts';
import { readGptConfig, writtenGptConfig } from './gpt-config.ts';
import { gptForm, gptGgufNames, gptTensorName } from './gpt-gguf.ts';
import { gptLayer } from './gpt-layer.ts';
import type { GptConfig, GptTraits } from './traits.ts';

export function gptFamily(traits: GptTraits): Family {
  return {
    modelTypes: [traits.modelType],
    parse(json, path) {
      const { config, activationName } = readGptConfig(json, path, traits);
      const own = traits.written(config, activationName);
      return {
        ...gpt(config, traits),
        notices: keyNotices(json, traits.rules),
        huggingFaceConfig: (dtype) => writtenGptConfig(config, traits, own, dtype),
        ggufForm: () => gptForm(config, traits),
      };
    },
    gguf: {
      ...traits.gguf,
      settingTensors: [],
      tensorName: (name) => gptTensorName(name, traits.names),
      names: gptGgufNames(traits.names),
    },
  };
}

function gpt(
  config: GptConfig,
  traits: GptTraits,
): Omit<UnlabelledArchitecture, 'notices' | 'huggingFaceConfig'> {
  const { names } = traits;
  const { hiddenSize, layerNormEps: eps, maxPositionEmbeddings } = config;
  const { positions } = names;
  const table =
    positions === null ? [] : [{ path: positions, shape: [maxPositionEmbeddings, hiddenSize] }];
  const attention: LayerAttention = {
    ...{ sees: 'before', window: null },
    ...{ rotation: config.rotation, cap: null },
  };
  const finish = (at: OutsideContext, x: Tensor) =>
    layerNorm(at.fusion, x, normAt(at, names.finalNorm, eps), at.dtype);
  return {
    config,
    layersPath: names.layersPath,
    linears: linears(config, traits),
    experts: null,
    layerVectors: [names.attentionNorm, names.feedForwardNorm].flatMap((path) =>
      normShapes(path, hiddenSize),
    ),
    outside: {
      embedding: names.embedding,
      output: names.output,
      vectors: [...table, ...normShapes(names.finalNorm, hiddenSize)],
    },
    attention: () => attention,
    logitCap: null,
    embed(at, tokens, places) {
      const rows = o.cast(at.embedding.rows(tokens), 'float32');
      return positions === null ? rows : o.add(rows, o.gather(at.vector(positions), places));
    },
    ...gptLayer(config, traits),
    finish,
    head: scoreHead(traits.className, hiddenSize, finish),
    tokenTypes: 0,
    inFiles: (name) => nameHere(name, traits),
  };
}

/** The models without a head have names without the prefix; so have the first files of GPT-2, which have a head. */
function nameHere(
  name: string,
  { ballast, prefix, names }: GptTraits,
): string | { without: string } {
  const reason = ballast.find(([end]) => end.test(name))?.[1];
  if (reason !== undefined) return { without: reason };
  const isWhole = name === names.output || name.startsWith('score.') || name.startsWith(prefix);
  return isWhole ? name : prefix + name;
}

/** The four of a layer in the order of the forward pass, each with a bias and in a group of its own. */
function linears(config: GptConfig, { names, transposed }: GptTraits): LinearLayer[] {
  const { hiddenSize: hidden, intermediateSize: inner } = config;
  const paths = [names.qkv, names.out, names.up, names.down];
  const linear = (group: string, path: string, inputs: number, out: number): LinearLayer => {
    const name = shortName(path, paths) ?? path;
    return { name, path, in: inputs, out, bias: true, transposed, group };
  };
  return [
    linear('qkv', names.qkv, hidden, 3 * hidden),
    linear('o', names.out, hidden, hidden),
    linear('up', names.up, hidden, inner),
    linear('down', names.down, inner, hidden),
  ];
}
