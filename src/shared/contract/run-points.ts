/** What a run tells while it trains: its steps, validations, answers under way, and the health of its adapter. Losses are nats per token. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';

export const stepPoint = z.object({
  step: z.int(),
  totalSteps: z.int(),
  epoch: z.number(),
  loss: z.number(),
  learningRate: z.number(),
  /** Global norm before clipping. */
  gradientNorm: z.number(),
  /** Tokens trained on so far, padding not counted. */
  tokens: z.int(),
  tokensPerSecond: z.number(),
  elapsedSeconds: z.number(),
  secondsLeft: z.number(),
});

/** A figure that may say nothing, as the correlation of constant answers does. */
const figure = z.number().nullable();

/** How well one class is told from the others. */
const classReport = z.object({
  label: z.string(),
  /** Of the examples for which it was answered, the share that are of it; of those that are, the share answered. */
  precision: z.number(),
  recall: z.number(),
  f1: z.number(),
  /** Examples of it. */
  support: z.int(),
});

/** What a task has to say beside the loss. */
export const taskReport = z.object({
  examples: z.int(),
  /** By the names that the task has for its figures (shared/tasks.ts). */
  figures: z.record(z.string(), figure),
  /** None where there are no classes. */
  classes: z.array(classReport),
  /** [wanted][answered]: examples; null where an example can be of several classes, or of none. */
  confusion: z.array(z.array(z.int())).nullable(),
});

/** `tokens` counts what was predicted: tokens, or examples of a task that classifies them; null reports are of the former. */
export const validationPoint = z.object({
  step: z.int(),
  loss: z.number(),
  tokens: z.int(),
  report: taskReport.nullable().default(null),
});

/** A prompt that is answered while a run trains, with the answer of the base alone. */
export const watchedPrompt = z.object({
  asked: z.string(),
  /** What the validation data has for an answer; null for a prompt that somebody typed. */
  wanted: z.string().nullable(),
  base: z.string(),
});

/** The answers of the adapter as it was after a step, in the order of the prompts. */
export const answersPoint = z.object({ step: z.int(), answers: z.array(z.string()) });

/** A figure of an adapter's health; null where it is no finite number (or too large for the engine's float32). */
const healthFigure = z.number().nullable();

/** One adapted module at one moment of a run. All norms are Frobenius norms. */
export const moduleHealth = z.object({
  layer: z.int(),
  /** 'q_proj' */
  module: z.string(),
  /** Of the ranks that learn. */
  normA: healthFigure,
  normB: healthFigure,
  /** ‖ΔW‖ / ‖W‖: how much the adapter changes the matrix that it sits on. */
  deltaRatio: healthFigure,
  /** Of the last step, before clipping. */
  gradientNorm: healthFigure,
});

/** How often each expert of a layer was chosen: shares of all choices, which add up to 1. */
const expertUse = z.object({ layer: z.int(), shares: z.array(z.number()) });

/** How an adapter was doing after a step, with what is wrong with it then. */
export const healthPoint = z.object({
  step: z.int(),
  modules: z.array(moduleHealth),
  alarms: z.array(problem),
  /** Since the reading before, of all tokens that were trained on; empty for models without experts. */
  experts: z.array(expertUse),
  /** The routers' loss of those tokens, as a multiple of what even use gives; null for models without experts, and where none was counted. */
  imbalance: z.number().nullable(),
});

export type ExpertUse = z.output<typeof expertUse>;
export type StepPoint = z.output<typeof stepPoint>;
export type ClassReport = z.output<typeof classReport>;
export type TaskReport = z.output<typeof taskReport>;
export type ValidationPoint = z.output<typeof validationPoint>;
export type WatchedPrompt = z.output<typeof watchedPrompt>;
export type AnswersPoint = z.output<typeof answersPoint>;
export type ModuleHealth = z.output<typeof moduleHealth>;
export type HealthPoint = z.output<typeof healthPoint>;
