/** Models that classify whole sequences: what their config.json says of classes, and any model with such a head in place of its own. */
import { z } from 'zod';
import { listOf, recordOf } from '../../../shared/first-wrong.ts';
import { listed } from '../../../shared/errors/listed.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Architecture, Labels } from './architecture.ts';
import type { JsonObject } from './family.ts';

const problem = z.enum(['single_label_classification', 'multi_label_classification', 'regression']);
const classes = z.object({ architectures: listOf(z.string()).nullish() });
const fields = z.object({
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

/** What config.json says of the classes of a `…ForSequenceClassification`; null for other models. Errors: checkpoint/bad-config. */
export function labelsIn(json: JsonObject, path: string): Labels | null {
  const { architectures } = classes.safeParse(json).data ?? {};
  if (!architectures?.[0]?.endsWith('ForSequenceClassification')) return null;
  const { data, error } = fields.safeParse(json);
  if (data === undefined) {
    const problems = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw lorikeetError('checkpoint/bad-config', { path, problems });
  }
  const { problem_type: kind, id2label, num_labels: count } = data;
  const named = Object.entries(id2label ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  if (named.some(([id], i) => Number(id) !== i)) {
    const ids = named.map(([id]) => id).join(', ');
    const problems = [`id2label has the numbers ${ids}, which do not count from 0`];
    throw lorikeetError('checkpoint/bad-config', { path, problems });
  }
  const names = named.length > 0 ? named.map(([, name]) => name) : plainNames(count ?? 2);
  return { problem: kind ?? null, names };
}

const others = z.object({ label2id: recordOf(z.string(), z.int()), num_labels: z.int() }).partial();

/** Sentences about what config.json says otherwise of these classes, and transformers passes over. */
export function tellOtherLabels(json: JsonObject, { names }: Labels): string[] {
  const { label2id = {}, num_labels: count = names.length } = others.safeParse(json).data ?? {};
  const other = Object.entries(label2id).filter(([name, id]) => names[id] !== name);
  return [
    ...(other.length > 0
      ? [
          `The model's config.json gives ${listed(other.map(([name, id]) => `"${name}" the number ${id}`))} in label2id, and says otherwise in id2label, which is used.`,
        ]
      : []),
    ...(count !== names.length
      ? [
          `The model's config.json has num_labels ${count}, and names ${names.length} classes, which are used.`,
        ]
      : []),
  ];
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
