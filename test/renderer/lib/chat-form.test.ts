/** The form of a conversation: what it is asked with, what is lacking, and columns that are never taken for others. */
import { expect, test } from 'vitest';
import {
  chatFormOf,
  chatSetupOf,
  emptyChat,
  lackOfChat,
  withColumn,
  withModel,
  withParts,
} from '../../../src/renderer/lib/chat-form.ts';
import type { ChatTurn } from '../../../src/shared/contract/chat.ts';

const answer = { by: 'x', text: 'y', tokens: 1, tokensPerSecond: 1, right: null };
const turns: ChatTurn[] = [{ asked: 'a', answers: [{ ...answer, column: 4, ended: 'end' }] }];

test('a form gives its setup and is filled by it', () => {
  const form = withColumn(withColumn(emptyChat('/m'), [], 7), [], 8);
  const setup = chatSetupOf(form);
  expect(setup?.columns).toEqual([
    { key: 0, parts: [] },
    { key: 1, parts: [{ id: 7, weight: 1 }] },
    { key: 2, parts: [{ id: 8, weight: 1 }] },
  ]);
  expect(setup && chatFormOf(setup)).toEqual(form);
});

test('a further column has a key that nobody has answered under, and there are three at most', () => {
  let form = withColumn(emptyChat('/m'), turns, 7);
  expect(form.adapted[0]?.key).toBe(5);
  for (const id of [8, 9, 10]) form = withColumn(form, turns, id);
  expect(form.adapted.map(({ key }) => key)).toEqual([5, 6, 7]);
});

test('a column without adapters goes, and all of them with another model', () => {
  const form = withColumn(emptyChat('/m'), [], 7);
  expect(withParts(form, 1, []).adapted).toEqual([]);
  expect(withModel({ ...form, base: false }, '/n')).toEqual(emptyChat('/n'));
  expect(withModel(form, '/m')).toBe(form);
});

test.each([
  [emptyChat(null), 'Choose a model.'],
  [{ ...emptyChat('/m'), base: false }, 'Choose who is to answer.'],
  [{ ...emptyChat('/m'), topP: 0 }, 'Top-p has to be above 0 and at most 1.'],
  [{ ...emptyChat('/m'), topP: 1.5 }, 'Top-p has to be above 0 and at most 1.'],
  [{ ...emptyChat('/m'), temperature: -1 }, 'Temperature has to be 0 or more.'],
  [{ ...emptyChat('/m'), maxNewTokens: 0 }, 'Longest answer has to be a whole number from 1 on.'],
  [{ ...emptyChat('/m'), seed: 1.5 }, 'Seed has to be a whole number from 0 on.'],
  [{ ...emptyChat('/m'), seed: null }, 'Seed is empty.'],
  [
    withParts(withColumn(emptyChat('/m'), [], 7), 1, [{ id: 7, weight: null }]),
    'Give every adapter a weight.',
  ],
])('what is lacking is said, and nothing is asked: %#', (form, lack) => {
  expect(lackOfChat(form)).toBe(lack);
  expect(chatSetupOf(form)).toBe(null);
});
