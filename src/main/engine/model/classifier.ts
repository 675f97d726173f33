/** Models that classify whole sequences: what their config.json says of classes, and any model with such a head in place of its own. */
import { z } from 'zod';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';
import type { Architecture, Labels } from './architecture.ts';
import type { JsonObject } from './family.ts';

const problem = z.enum(['single_label_classification', 'multi_label_classification', 'regression']);
const fields = z.object({
  architectures: listOf(z.string()).nullish(),
  problem_type: problem.nullish(),
  id2label: recordOf(z.string(), z.string()).nullish(),
  num_labels: z.int().min(1).nullish(),
});

/** The labels of a task, its kind decided. */
export type KnownLabels = Labels & { problem: NonNullable<Labels['problem']> };

/** transformers' names of classes that have none. */
export function plainNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `LABEL_${i}`);
}

/** What config.json says of the classes of a `…ForSequenceClassification`; null for other models. */
export function labelsIn(json: JsonObject): Labels | null {
  const parsed = fields.safeParse(json);
  if (!parsed.success) return null;
  const { architectures, problem_type: kind, id2label, num_labels: count } = parsed.data;
  if (!architectures?.[0]?.endsWith('ForSequenceClassification')) return null;
  const named = Object.entries(id2label ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const names = named.length > 0 ? named.map(([, name]) => name) : plainNames(count ?? 2);
  return { problem: kind ?? null, names };
}

/** Files that do not say what their labels are mean one class for each text, or a value where there is one output. */
export function knownLabels({ problem, names }: Labels): KnownLabels {
  const usual = names.length === 1 ? 'regression' : 'single_label_classification';
  return { problem: problem ?? usual, names };
}

/** How many labels a head of these tensors has; null where it is none of the family's. */
export function labelCount(
  { head }: Pick<Architecture, 'head'>,
  shapeOf: (path: string) => readonly number[] | undefined,
): number | null {
  // The last part has a row or a number for each label, whatever the family.
  const last = head.parts(1).at(-1);
  return (last && shapeOf(last.path)?.[0]) ?? null;
}

/** The model with a head for these classes in place of what predicts the next token. */
export function asClassifier(architecture: Architecture, labels: Labels): Architecture {
  const { outside, head } = architecture;
  const { problem: kind, names } = labels;
  return {
    ...architecture,
    labels,
    outside: { ...outside, output: null },
    huggingFaceConfig: (dtype) => ({
      ...architecture.huggingFaceConfig(dtype),
      architectures: [head.className],
      id2label: Object.fromEntries(names.entries()),
      label2id: Object.fromEntries(names.map((name, i) => [name, i])),
      ...(kind === null ? {} : { problem_type: kind }),
    }),
  };
}
