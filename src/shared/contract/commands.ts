/** What the window may ask of the main process. Handlers, parsers and the preload bridge are derived from this table. */
import { z } from 'zod';
import { adapterStart } from './adapter-start.ts';
import { answerGroup, mostPrompts, reply } from './answers.ts';
import { chatMark, chatOutcome, chatQuestion, conversation, conversationHead } from './chat.ts';
import { compositionKind, compositionReport } from './composition.ts';
import { evaluationTable } from './evaluation.ts';
import { exportForm, exportReport } from './exports.ts';
import { foundModels } from './found-models.ts';
import { licence } from './licences.ts';
import { menuItem } from './menu.ts';
import { origin } from './origin.ts';
import { dataReport, datasetRecord } from './data-report.ts';
import { deviceReport, runEstimate } from './estimates.ts';
import { adapterRecord, classification, exportRecord, modelRecord, runRecord } from './records.ts';
import { answersPoint, healthPoint, validationPoint, watchedPrompt } from './run-points.ts';
import { rateSearch, rateTrial } from './rate-search.ts';
import { runRemarks } from './run-remarks.ts';
import { mostRunsAtOnce, runFilter, runPage } from './run-pages.ts';
import { stepColumns } from './step-columns.ts';
import { studioSettings } from './studio-settings.ts';
import { mostTrials } from '../rate-search.ts';
import { mostInSeries } from '../series.ts';
import { schemaOf } from '../settings/schema.ts';
import { dataSettings } from '../settings/table.ts';
import { problem, task, thinking, trainingConfig, validationSource } from './training-config.ts';

const nothing = z.void();
const byId = z.object({ id: z.int() });

/** A point of a curve. */
const point = z.object({ x: z.number(), y: z.number() });

const text = z.string().min(1);

/** One text, or a pair. */
const texts = z.union([z.tuple([text]), z.tuple([text, text])]);

/** Adapters of one base with what each counts, and how they become one; null for an option that the kind does not use. */
const blend = z.object({
  adapters: z.array(z.object({ id: z.int(), weight: z.number() })).min(1),
  kind: compositionKind,
  rank: z.number().nullable(),
  density: z.number().nullable(),
  seed: z.number().nullable(),
  /** See 'adapters.export'. */
  otherBase: z.boolean(),
});

