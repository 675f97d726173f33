/** A question of the playground while it is answered: it is in the store from the start, so that what ends meanwhile has not lost it. */
import type { ChatAnswer, Conversation } from '../shared/contract/chat.ts';
import type { ChatStore, NewConversation } from './store/chats.ts';

export type KeptQuestion = {
  /** Keeps the answers with it. Fails with 'studio/not-found' where the conversation was removed meanwhile. */
  answered: (answers: ChatAnswer[]) => Conversation;
  /** The conversation with the question as it is kept. Fails with 'studio/not-found' as well. */
  unanswered: () => Conversation;
  /** The conversation is what it was before. */
  takeBack: () => void;
};

/**
 * @param id of the conversation that goes on; null for a new one
 * @param chat with the turns before the question
 */
export function keepQuestion(
  chats: ChatStore,
  id: number | null,
  chat: NewConversation,
  asked: string,
): KeptQuestion {
  const after = chat.turns.length;
  const whole = { ...chat, turns: [...chat.turns, { asked, answers: [] }] };
  const before = id === null ? null : chats.get(id);
  const of = before?.id ?? chats.add(whole);
  // One that is asked again has its answers until others are there.
  if (before?.turns.length === after) chats.put({ ...whole, id: of });
  // Earlier answers may be marked meanwhile.
  const turnsBefore = () => chats.get(of).turns.slice(0, after);
  return {
    answered(answers) {
      chats.put({ ...chat, id: of, turns: [...turnsBefore(), { asked, answers }] });
      return chats.get(of);
    },
    unanswered: () => chats.get(of),
    takeBack() {
      if (before === null) chats.remove(of);
      else chats.put({ ...before, turns: [...turnsBefore(), ...before.turns.slice(after)] });
    },
  };
}
