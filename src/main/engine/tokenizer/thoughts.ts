/** What a model thinks before it answers: a field of the message, or a block at the beginning of its content. */
import type { Message } from '../../../shared/contract/engine.ts';

/** Names that data sets and templates have for the field. */
const fields = ['reasoning_content', 'reasoning', 'thinking'] as const;
/** One after another, as some data have them. */
const block = /^\s*(?:<think>[^]*?<\/think>\s*)+/;
const tag = /<\/?think>/;
/** As models write behind a prompt that opens the thought. */
const closedOnly = /^(?:(?!<think>)[^])*?<\/think>/;

/** The further keys of an answer with its thought under every name, so that it reaches a template that uses another. */
export function underEveryName({ role, further = {} }: Message): Message['further'] {
  const thought = fieldOf(further);
  if (role !== 'assistant' || thought === null) return further;
  return { ...Object.fromEntries(fields.map((field) => [field, thought])), ...further };
}

/** Whether the answer has a thought, in either form. */
export function hasThought({ role, content, further = {} }: Message): boolean {
  return role === 'assistant' && (fieldOf(further) !== null || block.test(content));
}

export function withoutThought<M extends Message>(answer: M): M {
  return { ...withoutFields(answer), content: answer.content.replace(block, '') };
}

/** The thought of the field at the beginning of the content, as models write it. */
export function thoughtInContent<M extends Message>(answer: M): M {
  const thought = fieldOf(answer.further ?? {});
  if (thought === null) return answer;
  const content = `<think>\n${thought.trim()}\n</think>\n\n${answer.content.trimStart()}`;
  return { ...withoutFields(answer), content };
}

/** An answer whose content begins in the middle of a thought, with the thought opened. */
export function thoughtOpened<M extends Message>(answer: M): M {
  const { content } = answer;
  return closedOnly.test(content)
    ? { ...answer, content: `<think>\n${content.trimStart()}` }
    : answer;
}

/** What is wrong with how an answer has its thought, behind "the answer in message 2"; null where nothing is. */
export function thoughtFault({ content, further = {} }: Message, mayThink: boolean): string | null {
  const rest = content.replace(block, '');
  const left = tag.exec(rest)?.[0];
  if (!mayThink)
    return left === undefined
      ? null
      : `has "${left}" within it, and the model is asked not to think`;
  if (rest.trimStart().startsWith('<think>')) return 'opens a thought and does not close it';
  const isTwice = fieldOf(further) !== null && rest !== content;
  return isTwice ? 'has a thought twice: in a key of its own and in its content' : null;
}

function fieldOf(further: NonNullable<Message['further']>): string | null {
  const thought = fields.map((field) => further[field]).find((each) => typeof each === 'string');
  return thought ?? null;
}

function withoutFields<M extends Message>(answer: M): M {
  const names: readonly string[] = fields;
  const others = Object.entries(answer.further ?? {}).filter(([key]) => !names.includes(key));
  return { ...answer, further: Object.fromEntries(others) };
}
