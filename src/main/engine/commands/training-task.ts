/** What runs are to learn, from their settings, the model and the data: the task, and the head that it begins with. */
import type { TrainingConfig } from '../../../shared/contract/training-config.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { parseLabelled } from '../dataset/parse-labelled.ts';
import { loadData, type DataFile } from '../dataset/read-data.ts';
import { freshHead } from '../lora/head-start.ts';
import type { Architecture } from '../model/architecture.ts';
import { asClassifier, knownLabels, type KnownLabels } from '../model/classifier.ts';
import { causalLm } from '../task/causal-lm.ts';
import { labelsOf, tellApart } from '../task/label-kinds.ts';
import { LabelNumbers } from '../task/label-numbers.ts';
import { sequenceClassification } from '../task/sequence-classification.ts';
import type { Task } from '../task/task.ts';
import { sharedSettings } from '../train/variants.ts';
import { givenHead } from './given-head.ts';
import type { Starts } from './start-adapters.ts';
import { refuseWithoutNextToken } from './task-of.ts';

export type TrainingTask = {
  task: Task;
  /** The model with the head that is trained. */
  architecture: Architecture;
  labels: KnownLabels | null;
  /** Whether it is learnt from pairs of texts. */
  pairs: boolean;
  /** First values of the head by the names of its tensors, for a run (counted from 0) with this seed. */
  headStart: (run: number, seed: number) => (path: string) => Float32Array | undefined;
  /** What a person should know of it, in sentences. */
  notices: string[];
};

/**
 * The task of runs that are trained together.
 * @param starts what each run starts from
 * Errors: task/no-next-token, dataset/one-class, train/labels-differ, train/variants-differ, start/labels-differ, dataset/*; those
 * of `givenHead`.
 */
export async function trainingTask(
  configs: readonly TrainingConfig[],
  checkpoint: Checkpoint,
  starts: Starts = [],
): Promise<TrainingTask> {
  const { architecture } = checkpoint;
  if (sharedSettings(configs).task === 'causal-lm') {
    refuseWithoutNextToken({ checkpoint, labels: architecture.labels });
    const headStart = () => () => undefined;
    return { task: causalLm, architecture, labels: null, pairs: false, headStart, notices: [] };
  }
  const given = givenHead(starts, checkpoint);
  const learnt = await labelledOfEach(configs, given?.problem ?? 'auto');
  const [first, ...others] = learnt.map(({ labels }) => labels);
  if (!first) throw new RangeError('nothing to train');
  const other = others.find(({ names }) => names.join('\n') !== first.names.join('\n'));
  if (other) throw lorikeetError('train/labels-differ', { first: first.names, other: other.names });
  const own = given?.labels ?? (architecture.labels && knownLabels(architecture.labels));
  const goesOn = own !== null && fitsInto(first, own);
  if (given && !goesOn) {
    const { path, labels } = given;
    throw lorikeetError('start/labels-differ', { path, labels: labels.names, found: first.names });
  }
  // A fresh head needs something to tell from something else.
  const alike = goesOn ? -1 : learnt.findIndex(({ apart }) => !apart);
  if (alike >= 0) {
    const path = configs[alike]?.data ?? '';
    throw lorikeetError('dataset/one-class', { path, names: first.names });
  }
  const labels = goesOn ? { ...own, problem: first.problem } : first;
  const classifier = asClassifier(architecture, labels);
  const { head } = classifier;
  const parts = head.parts(labels.names.length);
  return {
    task: sequenceClassification(classifier, new LabelNumbers(labels)),
    architecture: classifier,
    labels,
    pairs: learnt.some(({ pairs }) => pairs),
    headStart(run, seed) {
      const ofAdapter = given?.of(run);
      if (ofAdapter) return ofAdapter;
      if (goesOn && !given) return (path) => checkpoint.read(path);
      const fresh = freshHead(parts, head.deviation, seed);
      return (path) => fresh.get(path);
    },
    notices: [
      goesOn
        ? `The head goes on from ${given ? 'that of the adapter' : "the model's own"}, for ${shown(labels)}.`
        : `The head starts anew, for ${shown(labels)}.`,
    ],
  };
}

/** What a data file has for labels, whether its texts are pairs, and whether the labels tell any example from another. */
type Labelled = { labels: KnownLabels; pairs: boolean; apart: boolean };

/** @param usual what the labels are, where a run leaves it open */
async function labelledOfEach(
  configs: readonly TrainingConfig[],
  usual: TrainingConfig['problem'],
): Promise<Labelled[]> {
  const known = new Map<string, Labelled>();
  const all: Labelled[] = [];
  for (const { data: path, columns, problem } of configs) {
    const file = { path, columns };
    const key = JSON.stringify(file);
    const found =
      known.get(key) ?? (await labelledInFile(file, problem === 'auto' ? usual : problem));
    known.set(key, found);
    all.push(found);
  }
  return all;
}

async function labelledInFile(file: DataFile, asked: TrainingConfig['problem']): Promise<Labelled> {
  const { examples, unit } = await loadData(file, parseLabelled);
  const found = labelsOf(examples, asked === 'auto' ? null : asked);
  if ('badLines' in found)
    throw lorikeetError('dataset/bad-lines', { path: file.path, unit, badLines: found.badLines });
  const pairs = examples.some(({ texts }) => texts.length === 2);
  return { labels: found, pairs, apart: tellApart(examples, found) };
}

/** Whether a model's own head has an output for each of the labels. */
function fitsInto(labels: KnownLabels, own: KnownLabels): boolean {
  if (labels.problem === 'regression') return own.names.length === 1;
  if (own.problem === 'regression') return false;
  const numbers = new LabelNumbers({ ...own, problem: 'single_label_classification' });
  return labels.names.every((name) => typeof numbers.of(name) === 'number');
}

function shown({ problem, names }: KnownLabels): string {
  if (problem === 'regression') return 'a value';
  const some = names.slice(0, 8).join(', ');
  return `${names.length} classes: ${some}${names.length > 8 ? ', …' : ''}`;
}
