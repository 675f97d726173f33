/** What reading a data file says: what it holds, what cannot be used, and how the model sees it. Sizes are tokens where nothing else is said. */
import { z } from 'zod';
import { labelKind } from './records.ts';

/** A line of a data file that cannot be used, and why. Lines count from 1. */
const badLine = z.object({ line: z.int(), reason: z.string() });

/** What the numbers of a data file count: its lines, the items of a list, or the rows of a table. */
const rowUnit = z.enum(['line', 'item', 'row']);

/** A part of an example under its name. */
const examplePart = z.object({ name: z.string(), text: z.string() });

/** How often the labels of a data file occur. */
const labelCounts = z.discriminatedUnion('problem', [
  z.object({
    problem: labelKind.exclude(['regression']),
    /** In the order in which the head has them. */
    classes: z.array(z.object({ label: z.string(), examples: z.int() })),
    /** Examples of no class, where there can be several. */
    without: z.int(),
  }),
  z.object({
    problem: labelKind.extract(['regression']),
    least: z.number(),
    mean: z.number(),
    most: z.number(),
    /** Examples by value; bucket i counts values from least + i·width on, the last also `most`. */
    histogram: z.object({ width: z.number(), counts: z.array(z.int()) }),
  }),
]);

/** A line that says what line `of` says. */
const sameLine = z.object({ line: z.int(), of: z.int() });

/** A sequence as the model is given it, token by token; `left` tokens more are not shown. */
const shownSequence = z.object({
  line: z.int(),
  pieces: z.array(z.object({ text: z.string(), learnt: z.boolean(), special: z.boolean() })),
  left: z.int(),
});

export const dataReport = z.object({
  path: z.string(),
  unit: rowUnit,
  /** As the file names them, each with the beginning of its first value. */
  columns: z.array(z.object({ name: z.string(), sample: z.string() })),
  /** Which keys the lines have: 'messages', 'prompt/completion', 'instruction/input/output', 'text', 'text/label', or several. */
  formats: z.array(z.string()),
  examples: z.int(),
  badLines: z.array(badLine),
  /** The first examples as plain text, before tokens. */
  preview: z.array(
    z.object({ line: z.int(), given: z.array(examplePart), learnt: examplePart }),
  ),
  /** How many say what one before says, word for word, and the first of them. */
  repeats: z.object({ examples: z.int(), first: z.array(sameLine) }),
  /**
   * How many of those held back for validation say what is learnt from, too; `of` is the line that is learnt from. Null where
   * none are held back.
   */
  overlap: z
    .object({ examples: z.int(), held: z.int(), first: z.array(sameLine) })
    .nullable(),
  /** Of a classification with usable examples; null for all else. */
  labels: labelCounts.nullable(),
  /** What a person should know of the file, or of the model's tokenizer, in sentences. */
  notices: z.array(z.string()),
  /** Present when a model was named: lengths in its tokens. */
  tokens: z
    .object({
      /** More than examples where a chat template changes earlier parts of conversations: then each is about one sequence. */
      sequences: z.int(),
      total: z.int(),
      /** Tokens that are predicted; null where whole sequences are told apart. */
      learnt: z.int().nullable(),
      longest: z.int(),
      /** Sequences longer than the block. Training leaves answers out, and cuts texts that are told apart. */
      tooLong: z.int(),
      /** Tokens of what is learnt from in one epoch: without what is held back, left out or cut. */
      perEpoch: z.int(),
      /** Answers, and those without a token that ends them: what learns from these goes on and on. Null where none are learnt. */
      ends: z.object({ answers: z.int(), open: z.int() }).nullable(),
      /** The sequences of the first examples. */
      shown: z.array(shownSequence),
      /** Sequences per length bucket; bucket i counts lengths in [i·width, (i+1)·width). */
      histogram: z.object({ width: z.int(), counts: z.array(z.int()) }),
    })
    .nullable(),
});

export const datasetRecord = z.object({
  id: z.int(),
  name: z.string(),
  path: z.string(),
  examples: z.int(),
  addedAt: z.number(),
});

export type RowUnit = z.output<typeof rowUnit>;
export type BadLine = z.output<typeof badLine>;
export type DataReport = z.output<typeof dataReport>;
export type LabelCounts = z.output<typeof labelCounts>;
export type DatasetRecord = z.output<typeof datasetRecord>;
