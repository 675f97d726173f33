/** The texts that a chat template writes around contents, found by rendering small conversations. */
import type { Message } from '../../../../shared/contract/engine.ts';

/** @param prompt whether an answer is to follow */
export type Render = (messages: readonly Message[], prompt: boolean) => string;

type Around = { before: string; after: string };

export type TurnTexts = {
  /** Before everything where there is no system prompt; one of the template's own may be part of it. */
  opening: string;
  user: Around;
  /** `after` is written where a question follows. */
  assistant: Around;
  system: SystemTexts;
  /** Begins an answer. */
  prompt: string;
};

/** The system prompt has a turn of its own, or stands in a question before its text. */
type SystemTexts = {
  place: 'own turn' | 'first question' | 'last question';
  /** Before everything where there is a system prompt, up to its text or to the question. */
  opening: string;
  /** Up to the next turn, or to the question's text. */
  after: string;
};

const system: Message = { role: 'system', content: 'Some system text' };
const first: Message = { role: 'user', content: 'First question' };
const answer: Message = { role: 'assistant', content: 'First reply' };
const second: Message = { role: 'user', content: 'Second question' };

/** Null where contents do not come out as they are; errors as `render` has them. */
export function turnTexts(render: Render): TurnTexts | null {
  const plain = between(render([first, answer, second], true), [first, answer, second]);
  if (plain === null) return null;
  const [start = '', middle = '', next = '', end = ''] = plain;
  const briefed = render([system, first, answer, second], true);
  const early = between(briefed, [system, first, answer, second]);
  const late = between(briefed, [first, answer, system, second]);

  // What stands behind a text at the very end ends its turn, unless a template writes something else there.
  const [, afterFirst = ''] = between(render([first], false), [first]) ?? [];
  const [, , afterAnswer = ''] = between(render([first, answer], false), [first, answer]) ?? [];
  const behindAnswer = next.startsWith(afterAnswer) ? next.slice(afterAnswer.length) : '';
  const userBefore =
    [behindAnswer, start].find(
      (text) => text !== '' && start.endsWith(text) && next.endsWith(text),
    ) ?? commonEnd(start, next);
  const answerEnd = withoutEnd(next, userBefore);
  const userAfter =
    [afterFirst, answerEnd].find((text) => middle.startsWith(text) && end.startsWith(text)) ?? '';
  const opening = withoutEnd(start, userBefore);
  const systemTexts = systemTextsOf({ early, late, opening, userBefore });
  return (
    systemTexts && {
      opening,
      user: { before: userBefore, after: userAfter },
      assistant: { before: middle.slice(userAfter.length), after: answerEnd },
      system: systemTexts,
      prompt: end.slice(userAfter.length),
    }
  );
}

function systemTextsOf(found: {
  early: string[] | null;
  late: string[] | null;
  opening: string;
  userBefore: string;
}): SystemTexts | null {
  const { early, late, opening, userBefore } = found;
  if (early !== null) {
    const [start = '', behind = ''] = early;
    if (behind.endsWith(userBefore)) {
      return { place: 'own turn', opening: start, after: withoutEnd(behind, userBefore) };
    }
    if (!start.endsWith(userBefore)) return null;
    const before = withoutEnd(start, userBefore);
    return { place: 'first question', opening: before, after: behind };
  }
  const behind = late?.[3];
  return behind === undefined ? null : { place: 'last question', opening, after: behind };
}

/** What stands before, between and behind the contents; null where they do not follow one another. */
function between(text: string, messages: readonly Message[]): string[] | null {
  const parts: string[] = [];
  let rest = text;
  for (const { content } of messages) {
    const at = rest.indexOf(content);
    if (at < 0) return null;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at + content.length);
  }
  return [...parts, rest];
}

function withoutEnd(text: string, end: string): string {
  return text.slice(0, text.length - end.length);
}

function commonEnd(a: string, b: string): string {
  let length = 0;
  while (length < Math.min(a.length, b.length) && a.at(-1 - length) === b.at(-1 - length)) length++;
  return a.slice(a.length - length);
}
