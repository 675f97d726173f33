/** Finds the answers in a rendered conversation. */
import type { Message } from '../../../shared/contract/engine.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';

/** A conversation as text, and where each answer with its end-of-turn token stands: [start, end) in characters. */
export type MarkedConversation = { text: string; answers: { start: number; end: number }[] };

/**
 * Renders prefix by prefix: an answer starts where the text ends that generation would be given before it, and ends
 * after the first end-of-turn token behind its content.
 * @returns the marked text, or the reason why the answers cannot be told apart
 * @throws tokenizer/no-chat-template, tokenizer/template-failed
 */
export function markAnswers(
  messages: readonly Message[],
  tokenizer: Tokenizer,
): MarkedConversation | { reason: string } {
  const text = tokenizer.renderChat(messages, { addGenerationPrompt: false });
  const endOfTurn = tokenizer.decode([tokenizer.eosTokenId]);
  const answers: MarkedConversation['answers'] = [];
  for (const [index, message] of messages.entries()) {
    if (message.role !== 'assistant') continue;
    if (index === 0) {
      return { reason: 'it begins with an answer, and there is nothing before it to answer' };
    }
    const given = tokenizer.renderChat(messages.slice(0, index), { addGenerationPrompt: true });
    if (!text.startsWith(given)) {
      return {
        reason: `the model's chat template changes what stands before message ${index + 1} once it is there, so the answer cannot be learnt as it would be given`,
      };
    }
    const start = given.length;
    answers.push({ start, end: endOfAnswer(text, start, message.content, endOfTurn) });
  }
  return { text, answers };
}

function endOfAnswer(text: string, start: number, content: string, endOfTurn: string): number {
  // Templates trim contents, or add to them; the content may itself name the end-of-turn token.
  const trimmed = content.trim();
  const at = text.indexOf(trimmed, start);
  const from = at < 0 ? start : at + trimmed.length;
  const end = text.indexOf(endOfTurn, from);
  return end < 0 ? from : end + endOfTurn.length;
}
