/** What a column of a conversation has said and heard: what its model is asked with next, and what is learnt of it. */
import type { ChatTurn, Conversation } from './contract/chat.ts';
import type { Message, Prompt } from './contract/engine.ts';

type Said = Pick<Conversation, 'plain' | 'turns'> & { setup: Pick<Conversation['setup'], 'system'> };

/** A line of a data file, with OpenAI's "weight" of messages; a pair where there is no chat template. */
type ChatExample =
  { messages: (Message & { weight?: 0 })[] } | { prompt: string; completion: string };

/** The next question as the model of this column is asked it. */
export function chatPrompt({ setup, plain, turns }: Said, column: number, asked: string): Prompt {
  if (plain) return { kind: 'text', text: asked };
  return { kind: 'chat', messages: messagesBefore(setup.system, turns, column, asked) };
}

/** Lines of data: one for each answer that is right, with what went before it, of which nothing is learnt. */
export function chatExamples({ setup, plain, turns }: Said): ChatExample[] {
  return turns.flatMap(({ asked, answers }, turn) =>
    answers.flatMap(({ column, right }): ChatExample[] => {
      if (right === null) return [];
      if (plain) return [{ prompt: asked, completion: right }];
      const before = messagesBefore(setup.system, turns.slice(0, turn), column, asked);
      const given = before.map((each) => (each.role === 'assistant' ? { ...each, weight: 0 as const } : each));
      return [{ messages: [...given, { role: 'assistant', content: right }] }];
    }),
  );
}

function messagesBefore(
  system: string,
  turns: readonly ChatTurn[],
  column: number,
  asked: string,
): Message[] {
  return [
    ...(system.trim() === '' ? [] : [{ role: 'system', content: system }]),
    ...turns.flatMap((turn) => {
      const answer = answerOf(turn, column);
      if (answer === null) return [];
      return [
        { role: 'user', content: turn.asked },
        { role: 'assistant', content: answer },
      ];
    }),
    { role: 'user', content: asked },
  ];
}

/** As it was corrected; another column's where this one was not there yet; null where nobody said anything. */
function answerOf({ answers }: ChatTurn, column: number): string | null {
  const own = answers.find((answer) => answer.column === column);
  const all = [own, ...answers].map((answer) => answer?.right ?? answer?.text ?? '');
  return all.find((text) => text.trim() !== '') ?? null;
}
