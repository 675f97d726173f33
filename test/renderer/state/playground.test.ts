/** A question in the playground while its answers come, with a main process that answers when it is told to. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { emptyChat } from '../../../src/renderer/lib/chat-form.ts';
import { Playground } from '../../../src/renderer/state/playground.svelte.ts';
import type { Conversation } from '../../../src/shared/contract/chat.ts';
import { lorikeetError } from '../../../src/shared/errors/lorikeet-error.ts';

type Question = { command: string; request: unknown; answer: (given: unknown) => void };
let questions: Question[] = [];

beforeEach(() => {
  questions = [];
  const invoke = (command: string, request: unknown) =>
    new Promise((answer) => {
      questions.push({ command, request, answer });
    });
  vi.stubGlobal('window', { lorikeet: { invoke } });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const good = (value: unknown) => ({ ok: true, value });
/** Lets what waits for an answer go on. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 0));

/** The last question is answered. */
async function answered(value: unknown): Promise<void> {
  questions.at(-1)?.answer(good(value));
  await settle();
}

function open(): Playground {
  const playground = new Playground();
  playground.form = { ...emptyChat('/m'), system: 'Be brief.' };
  return playground;
}

function conversation(turns: Conversation['turns']): Conversation {
  const setup = { ...emptyChat('/m'), model: '/m', columns: [], system: '' };
  const numbers = { maxNewTokens: 1, temperature: 0, topP: 1, seed: 0 };
  const times = { createdAt: 1, changedAt: 1 };
  return { id: 5, name: 'a', setup: { ...setup, ...numbers }, plain: false, turns, ...times };
}

test('answers are shown as they are written, and then as they were kept', async () => {
  const playground = open();
  playground.question = 'say 3';
  void playground.ask();
  expect(questions).toMatchObject([
    { command: 'chats.ask', request: { id: null, after: 0, asked: 'say 3' } },
  ]);
  expect(playground.question).toBe('');
  playground.apply({ kind: 'chat-answer', column: 0, text: 'th' });
  playground.apply({ kind: 'chat-answer', column: 1, text: 'x' });
  playground.apply({ kind: 'chat-answer', column: 0, text: 'three' });
  expect(playground.asking?.written).toEqual([
    { column: 1, text: 'x' },
    { column: 0, text: 'three' },
  ]);
  // One at a time.
  playground.question = 'more';
  await playground.ask();
  expect(questions).toHaveLength(1);
  expect(playground.question).toBe('more');
  const chat = conversation([{ asked: 'say 3', answers: [] }]);
  questions[0]?.answer(good({ chat, loaded: true, notices: ['told'], problem: null }));
  await settle();
  expect([playground.asking, playground.chat, playground.notices]).toEqual([null, chat, ['told']]);
  void playground.askAgain();
  expect(questions.at(-1)).toMatchObject({ request: { id: 5, after: 0, asked: 'say 3' } });
});

test('a question that could not be asked is back in its field, with the reason', async () => {
  const playground = open();
  playground.question = 'too long';
  void playground.ask();
  const { problem } = lorikeetError('engine/prompt-too-long', {
    ...{ path: '/m', tokens: 9, positions: 8 },
  });
  questions[0]?.answer({ ok: false, problem });
  await settle();
  questions.at(-1)?.answer(good([]));
  await settle();
  expect(playground.question).toBe('too long');
  expect(playground.problem).toEqual(problem);
  // Something lacking is not asked either, and nothing is lost by it.
  playground.form = { ...playground.form, seed: null };
  await playground.ask();
  expect(playground.question).toBe('too long');
  expect(questions.map(({ command }) => command)).toEqual(['chats.ask', 'chats.list']);
});

test('where the engine ended, the question is in the conversation, which is asked again as it is', async () => {
  const playground = open();
  playground.question = 'say 3';
  void playground.ask();
  const { problem } = lorikeetError('engine/stopped', { reason: 'killed' });
  const chat = conversation([{ asked: 'say 3', answers: [] }]);
  questions[0]?.answer(good({ chat, loaded: false, notices: [], problem }));
  await settle();
  await answered([]);
  expect([playground.chat, playground.problem, playground.question]).toEqual([chat, problem, '']);
  void playground.askAgain();
  expect(questions.at(-1)).toMatchObject({ request: { id: 5, after: 0, asked: 'say 3' } });
  expect(playground.problem).toBeNull();
});

test('a question that could not be asked stands before what was typed meanwhile', async () => {
  const playground = open();
  playground.question = 'too long';
  void playground.ask();
  playground.question = 'the next';
  const { problem } = lorikeetError('engine/prompt-too-long', {
    ...{ path: '/m', tokens: 9, positions: 8 },
  });
  questions[0]?.answer({ ok: false, problem });
  await settle();
  await answered([]);
  expect(playground.question).toBe('too long\n\nthe next');
});

test('while answers come, no other conversation is opened over them', async () => {
  const playground = open();
  playground.question = 'say 3';
  void playground.ask();
  await playground.open(7);
  playground.begin();
  expect(questions).toHaveLength(1);
  void playground.stop();
  expect(playground.stopping).toBe(true);
  expect(questions.at(-1)?.command).toBe('chats.stop');
});

const timed = { tokens: 1, tokensPerSecond: 1, ended: 'end' as const };
const reply = { column: 1, by: 'one', text: 'thre', right: null, ...timed };
const place = { chat: 5, turn: 0, column: 1 };

test('a correction is there until it is kept, and again when its mark is taken away', async () => {
  const playground = open();
  const of = (right: string | null) =>
    conversation([{ asked: 'say 3', answers: [{ ...reply, right }] }]);
  playground.chat = of(null);
  const { corrections } = playground;
  corrections.put(place, 'three', true);
  corrections.put({ ...place, column: 0 }, 'other', true);
  expect(corrections.of(place)).toMatchObject({ text: 'three', open: true });
  void playground.mark(0, 1, 'three');
  await answered(of('three'));
  expect(corrections.of(place)).toBeNull();
  expect(corrections.of({ ...place, column: 0 })?.text).toBe('other');
  void playground.mark(0, 1, null);
  await answered(of(null));
  expect(corrections.of(place)).toMatchObject({ text: 'three', open: false });
  // The own text of the model is right: what was written stays beside it.
  void playground.mark(0, 1, reply.text);
  await answered(of(reply.text));
  void playground.mark(0, 1, null);
  await answered(of(null));
  expect(corrections.of(place)?.text).toBe('three');
});

test('a correction goes with the answer that it is about', async () => {
  const playground = open();
  playground.chat = conversation([{ asked: 'say 3', answers: [{ ...reply }] }]);
  playground.corrections.put(place, 'three', true);
  playground.corrections.put({ ...place, chat: 6 }, 'six', true);
  void playground.askAgain();
  expect(playground.corrections.of(place)?.text).toBe('three');
  await answered({ chat: playground.chat, loaded: false, notices: [] });
  expect(playground.corrections.of(place)).toBeNull();
  expect(playground.corrections.of({ ...place, chat: 6 })?.text).toBe('six');
});
