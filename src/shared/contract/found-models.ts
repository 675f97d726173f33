/** Models that other programs have on this computer, as they are found: referenced where they lie, never moved. */
import { z } from 'zod';
import { problem } from '../errors/problem.ts';
import { keysOf } from '../settings/setting.ts';
import { modelPrograms } from '../model-programs.ts';
import { modelDescription } from './records.ts';

/** What a look at its files gave. 'unread': time was up before its turn. */
const look = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('usable'), description: modelDescription }),
  z.object({ kind: z.literal('unusable'), problem }),
  z.object({ kind: z.literal('unread') }),
]);

const foundModel = z.object({
  /** What a model is chosen by: a GGUF file, with or without that ending, or a folder. */
  path: z.string(),
  /** As its program calls it: 'llama3.2:1b', 'org/name'. */
  name: z.string(),
  program: z.enum(keysOf(modelPrograms)),
  /** Other names for the same files, each with its program: 'LM Studio: tiny-q8'. */
  also: z.array(z.string()),
  /** Of its weights. */
  bytes: z.number(),
  look,
});

export const foundModels = z.object({
  /** In the order of their names. */
  models: z.array(foundModel),
  /** The folders that were looked through and are there. */
  places: z.array(z.object({ program: z.enum(keysOf(modelPrograms)), path: z.string() })),
  /** There is more than was looked through. */
  cut: z.boolean(),
});

export type FoundModel = z.output<typeof foundModel>;
export type FoundModels = z.output<typeof foundModels>;
export type ModelLook = z.output<typeof look>;