export const commands = {
  'app.info': {
    request: nothing,
    response: z.object({ version: z.string(), home: z.string(), device: deviceReport }),
  },
  /** What Lorikeet is made of, with the licences. */
  'app.licences': { request: nothing, response: z.array(licence) },
  /** Puts what the page can do into the native menu, in place of what was there of the page. */
  'app.menu': { request: z.object({ items: z.array(menuItem).max(50) }), response: nothing },
  'files.pick': {
    request: z.object({ kind: z.enum(['model-file', 'model-folder', 'adapter-folder', 'data-file', 'output-folder']) }),
    response: z.string().nullable(),
  },
  /** Those of these at which nothing is any more, or nothing that may be seen. */
  'files.gone': { request: z.object({ paths: z.array(z.string()) }), response: z.array(z.string()) },
  /** Asks where, proposing this name without its ending, and writes it; null where nothing was chosen. */
  'files.save': {
    request: z.object({
      kind: z.enum(['csv', 'png']),
      name: text,
      content: z.union([z.string(), z.instanceof(Uint8Array)]),
    }),
    response: z.string().nullable(),
  },
  'files.reveal': { request: z.object({ path: z.string() }), response: nothing },
  /** Puts text on the clipboard, which the page itself may not touch. */
  'app.copy': { request: z.object({ text: z.string() }), response: nothing },

  /** Notes a crash of the page; the page then hears of it like of any other. */
  'log.crash': {
    request: z.object({ reason: z.string(), stack: z.string().nullable() }),
    response: nothing,
  },
  /** Shows the log in the file manager. */
  'log.reveal': { request: nothing, response: nothing },
  /** The end of the log, oldest line first; `cut` where there was more before. */
  'log.read': { request: nothing, response: z.object({ path: z.string(), text: z.string(), cut: z.boolean() }) },

  'models.list': { request: nothing, response: z.array(modelRecord) },
  'models.add': { request: z.object({ path: z.string() }), response: modelRecord },
  /** Those of other programs on this computer. Looks again, and tells 'find-progress' meanwhile. */
  'models.find': { request: nothing, response: foundModels },
  /** From the library; its files stay. */
  'models.remove': { request: byId, response: nothing },

  'datasets.list': { request: nothing, response: z.array(datasetRecord) },
  /** From the library; its file stays. */
  'datasets.remove': { request: byId, response: nothing },
  'datasets.inspect': {
    request: z.object({
      path: z.string(),
      columns: schemaOf(dataSettings.columns.kind),
      model: z.string().nullable(),
      sequenceLength: z.int(),
      held: z.object({ validation: validationSource, seed: z.int() }),
      ...{ task, problem, thinking },
    }),
    response: dataReport,
  },

  /** All of them, which may be thousands: for programs beside the window. */
  'runs.list': { request: nothing, response: z.array(runRecord) },
  /** Pages count from 0. */
  'runs.page': {
    request: runFilter.extend({
      page: z.int().nonnegative(),
      size: z.int().positive().max(mostRunsAtOnce),
    }),
    response: runPage,
  },
  /** Those of these that are there. */
  'runs.some': {
    request: z.object({ ids: z.array(z.int()).max(mostRunsAtOnce) }),
    response: z.array(runRecord),
  },
  /** Data files that runs have used, those of the newest runs first: at most as many as can be looked through. */
  'runs.files': { request: nothing, response: z.array(z.string()) },
  /** What such a run would need. Fails with what would keep it from training. */
  'runs.estimate': { request: trainingConfig, response: runEstimate },
  /** Fails like 'runs.estimate'; an accepted run waits behind those before it. */
  'runs.start': { request: trainingConfig, response: runRecord },
  /** The same; it is not begun before this time, in milliseconds since 1970. */
  'runs.later': {
    request: z.object({ config: trainingConfig, notBefore: z.number() }),
    response: runRecord,
  },
  /** Begins several together, which differ in a few settings. Fails like 'runs.estimate'; they wait behind those before them. */
  'runs.series': {
    request: z.object({
      configs: z.array(trainingConfig).min(2).max(mostInSeries),
      /** Of those that are trained at once the worse half ends at every rung (shared/halving.ts). */
      halving: z.boolean(),
    }),
    response: z.array(runRecord),
  },
  /** Those of a series, by the first of them; some may be gone. */
  'runs.ofSeries': { request: byId, response: z.array(runRecord) },
  /** It writes what it has learnt: one that is paused or interrupted that of its checkpoint, as soon as the engine is free. */
  'runs.stop': { request: byId, response: nothing },
  /** One that trains keeps a checkpoint first. */
  'runs.pause': { request: byId, response: nothing },
  /** One that is paused or interrupted waits for its turn again, before or behind the others, to go on from its checkpoint. */
  'runs.resume': {
    request: z.object({ id: z.int(), at: z.enum(['front', 'back']) }),
    response: runRecord,
  },
  /** Puts one that waits before another one that does, or last. */
  'runs.move': { request: z.object({ id: z.int(), before: z.int().nullable() }), response: nothing },
  /** One that waits is not begun before this time; null for as soon as its turn comes. */
  'runs.schedule': {
    request: z.object({ id: z.int(), notBefore: z.number().nullable() }),
    response: nothing,
  },
  /** One that is over begins anew, as a new run with its settings; one that can go on does. */
  'runs.retry': { request: byId, response: runRecord },
  'runs.rename': { request: z.object({ id: z.int(), name: z.string().min(1) }), response: nothing },
  /** What a person writes down about it, in place of what was there. */
  'runs.remark': { request: byId.extend(runRemarks.shape), response: nothing },
  /** Its checkpoints go to the trash, and so does its adapter where that is wanted. */
  'runs.remove': { request: z.object({ id: z.int(), adapter: z.boolean() }), response: nothing },
  /** How the losses of these went, in few points. */
  'runs.curves': {
    request: z.object({ ids: z.array(z.int()).max(mostRunsAtOnce) }),
    response: z.array(z.object({ id: z.int(), points: z.array(point) })),
  },
  'runs.metrics': {
    request: byId,
    response: z.object({
      steps: stepColumns,
      validations: z.array(validationPoint),
      health: z.array(healthPoint),
      watched: z.object({ prompts: z.array(watchedPrompt), rounds: z.array(answersPoint) }),
    }),
  },

  /** The beginning of such a run with each of these; fails where a run is training. Tells 'rate-progress' and 'rate-step' meanwhile. */
  'rates.search': {
    request: z.object({
      config: trainingConfig,
      trials: z.array(rateTrial).min(1).max(mostTrials),
    }),
    response: rateSearch,
  },
  'rates.stop': { request: nothing, response: nothing },

  'settings.get': { request: nothing, response: studioSettings },
  'settings.change': { request: studioSettings.partial().strict(), response: studioSettings },

  'adapters.list': { request: nothing, response: z.array(adapterRecord) },
  'adapters.remove': { request: byId, response: nothing },
  'adapters.try': {
    request: z.object({
      id: z.int(),
      prompt: z.string().min(1),
      maxNewTokens: z.int().positive(),
      temperature: z.number().nonnegative(),
    }),
    response: z.object({ base: reply, adapted: reply }),
  },
  /** What a text is, or a pair; `base` is null where the base model has no head that tells anything apart. */
  'adapters.classify': {
    request: z.object({
      id: z.int(),
      texts,
    }),
    response: z.object({ base: classification.nullable(), adapted: classification }),
  },
  /** The form that a run has which starts from an adapter of this model, both by their paths. */
  'adapters.form': { request: z.object({ model: text, path: text }), response: adapterStart },
  /** Where it came from and what was made of it; `gone` are the paths in these at which nothing is any more. */
  'adapters.origin': {
    request: byId,
    response: z.object({
      origin: origin.nullable(),
      exports: z.array(exportRecord),
      gone: z.array(z.string()),
    }),
  },

  /**
   * Writes an adapter, or its base with it, for another program; `type` null is the usual one of the form. `otherBase`: also where
   * the base's files are other ones than the adapter was made on, which fails otherwise. `mergeBase`: other weights of the same
   * model to merge into; null for those of the base. `force`: also where most of what the adapter changes is lost. Tells
   * 'export-progress' meanwhile.
   */
  'exports.write': {
    request: z.object({
      adapterId: z.int(),
      to: exportForm,
      type: z.string().min(1).nullable(),
      output: z.string().min(1),
      otherBase: z.boolean(),
      mergeBase: text.nullable(),
      force: z.boolean(),
    }),
    response: exportReport,
  },
  /** Of this adapter; what was begun is removed. */
  'exports.stop': { request: z.object({ adapterId: z.int() }), response: nothing },

  /** Each adapter on each data file, with what the engine had to say of them. Tells 'table-progress' meanwhile. */
  'tables.evaluate': {
    request: z.object({
      adapters: z.array(z.int()).min(1),
      /** A row for the base alone, too. */
      base: z.boolean(),
      data: z.array(z.string().min(1)).min(2),
      limit: z.int().positive().nullable(),
      answers: z.int().nonnegative().nullable(),
      sequenceLength: z.int().positive(),
    }),
    response: z.object({ table: evaluationTable, notices: z.array(z.string()) }),
  },
  'tables.stop': { request: nothing, response: nothing },

  /**
   * The same prompts by each adapter, and by the base of each where that is wanted. Adapters of the same values of one base are
   * asked over one loaded model; what keeps one base from answering is in its group, and the others answer. Tells
   * 'answers-progress' meanwhile.
   */
  'answers.ask': {
    request: z.object({
      adapters: z.array(z.int()).min(1),
      base: z.boolean(),
      prompts: z.array(text).min(1).max(mostPrompts),
      maxNewTokens: z.int().positive(),
      temperature: z.number().nonnegative(),
    }),
    response: z.object({ groups: z.array(answerGroup), notices: z.array(z.string()) }),
  },
  'answers.stop': { request: nothing, response: nothing },

  /** How far a blend is from the weighted sum of its parts. All of 'blends.…' tell 'blend-progress' meanwhile. */
  'blends.figures': {
    request: blend,
    response: z.object({ report: compositionReport, notices: z.array(z.string()) }),
  },
  /** The same prompt by the base, by each part alone with weight 1, and by the blend. */
  'blends.try': {
    request: blend.extend({
      prompt: text,
      maxNewTokens: z.int().positive(),
      temperature: z.number().nonnegative(),
    }),
    response: z.object({
      base: reply,
      parts: z.array(reply),
      blend: reply,
      notices: z.array(z.string()),
    }),
  },
  /** The same of classifiers; see 'adapters.classify' for `base`. */
  'blends.classify': {
    request: blend.extend({ texts }),
    response: z.object({
      base: classification.nullable(),
      parts: z.array(classification),
      blend: classification,
    }),
  },
  /** Enters the blend as an adapter of this name, in the studio's own folder. */
  'blends.save': { request: blend.extend({ name: text }), response: adapterRecord },
  'blends.stop': { request: nothing, response: nothing },

  /** The one that was changed last first. */
  'chats.list': { request: nothing, response: z.array(conversationHead) },
  'chats.get': { request: byId, response: conversation },
  /**
   * Asks all columns at once and keeps what they say; one that is stopped keeps what there is. Tells 'chat-answer' and
   * 'chat-progress' meanwhile.
   */
  'chats.ask': { request: chatQuestion, response: chatOutcome },
  'chats.stop': { request: nothing, response: nothing },
  'chats.mark': { request: chatMark, response: conversation },
  'chats.rename': { request: z.object({ id: z.int(), name: text }), response: nothing },
  'chats.remove': { request: byId, response: nothing },
  /** Writes the right answers of these, or of all, as a data file of the library; `examples` counts its lines. */
  'chats.export': {
    request: z.object({ ids: z.array(z.int()).min(1).nullable() }),
    response: z.object({ path: z.string(), examples: z.int() }),
  },
} as const;

export type CommandName = keyof typeof commands;
export type CommandRequest<N extends CommandName> = z.output<(typeof commands)[N]['request']>;
export type CommandResponse<N extends CommandName> = z.output<(typeof commands)[N]['response']>;
export type CommandHandlers = {
  [N in CommandName]: (
    request: CommandRequest<N>,
  ) => CommandResponse<N> | Promise<CommandResponse<N>>;
};
/** The handlers of one feature: those of all commands 'runs.…', say. */
export type FeatureHandlers<F extends string> = Pick<
  CommandHandlers,
  Extract<CommandName, `${F}.${string}`>
>;
export type Reply = z.output<typeof reply>;
