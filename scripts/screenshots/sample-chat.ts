/** A conversation of the small store: the base and two of its adapters, one answer right and one put right. */
import type { NewConversation } from '../../src/main/store/chats.ts';
import type { ChatAnswer } from '../../src/shared/contract/chat.ts';

type Said = Pick<ChatAnswer, 'column' | 'by' | 'text' | 'tokens'> & { right?: string };

function answer({ right, ...said }: Said): ChatAnswer {
  return { ...said, tokensPerSecond: 31.5, ended: 'end', right: right ?? null };
}

const lamp = '{"device": "lamp", "room": "kitchen", "state": "on"}';
const blinds = '{"device": "blinds", "room": "bedroom", "state": "closed"}';

/** @param adapters of this model, with their names: two columns beside the base */
export function sampleChat(
  model: string,
  adapters: readonly { id: number; name: string }[],
  changedAt: number,
): NewConversation {
  const [one, other] = adapters.map(({ name }) => name);
  const by = { 1: one ?? '', 2: other ?? '' };
  return {
    ...{ name: 'Turn on the lamp in the kitchen', plain: false, createdAt: changedAt, changedAt },
    setup: {
      ...{ model, system: 'You control a smart home. Answer with one JSON object.' },
      columns: [
        { key: 0, parts: [] },
        ...adapters.map(({ id }, at) => ({ key: at + 1, parts: [{ id, weight: 1 }] })),
      ],
      ...{ maxNewTokens: 128, temperature: 0, topP: 1, seed: 0 },
    },
    turns: [
      {
        asked: 'Turn on the lamp in the kitchen',
        answers: [
          answer({ column: 0, by: 'Base model', text: 'The lamp is turned on.', tokens: 7 }),
          answer({ column: 1, by: by[1], text: lamp, tokens: 19, right: lamp }),
          answer({ column: 2, by: by[2], text: lamp, tokens: 19 }),
        ],
      },
      {
        asked: 'And close the blinds in the bedroom',
        answers: [
          answer({ column: 0, by: 'Base model', text: 'I closed the blinds for you.', tokens: 8 }),
          answer({ column: 1, by: by[1], text: blinds, tokens: 20 }),
          answer({
            ...{ column: 2, by: by[2], tokens: 19, right: blinds },
            text: '{"device": "blinds", "room": "bedroom", "state": "on"}',
          }),
        ],
      },
    ],
  };
}
