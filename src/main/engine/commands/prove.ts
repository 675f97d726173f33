/** Asks base + adapter, and then the written files, the same in float32. */
import { isDeepStrictEqual } from 'node:util';
import type { EngineContext } from '../../../shared/contract/engine.ts';
import type { Block } from '../batch/block.ts';
import { padBlocks } from '../batch/pack.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { mergedArchitecture } from '../export/merged-head.ts';
import { proofPrompts, proofSequences } from '../export/proof-prompts.ts';
import { compareClassifiers, compareModels, type Comparison } from '../export/verify.ts';
import { bankOf } from '../lora/adapter-bank.ts';
import type { Architecture } from '../model/architecture.ts';
import type { KnownLabels } from '../model/classifier.ts';
import { fusionOfDevice } from '../policy.ts';
import { Scorer } from '../score/scorer.ts';
import { causalLm } from '../task/causal-lm.ts';
import { LabelNumbers } from '../task/label-numbers.ts';
import { sequenceClassification } from '../task/sequence-classification.ts';
import type { Task } from '../task/task.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';
import { openHead } from './open-head.ts';
import { breathe } from './open-model.ts';

export type Proof = {
  comparison: Comparison;
  equal: { tokenizer: boolean; chatTemplate: boolean };
};

/** What is merged, and the folder that it was read from. */
type Merged = { adapter: Adapter; path: string };

/** By the logits at every token of held-out prompts. */
export async function proveAnswers(
  folder: string,
  base: Checkpoint,
  { adapter, path }: Merged,
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Proof> {
  const prompts = await proofPrompts(path, { config: base.config, tokenizer }, context);
  const length = Math.max(...prompts.map((prompt) => prompt.length));
  const step = stepsOf(2 * prompts.length, context);
  const before: Float32Array[] = [];
  await withScorer(base, [adapter], { task: causalLm, length }, async (scorer) => {
    for (const prompt of prompts) {
      before.push(scorer.logits(prompt).slice());
      await step(before.length);
    }
  });
  return withWritten(folder, (written) =>
    withScorer(written, [], { task: causalLm, length }, async (scorer) => {
      const comparison = await compareModels(
        prompts,
        base.config.vocabSize,
        before,
        (tokens) => scorer.logits(tokens),
        (done) => step(prompts.length + done),
      );
      return { comparison, equal: sameTexts(base, written, tokenizer, prompts) };
    }),
  );
}

/** By what the head says of held-out texts. */
export async function proveClassifier(
  folder: string,
  base: Checkpoint,
  { adapter, path, labels }: Merged & { labels: KnownLabels },
  tokenizer: Tokenizer,
  context: EngineContext,
): Promise<Proof> {
  const architecture = mergedArchitecture(base, adapter);
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
  const asked = { task, length };
  const answersOf = (scorer: Scorer) => answersTo(scorer, blocks);
  const before = await withScorer(base, [adapter], asked, answersOf, architecture);
  await step(1);
  return withWritten(folder, async (written) => {
    const head = openHead([], [], written);
    // What was trained with the head may be the encoder's own in the written files.
    const again = { ...asked, task: taskOn(written.architecture) };
    const after = await withScorer(written, head?.adapters ?? [], again, answersOf);
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

async function withWritten<T>(folder: string, work: (written: Checkpoint) => Promise<T>) {
  const written = await openCheckpoint(folder);
  try {
    return await work(written);
  } finally {
    written.close();
  }
}

async function withScorer<T>(
  checkpoint: Checkpoint,
  adapters: readonly Adapter[],
  { task, length }: { task: Task; length: number },
  work: (scorer: Scorer) => Promise<T>,
  architecture: Architecture = checkpoint.architecture,
): Promise<T> {
  const { layout, parameters } = bankOf(adapters, architecture);
  const scorer = new Scorer(
    {
      ...{ architecture, task, layout, computeType: 'float32' },
      shape: { rows: 1, length },
      capacity: task.capacityFor(1),
      fusion: fusionOfDevice() === 'layers' ? 'layers' : 'none',
    },
    checkpoint,
    { parameters, gates: [1] },
  );
  try {
    return await work(scorer);
  } finally {
    scorer.dispose();
  }
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
  return {
    tokenizer:
      sameTokens &&
      isDeepStrictEqual(written.tokenizer.tokenizerJson, base.tokenizer.tokenizerJson),
    chatTemplate: written.tokenizer.chatTemplate === base.tokenizer.chatTemplate,
  };
}
