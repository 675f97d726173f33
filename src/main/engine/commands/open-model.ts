/** A base model with its adapters, opened for a command. */
import type { EngineContext, ModelSource } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { bankOf, type Bank } from '../lora/adapter-bank.ts';
import type { ComputeType } from '../model/base-weights.ts';
import { computeTypeOf } from '../policy.ts';
import { mannerOf } from './manner.ts';
import type { Architecture, Labels } from '../model/architecture.ts';
import { asClassifier } from '../model/classifier.ts';
import { openAdapter } from './open-adapter.ts';
import { openHead } from './open-head.ts';
import { createTokenizer, type Tokenizer } from '../tokenizer/tokenizer.ts';

export type OpenModel = {
  checkpoint: Checkpoint;
  tokenizer: Tokenizer;
  /** That of the checkpoint, with the head that the adapters bring. */
  architecture: Architecture;
  /** The classes that it tells apart; null where it predicts the next token. */
  labels: Labels | null;
  bank: Bank;
  /** Weight of each adapter. */
  gates: number[];
  /** What a person should know of the model and its tokenizer, in sentences. */
  notices: readonly string[];
  computeType: ComputeType;
};

/** Opens the files, hands them to `work`, and closes them whatever happens. Every adapter has to fit the model. */
export async function withModel<T>(
  source: ModelSource,
  context: Pick<EngineContext, 'emit'>,
  work: (model: OpenModel) => T | Promise<T>,
): Promise<T> {
  const checkpoint = await openCheckpoint(source.model);
  try {
    const read = source.adapters.map(({ path }) => openAdapter(path, checkpoint, context));
    const paths = source.adapters.map(({ path }) => path);
    const head = openHead(read, paths, checkpoint);
    const architecture = head
      ? asClassifier(checkpoint.architecture, head.labels)
      : checkpoint.architecture;
    const weights = source.adapters.map(({ weight }) => weight);
    const manner = mannerOf(source, context);
    const tokenizer = createTokenizer(checkpoint.tokenizer, checkpoint.config, manner);
    return await work({
      checkpoint,
      tokenizer,
      notices: [...checkpoint.architecture.notices, ...tokenizer.notices],
      architecture,
      labels: head?.labels ?? null,
      bank: bankOf(head?.adapters ?? read, architecture),
      // The model's own head counts whole.
      gates: weights.length === 0 ? [1] : weights,
      computeType: computeTypeOf(source.precision),
    });
  } finally {
    checkpoint.close();
  }
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
