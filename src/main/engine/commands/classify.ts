/** `classify`: what texts are, with the probability of every class. */
import type { EngineContext, EngineRequest } from '../../../shared/contract/engine.ts';
import type { Classification } from '../../../shared/contract/records.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { howMany, verbOf } from '../../../shared/how-many.ts';
import { framed } from '../batch/encode-labelled.ts';
import { padBlocks } from '../batch/pack.ts';
import { knownLabels, type KnownLabels } from '../model/classifier.ts';
import { tellAll, withModel } from './open-model.ts';
import { openScorer } from './open-scorer.ts';
import { taskOf } from './task-of.ts';

/** Texts looked at together. */
const rows = 8;

export function classify(
  { texts, sequenceLength, ...source }: EngineRequest<'classify'>,
  context: EngineContext,
): Promise<Classification[]> {
  return withModel(source, context, (model) => {
    const { checkpoint, architecture, tokenizer } = model;
    if (model.labels === null) throw lorikeetError('task/no-labels', { path: checkpoint.path });
    const labels = knownLabels(model.labels);
    const task = taskOf(model);
    const longest = Math.min(sequenceLength, architecture.config.maxPositionEmbeddings);
    const { reads } = architecture.head;
    const framing = { longest, reads, types: architecture.tokenTypes > 0 };
    const sequences = texts.map((each, index) => {
      const found = framed(each, 0, tokenizer, framing);
      if ('reason' in found) {
        throw lorikeetError('dataset/bad-example', { line: index + 1, reason: found.reason });
      }
      return { line: index + 1, cut: found.cut, ...found.sequence };
    });
    const length = Math.max(8, ...sequences.map(({ tokens }) => tokens.length));
    const cut = sequences.filter((each) => each.cut > 0).length;
    const verb = verbOf(cut);
    const told =
      cut > 0
        ? [`${howMany(cut, 'text')} ${verb} longer than ${longest} tokens and ${verb} cut.`]
        : [];
    tellAll(context, [...model.notices, ...told]);
    const { blocks } = padBlocks(sequences, length);
    const scorer = openScorer(model, task, blocks, { rows, length }, context);
    try {
      const width = labels.names.length;
      const outputs = scorer.outputs(blocks);
      return sequences.map((each, i) => ({
        ...classification(labels, outputs.subarray(i * width, (i + 1) * width)),
        cut: each.cut,
      }));
    } finally {
      scorer.dispose();
    }
  });
}

function classification(
  { problem, names }: KnownLabels,
  logits: Float32Array,
): Omit<Classification, 'cut'> {
  const scores = scoresOf(problem, logits);
  const all = names.map((label, i) => ({
    label,
    score: scores[i] ?? NaN,
    logit: logits[i] ?? NaN,
  }));
  const best = Math.max(...scores);
  const labels =
    problem === 'regression'
      ? []
      : problem === 'multi_label_classification'
        ? all.filter(({ score }) => score >= 0.5)
        : all.filter(({ score }) => score === best).slice(0, 1);
  return { problem, labels: labels.map(({ label }) => label), scores: all };
}

/** Softmax where one class is right, σ where each can be, the value itself where there are none. */
function scoresOf(problem: KnownLabels['problem'], logits: Float32Array): number[] {
  if (problem === 'regression') return [...logits];
  if (problem === 'multi_label_classification') {
    return Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)));
  }
  const greatest = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp(logit - greatest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
