/** A place for the system prompt in conversations for a chat template that takes none. */
import type { Message } from '../../../shared/contract/engine.ts';

/** The system prompt in front of the first message of the user, as Gemma 3's template puts it. */
export function systemFolded(messages: readonly Message[]): readonly Message[] {
  const [system, first, ...others] = messages;
  if (first === undefined || !beginsWithSystem(messages)) return messages;
  return [{ ...first, content: `${system?.content ?? ''}\n\n${first.content}` }, ...others];
}

/** Whether there is a system prompt, and a message of the user behind it. */
export function beginsWithSystem([system, first]: readonly Message[]): boolean {
  return system?.role === 'system' && system.content.trim() !== '' && first?.role === 'user';
}
