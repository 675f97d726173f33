/** What a column is asked with and learns: its own answers as they were corrected, and nothing of those before the right one. */
import { expect, test } from 'vitest';
import { chatExamples, chatPrompt } from '../../src/shared/chat-history.ts';
import type { ChatAnswer, ChatTurn } from '../../src/shared/contract/chat.ts';

function said(column: number, text: string, right: string | null = null): ChatAnswer {
  return { column, by: 'x', text, tokens: 1, tokensPerSecond: 1, ended: 'end', right };
}

const turns: ChatTurn[] = [
  { asked: 'one', answers: [said(0, 'base 1'), said(1, 'own 1', 'right 1')] },
  // Nobody said anything.
  { asked: 'two', answers: [said(0, ' '), said(1, '')] },
  { asked: 'three', answers: [said(0, 'base 3', 'base 3')] },
];
const chat = { setup: { system: '' }, plain: false, turns };
const user = (content: string) => ({ role: 'user', content });
const assistant = (content: string) => ({ role: 'assistant', content });

test('a column goes on from what it said itself, corrected, or from another where it was not there', () => {
  expect(chatPrompt(chat, 1, 'four')).toEqual({
    kind: 'chat',
    messages: [
      ...[user('one'), assistant('right 1'), user('three'), assistant('base 3'), user('four')],
    ],
  });
  const { messages } = { messages: [], ...chatPrompt(chat, 0, 'four') };
  expect(messages[1]).toEqual(assistant('base 1'));
});

test('a system prompt stands first, and only where it says something', () => {
  const told = chatPrompt({ ...chat, setup: { system: 'Be brief.' }, turns: [] }, 0, 'x');
  expect(told).toEqual({
    ...{ kind: 'chat', messages: [{ role: 'system', content: 'Be brief.' }, user('x')] },
  });
});

test('each right answer is an example in which nothing else is learnt', () => {
  expect(chatExamples(chat)).toEqual([
    { messages: [user('one'), assistant('right 1')] },
    {
      messages: [
        ...[user('one'), { ...assistant('base 1'), weight: 0 }],
        ...[user('three'), assistant('base 3')],
      ],
    },
  ]);
});

test('without a chat template each text stands by itself', () => {
  const plain = { ...chat, plain: true };
  expect(chatPrompt(plain, 1, 'four')).toEqual({ kind: 'text', text: 'four' });
  expect(chatExamples(plain)).toEqual([
    { prompt: 'one', completion: 'right 1' },
    { prompt: 'three', completion: 'base 3' },
  ]);
});
