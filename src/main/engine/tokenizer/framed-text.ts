/** One text or a pair as an encoder is given it: within the tokens of its frame, and cut to fit. */
import type { FramePart, Frames } from './frames.ts';

export type FramedText = {
  readonly tokens: readonly number[];
  /** The token type of each token: BERT tells the second text from the first by it. */
  readonly types: readonly number[];
  /** How many tokens of the texts were left out to fit. */
  readonly cut: number;
};

/** Which end of a text is cut: `truncation_side`. */
export type CutSide = 'left' | 'right';

type Ids = readonly number[];

/**
 * Puts the ids of one text, or of two, into their frame. What does not fit into `maxLength` tokens with the frame is cut from the
 * longer text first; the frame itself is never cut.
 */
export function frameTexts(
  frames: Frames,
  [one, two]: readonly [Ids] | readonly [Ids, Ids],
  { maxLength, side }: { maxLength: number; side: CutSide },
): FramedText {
  const frame = two === undefined ? frames.single : frames.pair;
  const room = Math.max(0, maxLength - ownLength(frame));
  const kept = keptLengths([one.length, two?.length ?? 0], room);
  const texts = [one, two ?? []].map((ids, i) => cutTo(ids, kept[i] ?? 0, side));
  const tokens: number[] = [];
  const types: number[] = [];
  for (const part of frame) {
    const ids = 'ids' in part ? part.ids : (texts[part.text] ?? []);
    for (const id of ids) {
      tokens.push(id);
      types.push(part.type);
    }
  }
  return { tokens, types, cut: one.length + (two?.length ?? 0) - kept[0] - kept[1] };
}

function ownLength(frame: readonly FramePart[]): number {
  return frame.reduce((sum, part) => sum + ('ids' in part ? part.ids.length : 0), 0);
}

/** Lengths that fit into `room` together, by the Rust library's rule "longest_first": the shorter text keeps up to a half. */
function keptLengths([a, b]: readonly [number, number], room: number): [number, number] {
  if (a + b <= room) return [a, b];
  const half = Math.floor(room / 2);
  if (Math.min(a, b) <= half) return a <= b ? [a, room - a] : [room - b, b];
  // Of an odd number the text that is longer keeps one more, the second where both are alike.
  return a <= b ? [half, room - half] : [room - half, half];
}

function cutTo(ids: Ids, length: number, side: CutSide): Ids {
  return side === 'right' ? ids.slice(0, length) : ids.slice(ids.length - length);
}
