/** The head that a model's answers come from: its own next-token head, or one that tells sequences apart. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Adapter, SavedTensor } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { sameShape } from '../graph/shape.ts';
import type { Labels } from '../model/architecture.ts';
import { labelCount, plainNames } from '../model/classifier.ts';
import { tasks } from '../../../shared/tasks.ts';

export type OpenHead = {
  /** Each with its head whole; one that is nothing but the model's own head where there are none. */
  adapters: readonly Adapter[];
  labels: Labels;
};

const classifying = tasks['sequence-classification'].peftType;

/**
 * Null where the adapters, or without any the model, predict the next token.
 * Errors: adapter/other-task, adapter/no-head, adapter/labels-differ, task/no-next-token.
 */
export function openHead(
  adapters: readonly Adapter[],
  paths: readonly string[],
  base: Checkpoint,
): OpenHead | null {
  const { architecture } = base;
  const places = adapters.map((adapter, i) => ({ adapter, path: paths[i] ?? base.path }));
  const classifies = ({ adapter }: { adapter: Adapter }) => adapter.taskType === classifying;
  if (architecture.labels === null && !places.some(classifies)) return null;
  const other = places.find((place) => !classifies(place));
  if (other) throw otherTask(other.path, other.adapter, classifying);
  const whole = places.map(({ adapter, path }) => withWholeHead(adapter, path, base));
  const [first, ...more] = whole;
  if (!first) {
    const { labels } = architecture;
    return labels && { adapters: [headOfBase(base, labels)], labels };
  }
  const differing = more.findIndex(
    ({ labels }) => labels.names.join('\n') !== first.labels.names.join('\n'),
  );
  if (differing >= 0) {
    throw lorikeetError('adapter/labels-differ', {
      path: places[differing + 1]?.path ?? '',
      labels: more[differing]?.labels.names ?? [],
      first: first.labels.names,
    });
  }
  return { adapters: whole.map(({ adapter }) => adapter), labels: first.labels };
}

function otherTask(path: string, { taskType }: Adapter, wanted: string) {
  return lorikeetError('adapter/other-task', { path, taskType, wanted });
}

/** The adapter with the parts of the head that it lacks taken from the base. */
function withWholeHead(
  adapter: Adapter,
  path: string,
  base: Checkpoint,
): { adapter: Adapter; labels: Labels } {
  const { architecture } = base;
  const count =
    labelCount(architecture, (name) => adapter.saved.get(name)?.shape) ??
    architecture.labels?.names.length ??
    null;
  if (count === null)
    throw lorikeetError('adapter/no-head', {
      path,
      problems: ['it is not in the file, nor in the model'],
    });
  const problems: string[] = [];
  const saved = new Map<string, SavedTensor>();
  for (const { path: name, shape } of architecture.head.parts(count)) {
    // PEFT writes all of a module that it saves.
    const isDeclared = name.split('.').some((part) => adapter.savedModules?.includes(part));
    const found = adapter.saved.get(name) ?? (isDeclared ? undefined : savedOf(base, name));
    if (found && sameShape(found.shape, shape)) saved.set(name, found);
    else
      problems.push(
        found
          ? `${name} is [${found.shape.join(', ')}] instead of [${shape.join(', ')}]`
          : `${name} is missing`,
      );
  }
  const extra = [...adapter.saved.keys()].filter((name) => !saved.has(name));
  problems.push(...extra.map((name) => `${name} is no part of this model's head`));
  const named = adapter.labels ?? architecture.labels;
  const labels =
    named?.names.length === count
      ? named
      : { problem: named?.problem ?? null, names: plainNames(count) };
  if (adapter.labels && adapter.labels.names.length !== count) {
    problems.push(
      `its labels.json names ${adapter.labels.names.length} classes, and the head has ${count}`,
    );
  }
  if (problems.length > 0) throw lorikeetError('adapter/no-head', { path, problems });
  return { adapter: { ...adapter, saved, labels }, labels };
}

function savedOf(base: Checkpoint, name: string): SavedTensor | undefined {
  const shape = base.tensors.get(name)?.shape;
  return shape && { shape, values: base.read(name) };
}

/** The model's own head as an adapter without targets. */
export function headOfBase(base: Checkpoint, labels: Labels): Adapter {
  const parts = base.architecture.head.parts(labels.names.length);
  const settings = { rank: 1, alpha: 1, dropout: 0, useRslora: false, useDora: false };
  return {
    ...settings,
    baseModel: base.path,
    taskType: classifying,
    modules: new Map(),
    saved: new Map(parts.map(({ path, shape }) => [path, { shape, values: base.read(path) }])),
    labels,
  };
}
