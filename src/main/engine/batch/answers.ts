/** The answers of a conversation: what the model is given before each, and exactly what it is to write there. */
import type { Message } from '../../../shared/contract/engine.ts';
import { lorikeetError } from '../../../shared/errors/lorikeet-error.ts';
import type { Turn } from '../dataset/example.ts';
import type { Conversation } from '../tokenizer/chat-template.ts';
import { withoutSpaces } from '../tokenizer/python-space.ts';
import { withoutThought } from '../tokenizer/thoughts.ts';
import { frameOfLast, type TurnFrame } from '../tokenizer/turn-frame.ts';
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
  const last = messages.at(-1);
  if (last === undefined) return { reason: 'it has no messages' };
  const before = { messages: messages.slice(0, -1), ...others };
  const ask = (each: Conversation) => tokenizer.renderChat(each, { addGenerationPrompt: true });
  const store = (each: Conversation) => tokenizer.renderChat(each, { addGenerationPrompt: false });
  const given = ask(before);
  const whole = store(conversation);
  const frame = frameOfLast(conversation, whole, store);
  const end = frame.after.slice(
    0,
    tokenizer.findEnd(frame.after)?.end ?? frame.after.trimEnd().length,
  );
  const place = { line, message: messages.length };
  const { text, start } = storedAnswer(last, whole, frame);
  const body = whole.startsWith(given)
    ? whole.slice(given.length, whole.length - frame.after.length)
    : (behindSamePrompt(promptOf(before, given, ask, store), start, text) ??
      afterPrompt(given, start, text, place));
  if (body === null) {
    if (messages.at(-2)?.role !== 'assistant')
      throw lorikeetError('tokenizer/unlike-prompt', { ...place, begins: null });
    const reason = `message ${messages.length} is an answer right behind another, and the model's chat template asks for none there`;
    return { reason };
  }
  if (!isWritten(last, given, body)) {
    const reason = `the model's chat template leaves out a part of the answer in message ${messages.length}`;
    return { reason };
  }
  return { given, body, end };
}

/**
 * The text of an answer as it is learnt behind a prompt that the stored conversation does not begin with: its content, and its
 * calls as the template writes them behind that. `start` is what the template writes before it, null where that is not known.
 */
function storedAnswer(
  answer: Message,
  whole: string,
  { before, after }: TurnFrame,
): { text: string; start: string | null } {
  const { content } = answer;
  if (!hasCalls(answer)) return { text: content, start: before };
  if (before === null || !whole.startsWith(before)) return { text: content, start: null };
  const written = whole.slice(before.length, whole.length - after.length);
  // A thought at the beginning of the content may be left out of what is stored.
  const said = withoutThought(answer).content.trim();
  const thought = content.slice(0, content.trimEnd().length - said.length);
  const isLeftOut = thought.trim() !== '' && written.trimStart().startsWith(said);
  return { text: isLeftOut ? thought + written.trimStart() : written, start: before };
}

export function hasCalls({ further }: Message): boolean {
  return further !== undefined && 'tool_calls' in further;
}

/** Whether all that an answer says is in what is learnt, at its end unless calls follow. Templates trim contents, and put line breaks between the parts of an answer. */
function isWritten(answer: Message, given: string, body: string): boolean {
  const content = withoutSpaces(answer.content);
  if (content === '') return true;
  const text = withoutSpaces(given + body);
  const end = text.lastIndexOf(content) + content.length;
  const endsInAnswer = text.includes(content) && end > withoutSpaces(given).length;
  return endsInAnswer && (end === text.length || hasCalls(answer));
}

/** What a template writes to ask for an answer: its prompt, or where it has none the end of the question. */
function promptOf(
  conversation: Conversation,
  given: string,
  ask: (conversation: Conversation) => string,
  store: (conversation: Conversation) => string,
): string {
  const stored = store(conversation);
  const prompt = given.startsWith(stored) ? given.slice(stored.length) : '';
  return prompt.trim() === '' ? frameOfLast(conversation, given, ask).after : prompt;
}

/**
 * The answer where a template asks behind other text than it stores, but asks with what it stores before the answer, too: that
 * of Mistral Nemo writes the system prompt only into a question that nothing follows. Null elsewhere.
 */
function behindSamePrompt(prompt: string, before: string | null, content: string): string | null {
  const asked = prompt.trimEnd();
  if (before === null || asked === '' || !before.trimEnd().endsWith(asked)) return null;
  const space = before.slice(before.lastIndexOf(asked) + asked.length);
  const given = prompt.slice(asked.length);
  return space.startsWith(given) ? space.slice(given.length) + content : null;
}

/**
 * The answer behind a prompt that begins it, such as one that ends with "<think>": the content has to begin so, too.
 * @param before what the template writes before a stored answer; the prompt goes on from there
 * @returns null where it does not
 * @throws tokenizer/unlike-prompt
 */
function afterPrompt(
  given: string,
  before: string | null,
  content: string,
  place: { line: number; message: number },
): string | null {
  if (before === null || !given.startsWith(before)) return null;
  const begins = given.slice(before.length);
  const answer = content.trim();
  // The prompt itself holds the thought, and says with it that there is none.
  if (emptyThought.test(begins) && !emptyThought.test(answer)) return answer;
  if (!answer.startsWith(begins.trim())) {
    throw lorikeetError('tokenizer/unlike-prompt', { ...place, begins });
  }
  const rest = answer.slice(begins.trim().length);
  return begins.endsWith(begins.trim()) ? rest : rest.trimStart();
}

const emptyThought = /^\s*<think>\s*<\/think>/;
