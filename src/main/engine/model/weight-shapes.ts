/** Every weight that a model of a given architecture has, by its Hugging Face name. */
import type { Shape } from '../graph/shape.ts';
import { layerPath, linearsOf, type Architecture } from './architecture.ts';

/** Names and shapes of all weights ([out, in] for matrices). The output matrix is left out when it is tied to the embedding. */
export function weightShapes(architecture: Architecture): Map<string, Shape> {
  const { config, layerVectors, outside, head, labels } = architecture;
  const table = [config.vocabSize, config.hiddenSize];
  const shapes = new Map<string, Shape>([[outside.embedding, table]]);
  for (let layer = 0; layer < config.numHiddenLayers; layer++) {
    const prefix = layerPath(architecture, layer);
    for (const { path, shape } of layerVectors) shapes.set(`${prefix}.${path}`, shape);
    for (const linear of linearsOf(architecture, layer)) {
      shapes.set(`${prefix}.${linear.path}.weight`, [linear.out, linear.in]);
      if (linear.bias) shapes.set(`${prefix}.${linear.path}.bias`, [linear.out]);
    }
  }
  for (const { path, shape } of outside.vectors) shapes.set(path, shape);
  if (outside.output !== null && !config.tieWordEmbeddings) shapes.set(outside.output, table);
  for (const { path, shape } of labels ? head.parts(labels.names.length) : []) {
    shapes.set(path, shape);
  }
  return shapes;
}
