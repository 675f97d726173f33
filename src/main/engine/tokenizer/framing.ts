/** What stands around a model's texts, and how they start, where several of its files have a say. */
import type { TokenizerFiles } from './files.ts';
import type { CutSide } from './framed-text.ts';
import { framesOf, type FramePart, type Frames } from './frames.ts';
import { specialTokenText } from './special-tokens.ts';
import { isObject, type JsonObject } from '../../../shared/is-object.ts';

export type Framing = {
  readonly frames: Frames;
  readonly side: CutSide;
  readonly bosTokenId: number | null;
  readonly startsWithBos: boolean;
};

/**
 * The post-processor decides. Where there is none, `add_bos_token` of tokenizer_config.json does: Gemma answers nonsense without
 * bos. config.json only names the token.
 * @throws an Error for a post-processor that is not known
 */
export function framingOf(
  { tokenizerJson, tokenizerConfig }: Pick<TokenizerFiles, 'tokenizerJson' | 'tokenizerConfig'>,
  configured: number | null,
  idOf: (text: string) => number | undefined,
): Framing {
  const postProcessor = tokenizerJson['post_processor'] ?? null;
  const named = specialTokenText(tokenizerConfig, 'bos_token');
  const bos = (named === null ? undefined : idOf(named)) ?? configured;
  const own = framesOf(postProcessor);
  const asked = postProcessor === null && tokenizerConfig['add_bos_token'] === true;
  const frames = asked && bos !== null ? startingWith(bos, own) : own;
  const start = startOf(frames);
  return {
    frames,
    side: sideOf(tokenizerConfig['truncation_side'] ?? directionIn(tokenizerJson['truncation'])),
    bosTokenId: start ?? configured ?? bos,
    startsWithBos: start !== undefined,
  };
}

/** A sentence for each of `add_bos_token` and `add_eos_token` that asks for other than what stands around a text. */
export function tellOtherFrames(config: JsonObject, frames: Frames): string[] {
  return [
    { key: 'add_bos_token', token: startOf(frames), place: 'before' },
    { key: 'add_eos_token', token: endOf(frames), place: 'behind' },
  ].flatMap(({ key, token, place }) => {
    const asked = config[key];
    if (typeof asked !== 'boolean' || asked === (token !== undefined)) return [];
    const is = token === undefined ? 'no token stands' : 'a token stands';
    return `tokenizer_config.json has ${key} ${asked}, and tokenizer.json, which decides, says that ${is} ${place} a text.`;
  });
}

/** The token that a framed text begins with, where one does. */
function startOf({ single }: Frames): number | undefined {
  return idsOf(single[0])[0];
}

/** The token that ends a framed text, where one does. */
export function endOf({ single }: Frames): number | undefined {
  return idsOf(single.at(-1)).at(-1);
}

function idsOf(part: FramePart | undefined): readonly number[] {
  return part !== undefined && 'ids' in part ? part.ids : [];
}

function startingWith(bos: number, { single, pair }: Frames): Frames {
  const start: FramePart = { ids: [bos], type: 0 };
  return { single: [start, ...single], pair: [start, ...pair] };
}

function directionIn(truncation: unknown): unknown {
  return isObject(truncation) ? truncation['direction'] : undefined;
}

/** tokenizer.json writes it with a capital. */
function sideOf(value: unknown): CutSide {
  return String(value).toLowerCase() === 'left' ? 'left' : 'right';
}
