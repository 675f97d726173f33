/** The general text that a run is held against before and after, in blocks: what it costs the model of what it could do before. */
import { createHash } from 'node:crypto';
import passages from '../../../../resources/general-text/general-text.json' with { type: 'json' };
import type { GeneralTextSource } from '../../../shared/contract/training-config.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Block } from './block.ts';
import { encodeExamples, loadEncoded } from './encode.ts';
import { packBlocks } from './pack.ts';
import type { Sequence } from './sequence.ts';

export type GeneralText = {
  /** Null for the text that comes with Lorikeet. */
  path: string | null;
  blocks: readonly Block[];
  /** By which the same text is known again. */
  sha256: string;
  /** What a person should know of the file, in sentences. */
  notices: readonly string[];
};

/**
 * Texts and answers of the source, the way evaluation reads them, but that what is longer than a block is cut rather than left out:
 * runs of any sequence length are held against the whole text. Null where forgetting is not measured.
 * Errors: dataset/*, tokenizer/*.
 */
export async function loadGeneralText(
  source: GeneralTextSource,
  tokenizer: Tokenizer,
  sequenceLength: number,
): Promise<GeneralText | null> {
  if (source.kind === 'off') return null;
  const path = source.kind === 'file' ? source.path : null;
  const { encoded, notices } =
    path === null ? ownText(tokenizer) : await loadEncoded({ path, columns: [] }, tokenizer);
  const pieces = encoded.flat().flatMap((sequence) => cut(sequence, sequenceLength));
  const { blocks } = packBlocks(pieces, sequenceLength);
  return { path, blocks, sha256: shaOf(encoded.flat()), notices };
}

function ownText(tokenizer: Tokenizer): { encoded: Sequence[][]; notices: string[] } {
  const examples = passages.map(({ text }, i) => ({ kind: 'text' as const, line: i + 1, text }));
  return { encoded: encodeExamples(examples, tokenizer).encoded, notices: [] };
}

/** Pieces of at most `length` tokens; the last token of one still has the first of the next to predict. */
function cut({ line, tokens, labels }: Sequence, length: number): Sequence[] {
  const count = Math.ceil(tokens.length / length);
  return Array.from({ length: count }, (_, piece) => {
    const range = [piece * length, (piece + 1) * length] as const;
    return { line, tokens: tokens.slice(...range), labels: labels.slice(...range) };
  });
}

function shaOf(sequences: readonly Sequence[]): string {
  const hash = createHash('sha256');
  for (const { tokens, labels } of sequences)
    hash.update(Uint32Array.of(tokens.length)).update(tokens).update(labels);
  return hash.digest('hex');
}
