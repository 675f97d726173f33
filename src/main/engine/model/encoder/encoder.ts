/** Families of encoders that norm after each block: BERT and its kin. They classify whole sequences, and predict no next token. */
import { present } from '../../graph/node.ts';
import * as o from '../../graph/ops/index.ts';
import type {
  LayerAttention,
  LinearLayer,
  SequenceHead,
  UnlabelledArchitecture,
  VectorShape,
} from '../architecture.ts';
import type { Family } from '../family.ts';
import { layerNormOfSum, normAt, normShapes } from '../norms.ts';
import { readEncoderConfig } from './encoder-config.ts';
import { encoderLayer, encoderLayerVectors, encoderLinears } from './encoder-layer.ts';
import { encoderNames } from './encoder-names.ts';
import type { EncoderConfig, EncoderTraits } from './traits.ts';
import { writtenEncoderConfig } from './written-config.ts';

const attention: LayerAttention = { sees: 'both', window: null, rotation: null, cap: null };

export function encoderFamily(traits: EncoderTraits): Family {
  return {
    modelTypes: traits.modelTypes,
    parse(json, path) {
      const { config, notices } = readEncoderConfig(json, path, traits);
      const { pooler } = traits;
      const whole = { ...encoder(config, traits, pooler), notices };
      if (pooler === null) return whole;
      const { outside, head } = encoder(config, traits, null);
      const parts = denseShapes(pooler, config.hiddenSize, config.hiddenSize).map(
        (part) => part.path,
      );
      const told = `The model's files have no ${pooler}, which its head reads: it begins at random and is trained and saved with the head.`;
      return { ...whole, lacking: { parts, then: { outside, head, notices: [...notices, told] } } };
    },
    gguf: null,
  };
}

/** @param frozen the pooler that the files have; null where there is none, or it begins anew */
function encoder(
  config: EncoderConfig,
  traits: EncoderTraits,
  frozen: string | null,
): Omit<UnlabelledArchitecture, 'notices'> {
  const { hiddenSize, tokenTypes } = config;
  const below = (path: string) => `${traits.bare}.${path}`;
  const embeddings = (name: string) => below(`embeddings.${name}`);
  const positionsPath = embeddings('position_embeddings.weight');
  const typesPath = embeddings('token_type_embeddings.weight');
  const normPath = embeddings('LayerNorm');
  const ofTypes: VectorShape[] =
    tokenTypes > 0 ? [{ path: typesPath, shape: [tokenTypes, hiddenSize] }] : [];
  return {
    config,
    layersPath: below(traits.layersPath),
    linears: encoderLinears(config, traits),
    experts: null,
    layerVectors: encoderLayerVectors(config, traits),
    outside: {
      embedding: embeddings('word_embeddings.weight'),
      output: null,
      vectors: [
        { path: positionsPath, shape: [config.positionRows, hiddenSize] },
        ...ofTypes,
        ...normShapes(normPath, hiddenSize),
        ...(frozen === null ? [] : denseShapes(frozen, hiddenSize, hiddenSize)),
      ],
    },
    head: headOf(config, traits, frozen),
    tokenTypes,
    logitCap: null,
    attention: () => attention,
    embed(at, tokens, positions, types) {
      const first = traits.firstPosition(config);
      const places = first === 0 ? positions : o.add(positions, first);
      const terms = [at.embedding.rows(tokens), o.gather(at.vector(positionsPath), places)];
      if (tokenTypes > 0) terms.push(o.gather(at.vector(typesPath), present(types ?? undefined)));
      return layerNormOfSum(at.fusion, terms, normAt(at, normPath, config.layerNormEps));
    },
    ...encoderLayer(config, traits),
    finish: (_at, x) => x,
    inFiles: encoderNames(traits),
    huggingFaceConfig: (dtype) => writtenEncoderConfig(config, traits, dtype),
  };
}

function headOf(
  config: EncoderConfig,
  { className, head, pooler }: EncoderTraits,
  frozen: string | null,
): SequenceHead {
  const { hiddenSize: size } = config;
  const anew = pooler === null || frozen !== null ? [] : denseShapes(pooler, size, size);
  return {
    className,
    reads: 'first',
    deviation: config.deviation,
    linears: frozen === null ? [] : [frozenLinear(frozen, size)],
    parts: (labels) => [...anew, ...head.parts(size, labels)],
    logits: (at, x) =>
      head.logits(x, (input, path) => {
        if (path === frozen) return at.linear(path, input);
        const product = o.matmul(input, at.part(`${path}.weight`), { transposeB: true });
        return o.add(product, at.part(`${path}.bias`));
      }),
  };
}

function frozenLinear(path: string, size: number): LinearLayer {
  const name = path.slice(path.indexOf('.') + 1);
  return { name, path, in: size, out: size, bias: true, group: path };
}

/** The shapes of a linear layer with a bias. */
export function denseShapes(path: string, width: number, out: number): VectorShape[] {
  return [
    { path: `${path}.weight`, shape: [out, width] },
    { path: `${path}.bias`, shape: [out] },
  ];
}
