/** Tasks in words. */
import type { LearntLabels, ModelRecord } from '../../shared/contract/records.ts';
import type { TaskKind } from '../../shared/tasks.ts';

export const taskChoices: readonly { value: TaskKind; label: string; help: string }[] = [
  {
    value: 'causal-lm',
    label: 'Answers',
    help: 'The model learns to write the answers in the data, token by token.',
  },
  {
    value: 'sequence-classification',
    label: 'Classification',
    help: 'The model learns to tell the label of a text, or of a pair; it writes nothing. A small head is trained beside the adapter.',
  },
];

/** Why the model has no choice of tasks; null where there is one. */
export function sayOnlyTask({
  name,
  description: { tasks, labels, architecture },
}: ModelRecord): string | null {
  const [task] = tasks;
  if (tasks.length > 1 || task !== 'sequence-classification') return null;
  if (labels === null) {
    return `${name} is an encoder (${architecture}): it reads texts and writes none, so classification is what it learns. A small head is trained beside the adapter.`;
  }
  const says =
    labels.problem === 'regression' ? 'tells a value' : `tells apart ${labels.names.join(', ')}`;
  return `${name} ${says} and writes nothing, so classification is what it learns. Its head is trained on where it has all labels of the data, and anew where not.`;
}

/** 'negative, positive', of many classes the first and how many there are. */
export function sayLearntLabels({ problem, names, pairs }: LearntLabels): string {
  const of = pairs ? ' (pairs of texts)' : '';
  if (problem === 'regression') return `a value${of}`;
  const most = 6;
  const some = names.slice(0, most).join(', ');
  return names.length <= most ? `${some}${of}` : `${names.length} classes: ${some}, …${of}`;
}
