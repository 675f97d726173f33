/** The tiny classifiers of the oracle: models, PEFT's adapters, and what transformers computes with them. */
import { z } from 'zod';
import { readAdapter } from '../../../../src/main/engine/checkpoint/peft-adapter.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openSafetensors } from '../../../../src/main/engine/checkpoint/safetensors-file.ts';
import { noLabel } from '../../../../src/main/engine/batch/block.ts';
import type { Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import { openHead } from '../../../../src/main/engine/commands/open-head.ts';
import { bankOf } from '../../../../src/main/engine/lora/adapter-bank.ts';
import {
  asClassifier,
  knownLabels,
  type KnownLabels,
} from '../../../../src/main/engine/model/classifier.ts';
import type { Label } from '../../../../src/main/engine/dataset/labelled-example.ts';
import { LabelNumbers } from '../../../../src/main/engine/task/label-numbers.ts';
import { sequenceClassification } from '../../../../src/main/engine/task/sequence-classification.ts';
import { fixturePath, readFixture } from './fixtures.ts';

const sequences = z.object({
  problem: z.string(),
  labels: z.array(z.string()),
  loss: z.number(),
  batches: z.array(z.array(z.int())),
  sequences: z.array(
    z.object({
      texts: z.array(z.string()),
      tokens: z.array(z.int()),
      types: z.array(z.int()).optional(),
      label: z.union([z.number(), z.array(z.number())]),
    }),
  ),
});

export type ClassifierFixture = z.output<typeof sequences>;

export function classifierFixture(name: string): ClassifierFixture {
  return readFixture(`classifiers/${name}/sequences.json`, sequences);
}

/** By name from a safetensors file of the fixture. */
export function numbersOf(name: string, file: string): Map<string, Float32Array> {
  const opened = openSafetensors(fixturePath(`classifiers/${name}/${file}`));
  try {
    return new Map([...opened.tensors.keys()].map((key) => [key, opened.read(key)]));
  } finally {
    opened.close();
  }
}

/** The model with its own head, or with PEFT's adapter, and its sequences as the task has them. */
export async function openClassifier(
  name: string,
  adapted: boolean,
  model = fixturePath(`classifiers/${name}/model`),
) {
  const path = fixturePath(`classifiers/${name}/adapter`);
  const checkpoint = await openCheckpoint(model);
  const adapters = adapted ? [readAdapter(path)] : [];
  const head = openHead(adapters, [path], checkpoint);
  const [adapter] = head?.adapters ?? [];
  if (!head || !adapter) throw new Error(`${name} has no head`);
  const labels = knownLabels(head.labels);
  const architecture = asClassifier(checkpoint.architecture, labels);
  const { reads } = architecture.head;
  const fixture = classifierFixture(name);
  const numbers = new LabelNumbers(labels);
  const numberOf = (label: number | number[]) => {
    const found = numbers.of(labelIn(label, labels));
    if (typeof found === 'number') return found;
    throw new Error(found.reason);
  };
  const task = sequenceClassification(architecture, numbers);
  return {
    ...{ checkpoint, architecture, task, labels },
    adapter: { ...adapter, labels },
    bank: bankOf(head.adapters, architecture),
    sequences: fixture.sequences.map(({ tokens, types, label }, line): Sequence => {
      const own = new Int32Array(tokens.length).fill(noLabel);
      own[reads === 'first' ? 0 : tokens.length - 1] = numberOf(label);
      const typed = types ? { types: Int32Array.from(types) } : {};
      return { line: line + 1, tokens: Int32Array.from(tokens), labels: own, ...typed };
    }),
  };
}

/** A class by its name, several by theirs, or a value. */
function labelIn(label: number | number[], { problem, names }: KnownLabels): Label {
  if (problem === 'regression') return [label].flat()[0] ?? NaN;
  if (typeof label === 'object') return names.filter((_, i) => label[i] === 1);
  return names[label] ?? '';
}
