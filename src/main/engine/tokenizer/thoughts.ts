/** What a model thinks before it answers: a field of the message, or a block at the beginning of its content. */
import type { Message } from '../../../shared/contract/engine.ts';

/** Names that data sets and templates have for the field. */
const fields = ['reasoning_content', 'reasoning', 'thinking'] as const;
const block = /^\s*<think>[^]*?<\/think>\s*/;

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

function fieldOf(further: NonNullable<Message['further']>): string | null {
  const thought = fields.map((field) => further[field]).find((each) => typeof each === 'string');
  return thought ?? null;
}

function withoutFields<M extends Message>(answer: M): M {
  const names: readonly string[] = fields;
  const others = Object.entries(answer.further ?? {}).filter(([key]) => !names.includes(key));
  return { ...answer, further: Object.fromEntries(others) };
}
