/** Decoders that norm with LayerNorm and have a feed-forward block without a gate: GPT-2 and GPT-NeoX. */
import type { MergeDtype } from '../../../../shared/contract/records.ts';
import type { Tensor } from '../../graph/node.ts';
import * as o from '../../graph/ops/index.ts';
import type {
  LayerAttention,
  LinearLayer,
  OutsideContext,
  UnlabelledArchitecture,
  VectorShape,
} from '../architecture.ts';
import { scoreHead } from '../decoder/score-head.ts';
import type { JsonObject } from '../family.ts';
import { layerNorm } from '../norms.ts';
import { gptLayer } from './gpt-layer.ts';
import type { GptConfig, GptTraits } from './traits.ts';

const normVectors = (path: string, size: number): VectorShape[] =>
  ['weight', 'bias'].map((part) => ({ path: `${path}.${part}`, shape: [size] }));

export function gpt(
  config: GptConfig,
  traits: GptTraits,
  written: (dtype: MergeDtype) => JsonObject,
): Omit<UnlabelledArchitecture, 'notices'> {
  const { names } = traits;
  const { hiddenSize, layerNormEps: eps, maxPositionEmbeddings } = config;
  const positions = names.positions;
  const table = { path: positions ?? '', shape: [maxPositionEmbeddings, hiddenSize] };
  const attention: LayerAttention = {
    ...{ sees: 'before', window: null },
    ...{ rotation: config.rotation, cap: null },
  };
  const finish = (at: OutsideContext, x: Tensor) => {
    const weight = at.vector(`${names.finalNorm}.weight`);
    const bias = at.vector(`${names.finalNorm}.bias`);
    return layerNorm(at.fusion, x, { weight, bias, eps }, at.dtype);
  };
  return {
    config,
    layersPath: names.layersPath,
    linears: linears(config, traits),
    layerVectors: [names.attentionNorm, names.feedForwardNorm].flatMap((path) =>
      normVectors(path, hiddenSize),
    ),
    outside: {
      embedding: names.embedding,
      output: names.output,
      vectors: [
        ...(positions === null ? [] : [table]),
        ...normVectors(names.finalNorm, hiddenSize),
      ],
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
    huggingFaceConfig: written,
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
  const all: [group: string, path: string, inputs: number, out: number][] = [
    ['qkv', names.qkv, hidden, 3 * hidden],
    ['o', names.out, hidden, hidden],
    ['up', names.up, hidden, inner],
    ['down', names.down, inner, hidden],
  ];
  const paths = all.map(([, path]) => path);
  return all.map(([group, path, inputs, out]) => {
    const shape = { in: inputs, out, bias: true, transposed };
    return { name: shortestEnd(path, paths), path, ...shape, group };
  });
}

/** 'c_fc' for 'mlp.c_fc', but the whole of 'mlp.c_proj' where there is an 'attn.c_proj'. */
function shortestEnd(path: string, all: readonly string[]): string {
  const end = path.slice(path.lastIndexOf('.') + 1);
  return all.filter((each) => each.endsWith(`.${end}`)).length === 1 ? end : path;
}
