/** Sizes that every decoder's config.json has. */
import { parseArchitecture } from '../../../../../src/main/engine/model/families/index.ts';

/** Four layers, so that rules by layer can be told apart. */
const sizes = {
  vocab_size: 300,
  hidden_size: 4096,
  intermediate_size: 160,
  num_hidden_layers: 4,
  num_attention_heads: 32,
  max_position_embeddings: 512,
};

export function parse(json: Record<string, unknown>) {
  return parseArchitecture({ ...sizes, ...json }, '/m/config.json');
}

/** The window of each layer. */
export function windowsOf(json: Record<string, unknown>): (number | null)[] {
  const model = parse(json);
  const { numHiddenLayers: length } = model.config;
  return Array.from({ length }, (_, layer) => model.attention(layer).window);
}
