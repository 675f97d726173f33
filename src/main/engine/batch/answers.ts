/** The answers of a conversation: what the model is given before each, and exactly what it is to write there. */
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Turn } from '../dataset/example.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import { frameOfLast } from '../tokenizer/turn-frame.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

export type Answer = {
  /** The text that generation starts from. */
  given: string;
  /** What the model is to write behind it. */
  body: string;
  /** And then, to end its turn; empty where the template writes no end. */
  end: string;
};

/**
 * Every answer that is to be learnt, each rendered with the conversation cut after it: templates drop, move or add things
 * when a conversation goes on, and the model is asked before that.
 * @param line of the data file, for errors
 * @returns the answers, or the reason why one of them cannot be learnt
 * @throws tokenizer/no-chat-template, tokenizer/template-failed, and tokenizer/unlike-prompt where the template writes stored
 *   answers behind another text than it asks with
 */
export function answersOf(
  { messages, ...others }: Conversation<Turn>,
  tokenizer: Tokenizer,
  line: number,
): Answer[] | { reason: string } {
  const answers: Answer[] = [];
  for (const [index, { role, context }] of messages.entries()) {
    if (role !== 'assistant' || context) continue;
    if (index === 0) {
      return { reason: 'it begins with an answer, and there is nothing before it to answer' };
    }
    const cut = { messages: messages.slice(0, index + 1), ...others };
    const answer = lastAnswer(cut, tokenizer, line);
    if ('reason' in answer) return answer;
    answers.push(answer);
  }
  return answers;
}

/** The answer that a conversation ends with. Result and errors: as `answersOf`. */
export function lastAnswer(
  conversation: Conversation,
  tokenizer: Tokenizer,
  line: number,
): Answer | { reason: string } {
  const { messages, ...others } = conversation;
  const content = messages.at(-1)?.content ?? '';
  const before = { messages: messages.slice(0, -1), ...others };
  const given = tokenizer.renderChat(before, { addGenerationPrompt: true });
  const render = (each: Conversation) => tokenizer.renderChat(each, { addGenerationPrompt: false });
  const whole = render(conversation);
  const frame = frameOfLast(conversation, whole, render);
  const end = frame.after.slice(
    0,
    tokenizer.findEnd(frame.after)?.end ?? frame.after.trimEnd().length,
  );
  const body = whole.startsWith(given)
    ? whole.slice(given.length, whole.length - frame.after.length)
    : afterPrompt(given, frame.before, content, { line, message: messages.length });
  if (!withoutSpaces(given + body).endsWith(withoutSpaces(content))) {
    const reason = `the model's chat template leaves out a part of the answer in message ${messages.length}`;
    return { reason };
  }
  return { given, body, end };
}

/**
 * The answer behind a prompt that begins it, such as one that ends with "<think>": the content has to begin so, too.
 * @param before what the template writes before a stored answer; the prompt goes on from there
 * @throws tokenizer/unlike-prompt
 */
function afterPrompt(
  given: string,
  before: string | null,
  content: string,
  place: { line: number; message: number },
): string {
  if (before === null || !given.startsWith(before)) {
    throw lorikeetError('tokenizer/unlike-prompt', { ...place, begins: null });
  }
  const begins = given.slice(before.length);
  const answer = content.trim();
  if (!answer.startsWith(begins.trim())) {
    throw lorikeetError('tokenizer/unlike-prompt', { ...place, begins });
  }
  const rest = answer.slice(begins.trim().length);
  return begins.endsWith(begins.trim()) ? rest : rest.trimStart();
}

/** Templates trim contents, and put line breaks between the parts of an answer. */
function withoutSpaces(text: string): string {
  return text.replace(/\s+/g, '');
}
