/** Every weight that a model of a given config has, by its Hugging Face name. */
import type { ModelConfig } from './config.ts';
import { linearModules } from './linear-modules.ts';

/**
 * Names and shapes [out, in] of all weights in the order of the forward pass. `lm_head.weight` is left out
 * when it is tied to the embedding.
 */
export function weightShapes(config: ModelConfig): Map<string, readonly number[]> {
  const { hiddenSize, vocabSize } = config;
  const shapes = new Map<string, readonly number[]>();
  const modules = linearModules(config);
  shapes.set('model.embed_tokens.weight', [vocabSize, hiddenSize]);
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const prefix = `model.layers.${layer}`;
    shapes.set(`${prefix}.input_layernorm.weight`, [hiddenSize]);
    for (const module of modules) {
      if (module.name === 'gate_proj') {
        shapes.set(`${prefix}.post_attention_layernorm.weight`, [hiddenSize]);
      }
      shapes.set(`${prefix}.${module.path}.weight`, [module.out, module.in]);
    }
  }
  shapes.set('model.norm.weight', [hiddenSize]);
  if (!config.tieWordEmbeddings) shapes.set('lm_head.weight', [vocabSize, hiddenSize]);
  return shapes;
}
