/** Which tokens of a tokenizer have a role, and what stands around texts, as GGUF says it. */
import { listed } from '../../../shared/errors/listed.ts';
import type { TokenizerFiles } from './files.ts';
import type { Frames } from './frames.ts';
import type { roleKeys, Role } from './gguf-metadata.ts';
import { specialTokenText } from './special-tokens.ts';
import { flag, notInGguf, number, type GgufEntry, type GgufSource } from './to-gguf-source.ts';

/** The token before and the one behind a text; null where none is written. */
export type Around = { start: number | null; end: number | null };

/** @throws tokenizer/not-in-gguf where more than one token is written before or behind a text */
export function tokensAround(source: GgufSource, { single }: Frames): Around {
  const at = single.findIndex((part) => 'text' in part);
  const idsOf = (parts: Frames['single']) =>
    parts.flatMap((part) => ('ids' in part ? part.ids : []));
  const [before, behind] = [idsOf(single.slice(0, at)), idsOf(single.slice(at + 1))];
  if (before.length > 1 || behind.length > 1) {
    const shown = [...before, ...behind].map((id) => JSON.stringify(source.tokenizer.decode([id])));
    const reason = `it writes ${listed(shown)} around a text, and the format knows one token before and one behind`;
    throw notInGguf(source, reason);
  }
  return { start: before[0] ?? null, end: behind[0] ?? null };
}

/** Ids from the end of the embedding on are left out, as everywhere. */
export function roleEntries(
  source: GgufSource,
  { tokenizerConfig, generationConfig }: TokenizerFiles,
  { start, end }: Around,
): { entries: GgufEntry[]; notices: string[] } {
  const { tokenizer, words, rows, model } = source;
  const named = (key: Parameters<typeof specialTokenText>[1]): number | null => {
    const text = specialTokenText(tokenizerConfig, key);
    return text === null ? null : (words.get(text) ?? null);
  };
  const { unk_token: unknownText, unk_id: unknownId } = model;
  const ownUnknown = typeof unknownText === 'string' ? words.get(unknownText) : unknownId;
  const paddingId = generationConfig?.['pad_token_id'];
  const encoder = start !== null && end !== null;
  // The turn's end goes before others; a program stops at all of them.
  const stops = [tokenizer.eosTokenId, ...tokenizer.stopTokenIds];
  const eos = end ?? tokenizer.stopTokenIds[0] ?? null;
  const [eot = null, eom = null, ...more] = [...new Set(stops)].filter(
    (id) => id !== eos && id < rows,
  );
  const ids: Record<(typeof roleKeys)[Role], number | null> = {
    bos: start ?? tokenizer.bosTokenId,
    eos,
    eot,
    eom,
    unknown: typeof ownUnknown === 'number' ? ownUnknown : named('unk_token'),
    padding: named('pad_token') ?? (typeof paddingId === 'number' ? paddingId : null),
    seperator: named('sep_token') ?? (encoder ? end : null),
    cls: named('cls_token') ?? (encoder ? start : null),
    mask: named('mask_token'),
  };
  const entries = Object.entries(ids).flatMap(([key, id]): GgufEntry[] => {
    const known = id !== null && id >= 0 && id < rows;
    return known ? [[`tokenizer.ggml.${key}_token_id`, number(id)]] : [];
  });
  return {
    entries: [
      ...entries,
      ['tokenizer.ggml.add_bos_token', flag(start !== null)],
      ['tokenizer.ggml.add_eos_token', flag(end !== null)],
    ],
    notices: more.length === 0 ? [] : [tellMoreStops(more.map((id) => tokenizer.decode([id])))],
  };
}

function tellMoreStops(texts: string[]): string {
  const shown = listed(texts.map((text) => JSON.stringify(text)));
  return `The model names more tokens that end an answer than a GGUF file has keys for: give ${shown} as stop texts to the program that runs it, where it does not know them.`;
}
