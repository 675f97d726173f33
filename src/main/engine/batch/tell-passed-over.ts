/** Tells which keys of messages a chat template passes over, where that is no reason to refuse them. */
import type { Message, Prompt } from '../../../shared/contract/engine.ts';
import { listed } from '../../../shared/errors/listed.ts';
import type { Example } from '../dataset/example.ts';
import { isHarmlessInMessage, isOfOrigin } from '../dataset/other-keys.ts';
import type { Tokenizer } from '../tokenizer/tokenizer.ts';
import { messagesOf } from './conversation.ts';
import { ignoresKey } from './same-text.ts';

/**
 * One sentence about keys such as "title"; none where all are used. Each key is tried where a role has it first.
 * @throws tokenizer/no-chat-template, tokenizer/template-failed
 */
export function tellPassedOver(
  conversations: readonly (Example | Prompt)[],
  tokenizer: Tokenizer,
): string[] {
  const tried = new Set<string>();
  const ignored: string[] = [];
  for (const conversation of conversations) {
    const said: readonly Message[] = messagesOf(conversation);
    for (const [index, { role, further = {} }] of said.entries()) {
      for (const key of Object.keys(further)) {
        const name = `"${key}" of the role "${role}"`;
        if (!isHarmlessInMessage(key, role) || isOfOrigin(key) || tried.has(name)) continue;
        tried.add(name);
        const messages = said.map((each) => tokenizer.fitMessage(each));
        const tools = 'tools' in conversation ? { tools: conversation.tools } : {};
        if (ignoresKey({ messages, ...tools }, index, key, tokenizer)) ignored.push(name);
      }
    }
  }
  if (ignored.length === 0) return [];
  return [`The model's chat template does not use these keys of messages: ${listed(ignored)}.`];
}
