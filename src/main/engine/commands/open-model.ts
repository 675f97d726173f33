/** A base model with its adapters, opened for a command. */
import type { EngineContext, ModelSource } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { availableMemory } from '../available-memory.ts';
import type { Adapter } from '../checkpoint/adapter.ts';
import { withCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { bankOf, type Bank } from '../lora/adapter-bank.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { computeTypeOf } from '../policy.ts';
import { holdForAnswers } from './hold-for-answers.ts';
import { mannerOf } from './manner.ts';
import type { Architecture, Labels } from '../model/architecture.ts';
import { asClassifier } from '../model/classifier.ts';
import { severalNames } from '../origin/base-name.ts';
import { openAdapter } from './open-adapter.ts';
import { openHead } from './open-head.ts';
import { tellOtherBase } from './tell-other-base.ts';
import type { ChatManner } from '../tokenizer/chat-manner.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';

/** A base and adapters that fit it, before it is said how much each counts and how conversations are written. */
export type OpenBase = {
  /** As it is held. */
  checkpoint: Checkpoint;
  /** That of the checkpoint, with the head that the adapters bring. */
  architecture: Architecture;
  /** The classes that it tells apart; null where it predicts the next token. */
  labels: Labels | null;
  /** The model's own head as the only one, where it has one and no adapter was given. */
  adapters: readonly Adapter[];
  computeType: ComputeType;
};

export type OpenModel = Omit<OpenBase, 'adapters'> & {
  tokenizer: Tokenizer;
  bank: Bank;
  /** Weight of each adapter. */
  gates: readonly number[];
  /** What a person should know of the model and its tokenizer, in sentences. */
  notices: readonly string[];
};

/** Opens the files, hands them to `work`, and closes them whatever happens. Every adapter has to fit the model. */
export async function withModel<T>(
  source: ModelSource,
  context: Pick<EngineContext, 'emit'>,
  work: (model: OpenModel) => T | Promise<T>,
): Promise<T> {
  return withBase(source, context, ({ adapters, ...base }) => {
    const weights = source.adapters.map(({ weight }) => weight);
    return work({
      ...base,
      ...tokenizerOf(base, mannerOf(source, context)),
      bank: bankOf(adapters, base.architecture),
      // The model's own head counts whole.
      gates: weights.length === 0 ? [1] : weights,
    });
  });
}

/** What `withModel` does, for commands that ask the same base in several ways. */
export async function withBase<T>(
  source: Pick<ModelSource, 'model' | 'adapters' | 'precision' | 'held'>,
  context: Pick<EngineContext, 'emit'>,
  work: (base: OpenBase) => T | Promise<T>,
): Promise<T> {
  return withCheckpoint(source.model, (opened) => {
    const computeType = computeTypeOf(source.precision);
    const free = availableMemory();
    const checkpoint = holdForAnswers(opened, source, computeType, free, context);
    const read = source.adapters.map(({ path }) => openAdapter(path, checkpoint, context));
    const paths = source.adapters.map(({ path }) => path);
    tellOtherBase(checkpoint, paths, context);
    const named = read.map(({ baseModel }) => baseModel);
    tellAll(context, severalNames(named, checkpoint.path));
    const head = openHead(read, paths, checkpoint);
    const architecture = head
      ? asClassifier(checkpoint.architecture, head.labels)
      : checkpoint.architecture;
    return work({
      checkpoint,
      architecture,
      labels: head?.labels ?? null,
      adapters: head?.adapters ?? read,
      computeType,
    });
  });
}

/** The tokenizer for conversations in this manner, and what a person should know of it and of the model. */
export function tokenizerOf(
  { checkpoint }: Pick<OpenBase, 'checkpoint'>,
  manner: ChatManner,
): Pick<OpenModel, 'tokenizer' | 'notices'> {
  const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, manner);
  return { tokenizer, notices: [...checkpoint.architecture.notices, ...tokenizer.notices] };
}

/** What a person should know that does not stop the work. */
export function tellAll({ emit }: Pick<EngineContext, 'emit'>, notices: readonly string[]): void {
  for (const text of notices) emit({ kind: 'notice', text });
}

/** Reports weights as they are read. */
export function tellWeights({ emit }: EngineContext): (done: number, total: number) => void {
  return (done, total) => {
    if (done === total || done % 16 === 0) {
      emit({ kind: 'progress', phase: 'Reading weights', done, total });
    }
  };
}

/** Lets messages in between two runs of the session, and stops the work when that was asked for. */
export async function breathe(signal: AbortSignal, work: string): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (signal.aborted) throw lorikeetError('engine/cancelled', { work });
}
