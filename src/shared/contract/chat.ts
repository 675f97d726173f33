/** A conversation with several models side by side, as it is kept and shown. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';

/** Why an answer is over: the model ended it, it is as long as it may be, the model's context is full, or a person stopped it. */
const chatEnd = z.enum(['end', 'length', 'context', 'stopped']);

/** Adapters beside the base that answer at once. */
export const mostAdapted = 3;

/** One of those that answer: the base where it has no parts, else the weighted sum of these adapters. */
const column = z.object({
  /** What its answers are known by, whatever it is made of later. */
  key: z.int(),
  parts: z.array(z.object({ id: z.int(), weight: z.number() })),
});

/** Whom a conversation is with, and how they answer. */
const chatSetup = z.object({
  /** The path of the base. */
  model: z.string().min(1),
  columns: z
    .array(column)
    .min(1)
    .max(1 + mostAdapted),
  /** Empty for none. */
  system: z.string(),
  maxNewTokens: z.int().positive(),
  temperature: z.number().nonnegative(),
  topP: z.number().positive().max(1),
  seed: z.int().nonnegative(),
});

/** A text with something in it: an answer of nothing cannot be learnt. */
const words = z.string().regex(/\S/);

const chatAnswer = z.object({
  column: z.int(),
  /** Who gave it, as it was then: 'Base model', 'smart-home × 0.7'. */
  by: z.string(),
  text: z.string(),
  tokens: z.int(),
  tokensPerSecond: z.number(),
  ended: chatEnd,
  /** What is learnt of it: its text where that was right, or a better one; null where it is no data. */
  right: words.nullable(),
});

const chatTurn = z.object({ asked: words, answers: z.array(chatAnswer) });

export const conversation = z.object({
  id: z.int(),
  name: z.string(),
  setup: chatSetup,
  /** The model has no chat template: it goes on with each text by itself. */
  plain: z.boolean(),
  turns: z.array(chatTurn),
  createdAt: z.number(),
  changedAt: z.number(),
});

/** A conversation in a list; `right` counts its answers that are data. */
export const conversationHead = conversation
  .pick({ id: true, name: true, changedAt: true })
  .extend({ turns: z.int(), right: z.int() });

/** What is asked next. Turns from `after` on make way for it: a number of turns that asks anew asks the last question again. */
export const chatQuestion = z.object({
  /** Null begins a conversation. */
  id: z.int().nullable(),
  setup: chatSetup,
  after: z.int().nonnegative(),
  asked: words,
});

/** What came of it. */
export const chatOutcome = z.object({
  chat: conversation,
  /** The base was read for it. */
  loaded: z.boolean(),
  notices: z.array(z.string()),
  /** The engine ended: the question is kept without an answer, and can be asked again as it is. */
  problem: problem.nullable(),
});

/** Marks an answer as data, or as none. */
export const chatMark = z.object({
  id: z.int(),
  turn: z.int().nonnegative(),
  column: z.int(),
  right: words.nullable(),
});

export type ChatEnd = z.output<typeof chatEnd>;
export type ChatSetup = z.output<typeof chatSetup>;
export type ChatAnswer = z.output<typeof chatAnswer>;
export type ChatTurn = z.output<typeof chatTurn>;
export type ChatQuestion = z.output<typeof chatQuestion>;
export type Conversation = z.output<typeof conversation>;
export type ConversationHead = z.output<typeof conversationHead>;
