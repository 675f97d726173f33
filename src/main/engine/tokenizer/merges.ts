/** The merges of a BPE model of tokenizer.json, in the order in which they are tried. */
import { z } from 'zod';
import { listOf } from '../../../shared/first-wrong.ts';

/** Newer files have pairs; older ones, and GGUF files, have texts. */
const merge = z.union([z.tuple([z.string(), z.string()]), z.string().transform(splitMerge)]);
const withMerges = z.looseObject({ merges: listOf(merge) });

/** Empty where they are misshapen: the tokenizer was opened with them before, so that they are not. */
export function mergesOf(model: unknown): [string, string][] {
  return withMerges.safeParse(model).data?.merges ?? [];
}

/** The two parts of a merge that is written with a space between them. */
export function splitMerge(merge: string): [string, string] {
  // A part may be a space of its own in no byte-level vocabulary, but may start with one in theory: look from 1.
  const space = merge.indexOf(' ', 1);
  return [merge.slice(0, space), merge.slice(space + 1)];
}
