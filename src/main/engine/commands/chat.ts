/** `chat`: what several models say next in their conversations. The base stays loaded for the next call. */
import type { ChatEnd } from '../../../shared/contract/chat.ts';
import type {
  EngineContext,
  EngineRequest,
  EngineResponse,
} from '../../../shared/contract/engine.ts';
import { LorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import { availableMemory } from '../available-memory.ts';
import { promptTokens } from '../batch/encode.ts';
import { tellFitted } from '../batch/tell-fitted.ts';
import { openCheckpoint } from '../checkpoint/open-checkpoint.ts';
import { stateOf } from '../origin/fingerprint-cache.ts';
import { computeTypeOf } from '../policy.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { tellIdleSettings } from '../generate/idle-settings.ts';
import { adapterKey, ChatBase } from './chat-base.ts';
import { holdForAnswers } from './hold-for-answers.ts';
import { learntBase } from './learnt-base.ts';
import { mannerOf } from './manner.ts';
import { breathe, tellAll } from './open-model.ts';
import { refuseLongPrompts } from './refuse-long-prompts.ts';
import { stoppable } from './stoppable.ts';

type Answers = EngineResponse<'chat'>['answers'];

/** One at a time: it may take half of the memory. */
let kept: { key: string; stamps: string; base: ChatBase } | null = null;

/** Gives the memory of the last chat back. */
export function endChat(): void {
  const { base } = kept ?? {};
  kept = null;
  base?.dispose();
}

/** Errors: task/no-next-token, engine/prompt-too-long, engine/answer-too-long, those of opening a model and its adapters. */
export async function chat(
  request: EngineRequest<'chat'>,
  context: EngineContext,
): Promise<EngineResponse<'chat'>> {
  const answers: Answers = request.columns.map(() => {
    return { text: '', tokens: 0, tokensPerSecond: 0, ended: 'stopped' };
  });
  let loaded = false;
  try {
    const whole = stoppable(context, 'The answer');
    const base = await baseFor(request, whole);
    loaded = await answer(request, base, answers, whole);
  } catch (thrown) {
    const stopped = thrown instanceof LorikeetError && thrown.code === 'engine/cancelled';
    // What TensorFlow refused may have left anything behind.
    if (!(thrown instanceof LorikeetError) || thrown.code.startsWith('engine/out-of')) endChat();
    if (!stopped) throw thrown;
  }
  return { answers, loaded };
}

/** The kept base, or another one in its place. */
async function baseFor(
  { model, columns, precision, held }: EngineRequest<'chat'>,
  context: EngineContext,
): Promise<ChatBase> {
  const adapters = columns.flatMap((column) => column.adapters);
  const values =
    held ??
    learntBase(
      adapters.map(({ path }) => path),
      context,
    );
  const key = JSON.stringify([model, precision, values]);
  if (kept?.key === key && kept.stamps === stampsOf(kept.base)) return kept.base;
  endChat();
  const opened = await openCheckpoint(model);
  try {
    const computeType = computeTypeOf(precision);
    const source = { adapters, ...(held && { held }) };
    const checkpoint = holdForAnswers(opened, source, computeType, availableMemory(), context);
    const base = new ChatBase(opened, checkpoint, computeType);
    kept = { key, stamps: stampsOf(base), base };
    return base;
  } catch (thrown) {
    opened.close();
    throw thrown;
  }
}

/** The state of the base's files. */
function stampsOf({ files }: ChatBase): string {
  return files.checkpoint.files.map((path) => stateOf(path)?.stamp ?? '').join();
}

/** Writes into `answers` as it goes. Gives whether weights were read. */
async function answer(
  request: EngineRequest<'chat'>,
  base: ChatBase,
  answers: Answers,
  context: EngineContext,
): Promise<boolean> {
  const { columns, options } = request;
  const adapters = columns.flatMap((column) => column.adapters);
  const { tokenizer, notices } = base.tokenizer(mannerOf({ ...request, adapters }, context));
  const prompts = columns.map(({ prompt }) => prompt);
  const encoded = prompts.map((prompt) => promptTokens(prompt, tokenizer));
  refuseLongPrompts(base.files, encoded);
  const positions = base.files.checkpoint.config.maxPositionEmbeddings;
  const longest = Math.max(...encoded.map(({ length }) => length));
  const tokens = Math.min(longest + options.maxNewTokens, positions);
  const { model, places, loaded } = base.ready(request, tokens, context);
  const ofModel = [
    ...notices,
    ...tellIdleSettings(base.files.checkpoint.tokenizer.generationConfig),
  ];
  tellAll(context, [...(loaded ? ofModel : []), ...tellFitted(prompts, tokenizer)]);
  const gates = columns.map(({ adapters: own }) => {
    const row = model.room.places.map(() => 0);
    for (const { path, weight } of own) {
      const at = places.get(adapterKey(path));
      if (at !== undefined) row[at] = (row[at] ?? 0) + weight;
    }
    return row;
  });
  const started = performance.now();
  const endOf = (column: number, tokens: number): ChatEnd => {
    if (tokens >= options.maxNewTokens) return 'length';
    return (encoded[column]?.length ?? 0) + tokens >= positions ? 'context' : 'end';
  };
  const take = (written: readonly (readonly number[])[]) => {
    const seconds = (performance.now() - started) / 1000;
    takeIn(answers, written, { tokenizer, seconds, endOf }, context);
  };
  const sampling = { ...options, mostTokens: positions, stopTokens: tokenizer.stopTokenIds };
  const done = await model.generate(encoded, gates, sampling, async (written) => {
    take(written);
    await breathe(context.signal, 'The answer');
  });
  take(done);
  answers.forEach((each, column) => {
    each.ended = endOf(column, each.tokens);
  });
  return loaded;
}

type Reading = {
  tokenizer: Tokenizer;
  /** Since the question. */
  seconds: number;
  /** Why an answer of so many tokens is over, if it is. */
  endOf: (column: number, tokens: number) => ChatEnd;
};

/** Tells what is new in the answers. Each that goes on has another token whenever one has. */
function takeIn(
  answers: Answers,
  written: readonly (readonly number[])[],
  { tokenizer, seconds, endOf }: Reading,
  { emit }: EngineContext,
): void {
  const isNew = answers.map(({ tokens }, column) => tokens !== written[column]?.length);
  answers.forEach((each, column) => {
    const tokens = written[column] ?? [];
    const end = endOf(column, tokens.length);
    if (isNew.includes(true) && (!isNew[column] || end !== 'end')) each.ended = end;
    if (!isNew[column]) return;
    // A character may take several tokens: its beginning tells nothing yet.
    each.text = tokenizer.decode(tokens, { skipSpecial: true }).replace(/\uFFFD+$/, '');
    each.tokens = tokens.length;
    each.tokensPerSecond = tokens.length / seconds;
    emit({ kind: 'answer', column, text: each.text });
  });
}
