/** A checkpoint in the figures that the window and the command line show. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LinearModule, ModelDescription } from '../../../shared/contract/records.ts';
import type { Architecture } from '../model/architecture.ts';
import { knownLabels } from '../model/classifier.ts';
import type { Checkpoint } from './checkpoint.ts';
import { parametersOf, storedTypes } from './stored-types.ts';

/** Counts parameters (a tied output matrix once) and ranks the stored types by their bytes. */
export function describeCheckpoint(checkpoint: Checkpoint): ModelDescription {
  const { architecture, config, format, tokenizer } = checkpoint;
  const labels = architecture.labels && knownLabels(architecture.labels);
  return {
    format,
    architecture: config.modelType,
    parameters: parametersOf(checkpoint),
    layers: config.numHiddenLayers,
    hiddenSize: config.hiddenSize,
    vocabSize: config.vocabSize,
    contextLength: config.maxPositionEmbeddings,
    storedAs: storedTypes(checkpoint),
    fileBytes: weightFileBytes(checkpoint),
    modules: describeModules(architecture),
    hasChatTemplate: tokenizer.chatTemplate !== null,
    tasks: tasksOf(architecture),
    labels: labels && { problem: labels.problem, names: [...labels.names] },
  };
}

/** A model that classifies by itself, or predicts no next token, can learn nothing but to classify. */
function tasksOf({ labels, outside }: Architecture): ModelDescription['tasks'] {
  const classifiesOnly = labels !== null || outside.output === null;
  return [...(classifiesOnly ? [] : (['causal-lm'] as const)), 'sequence-classification'];
}

/** Those of all experts as one, since a person chooses them together. */
function describeModules({ linears, layersPath }: Architecture): LinearModule[] {
  const names = new Set(linears.map(({ name }) => name));
  return [...names].flatMap((name) => {
    const own = linears.filter((linear) => linear.name === name);
    const [first] = own;
    if (!first) return [];
    const { path, in: width, out, layers, gate = false } = first;
    const local = own.length > 1 ? path.replace('.experts.0.', '.experts.{expert}.') : path;
    const place = { path: `${layersPath}.{layer}.${local}`, in: width, out };
    const inLayers = layers ? [...layers] : null;
    return [{ name, ...place, copies: own.length, inLayers, gate }];
  });
}

/** Bytes of the file, or of all safetensors files of a directory. */
function weightFileBytes({ format, path }: Checkpoint): number {
  if (format === 'gguf') return statSync(path).size;
  return readdirSync(path)
    .filter((name) => name.endsWith('.safetensors'))
    .reduce((sum, name) => sum + statSync(join(path, name)).size, 0);
}
