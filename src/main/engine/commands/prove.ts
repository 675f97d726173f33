/** Asks base + adapter, and then the written files, the same in float32. */
import { isDeepStrictEqual } from 'node:util';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Block } from '../batch/block.ts';
import { padBlocks } from '../batch/pack.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { compareClassifiers, compareModels, type Comparison } from '../export/comparison.ts';
import { proofPrompts, proofSequences } from '../export/proof-prompts.ts';
import type { Architecture } from '../model/architecture.ts';
import { asClassifier, type KnownLabels } from '../model/classifier.ts';
import type { Scorer } from '../score/scorer.ts';
import { causalLm } from '../task/causal-lm.ts';
import { LabelNumbers } from '../task/label-numbers.ts';
import { sequenceClassification } from '../task/sequence-classification.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Blend } from './open-blend.ts';
import { breathe } from './open-model.ts';
import { alone, withScorer, type Scored } from './with-scorer.ts';

export type Proof = {
  comparison: Comparison;
  equal: { tokenizer: boolean; chatTemplate: boolean };
};

/** What is merged: adapters with what each counts; none for a base that is only written anew. */
export type Merged = {
  adapters: readonly Adapter[];
  weights: readonly number[];
  /** The folder that the first was read from, for its run's data. */
  path: string | null;
};

export function mergedOf({ parts }: Blend): Merged {
  return {
    adapters: parts.map(({ adapter }) => adapter),
    weights: parts.map(({ weight }) => weight),
    path: parts[0]?.path ?? null,
  };
}

/** By the logits at every token of held-out prompts: those of the written files. */
export async function proveAnswers(
  folder: string,
  base: Checkpoint,
  merged: Merged,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Proof> {
  return withCheckpoint(folder, async (written) => {
    const asked = [base, merged, alone(written), tokenizer, context] as const;
    const { prompts, comparison } = await compareAnswers(...asked);
    return { comparison, equal: sameTexts(base, written, tokenizer, prompts) };
  });
}

/** The same for an adapter that was written: those of the base with what its file holds. */
export async function proveAdapter(
  written: Adapter,
  base: Checkpoint,
  merged: Merged,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Comparison> {
  const { architecture } = base;
  const again = { checkpoint: base, architecture, adapters: [written], weights: [1] };
  return (await compareAnswers(base, merged, again, tokenizer, context)).comparison;
}

async function compareAnswers(
  base: Checkpoint,
  { adapters, weights, path }: Merged,
  again: Scored,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<{ prompts: number[][]; comparison: Comparison }> {
  const prompts = await proofPrompts(path, { config: base.config, tokenizer }, context);
  const length = Math.max(...prompts.map((prompt) => prompt.length));
  const asked = { task: causalLm, shape: { rows: 1, length }, losses: 1 };
  const step = stepsOf(2 * prompts.length, context);
  const before: Float32Array[] = [];
  const first = { checkpoint: base, architecture: base.architecture, adapters, weights };
  await withScorer(first, asked, async (scorer) => {
    for (const prompt of prompts) {
      before.push(scorer.logits(prompt).slice());
      await step(before.length);
    }
  });
  const comparison = await withScorer(again, asked, (scorer) =>
    compareModels(
      prompts,
      base.config.vocabSize,
      before,
      (tokens) => scorer.logits(tokens),
      (done) => step(prompts.length + done),
    ),
  );
  return { prompts, comparison };
}

/** By what the head says of held-out texts. */
export async function proveClassifier(
  folder: string,
  base: Checkpoint,
  { adapters, weights, path, labels }: Merged & { labels: KnownLabels },
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Proof> {
  const architecture = asClassifier(base.architecture, labels);
  const taskOn = (model: Architecture) => sequenceClassification(model, new LabelNumbers(labels));
  const task = taskOn(architecture);
  const framing = { reads: architecture.head.reads, types: architecture.tokenTypes > 0 };
  const sequences = await proofSequences(
    path,
    { config: base.config, tokenizer },
    { task, framing },
    context,
  );
  const length = Math.max(...sequences.map(({ tokens }) => tokens.length));
  const { blocks } = padBlocks(sequences, length);
  const step = stepsOf(2, context);
  const asked = { shape: { rows: 1, length }, losses: 1 };
  const answersOf = (scorer: Scorer) => answersTo(scorer, blocks);
  const first = { checkpoint: base, architecture, adapters, weights };
  const before = await withScorer(first, { ...asked, task }, answersOf);
  await step(1);
  return withCheckpoint(folder, async (written) => {
    // What was trained with the head may be the encoder's own in the written files.
    const again = { ...asked, task: taskOn(written.architecture) };
    const after = await withScorer(alone(written), again, answersOf);
    await step(2);
    const tokens = sequences.reduce((sum, each) => sum + each.tokens.length, 0);
    const prompts = sequences.map((each) => [...each.tokens]);
    return {
      comparison: compareClassifiers({ adapter: before, merged: after, labels }, tokens),
      equal: sameTexts(base, written, tokenizer, prompts),
    };
  });
}

function answersTo(scorer: Scorer, blocks: readonly Block[]): Promise<Float32Array> {
  return Promise.resolve(scorer.outputs(blocks));
}

function stepsOf(total: number, context: EngineContext): (done: number) => Promise<void> {
  return async (done) => {
    context.emit({ kind: 'progress', phase: 'Proving the merge', done, total });
    await breathe(context.signal, 'The merge');
  };
}

/** The written tokenizer has to give the same tokens for the same texts, and the template has to be the same. */
function sameTexts(
  base: Checkpoint,
  written: Checkpoint,
  tokenizer: Tokenizer,
  prompts: readonly (readonly number[])[],
): Proof['equal'] {
  const again = createTokenizer(written.tokenizer, written.config);
  const sameTokens = prompts.every((prompt) => {
    const text = tokenizer.decode(prompt);
    return isDeepStrictEqual(again.encode(text), tokenizer.encode(text));
  });
  // Two forms of file say the same in words of their own.
  const sameFiles =
    written.format !== base.format ||
    isDeepStrictEqual(written.tokenizer.tokenizerJson, base.tokenizer.tokenizerJson);
  return {
    tokenizer: sameTokens && sameFiles,
    chatTemplate: written.tokenizer.chatTemplate === base.tokenizer.chatTemplate,
  };
}
