/** Conversations by the window's commands, with the real engine and store: asked, kept over a restart, and made into data. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { chatHandlers } from '../../../src/main/features/chats.ts';
import type { Studio } from '../../../src/main/studio.ts';
import type { ChatSetup } from '../../../src/shared/contract/chat.ts';
import type { StudioEvent } from '../../../src/shared/contract/events.ts';
import { problemOf } from '../engine/checkpoint/fixtures.ts';
import { adapterPath, tinyModel } from '../engine/compose/parts.ts';
import { mortalEngine } from './mortal-engine.ts';
import { pathsIn, studioIn } from './open-studio.ts';

const root = mkdtempSync(join(tmpdir(), 'lorikeet-chats-'));
const paths = pathsIn(root);
const events: StudioEvent[] = [];
let studio: Studio;
let handlers: ReturnType<typeof chatHandlers>;
const engine = mortalEngine();

function open(): void {
  studio = studioIn(root, (event) => events.push(event), { queries: engine.transport });
  studio.known.add(tinyModel);
  handlers = chatHandlers(studio);
}

function add(name: string): number {
  return studio.store.adapters.add({
    ...{ name, path: adapterPath(name), runId: null, labels: null, model: tinyModel, origin: null },
    ...{ rank: 8, alpha: 16, parameters: 1, base: null, createdAt: 1 },
  });
}

let setup: ChatSetup;
beforeAll(() => {
  open();
  const part = { id: add('layers'), weight: 1 };
  setup = {
    ...{ model: tinyModel, system: 'Be brief.' },
    columns: [
      { key: 1, parts: [] },
      { key: 2, parts: [part] },
    ],
    ...{ maxNewTokens: 6, temperature: 0, topP: 1, seed: 0 },
  };
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true });
});

/** Alone, as it was asked in the conversation. */
async function alone(adapters: string[], messages: { role: string; content: string }[]) {
  const [answer] = await studio.queries.call('generate', {
    ...{ model: tinyModel, precision: 'auto' },
    adapters: adapters.map((path) => ({ path, weight: 1 })),
    prompts: [{ kind: 'chat', messages }],
    options: { maxNewTokens: 6, temperature: 0, seed: 0 },
  });
  return answer?.text.replace(/\uFFFD+$/, '');
}

const system = { role: 'system', content: 'Be brief.' };
const first = { role: 'user', content: 'say 3' };

test('a question is answered by every column, told as it is written, and kept', async () => {
  const { chat, loaded } = await handlers['chats.ask']({
    ...{ id: null, setup, after: 0, asked: 'say 3' },
  });
  expect(loaded).toBe(true);
  expect(chat).toMatchObject({ name: 'say 3', plain: false, setup });
  const [turn] = chat.turns;
  expect(turn?.answers.map(({ by }) => by)).toEqual(['Base model', 'layers']);
  const streamed = [1, 2].map((column) =>
    events.flatMap((event) =>
      event.kind === 'chat-answer' && event.column === column ? [event.text] : [],
    ),
  );
  expect(streamed.map((texts) => texts.length)).toEqual([6, 6]);
  const texts = turn?.answers.map(({ text }) => text);
  expect(streamed.map((each) => each.at(-1))).toEqual(texts);
  expect(texts).toEqual([
    await alone([], [system, first]),
    await alone([adapterPath('layers')], [system, first]),
  ]);
});

test('a conversation goes on after a restart, each column with what it said, and as it was corrected', async () => {
  await studio.close();
  open();
  const [head] = await handlers['chats.list']();
  const id = head?.id ?? 0;
  const kept = await handlers['chats.get']({ id });
  expect(kept.turns).toHaveLength(1);
  await handlers['chats.mark']({ id, turn: 0, column: 2, right: 'three' });
  const asked = 'and 4';
  const { chat } = await handlers['chats.ask']({ id, setup, after: 1, asked });
  const before = (content: string | undefined) => [
    ...[system, first, { role: 'assistant', content: content ?? '' }],
    { role: 'user', content: asked },
  ];
  expect(chat.turns[1]?.answers.map(({ text }) => text)).toEqual([
    await alone([], before(kept.turns[0]?.answers[0]?.text)),
    await alone([adapterPath('layers')], before('three')),
  ]);
  // Asked again it takes the place of the answers before, and what is marked meanwhile stays so.
  const asking = handlers['chats.ask']({ id, setup, after: 1, asked });
  await handlers['chats.mark']({ id, turn: 0, column: 2, right: '3' });
  const again = await asking;
  expect(again.chat.turns.map(({ answers }) => answers[1]?.right)).toEqual(['3', null]);
  await handlers['chats.mark']({ id, turn: 0, column: 2, right: 'three' });
});

test('a question that cannot be asked leaves the conversations as they were', async () => {
  const before = await handlers['chats.list']();
  const id = before[0]?.id ?? 0;
  const chat = await handlers['chats.get']({ id });
  const lost = { ...setup, columns: [{ key: 1, parts: [{ id: 99, weight: 1 }] }] };
  for (const [of, after] of [
    [null, 0],
    [id, 2],
    [id, 1],
  ] as const) {
    const asked = { id: of, setup: lost, after, asked: 'who?' };
    expect(await problemOf(() => handlers['chats.ask'](asked))).toMatchObject({
      code: 'studio/not-found',
    });
  }
  expect(await handlers['chats.list']()).toEqual(before);
  expect(await handlers['chats.get']({ id })).toEqual(chat);
});

test('a question is kept before it is answered: what ends meanwhile has not lost it', async () => {
  const [{ id } = { id: 0 }] = await handlers['chats.list']();
  const { turns } = await handlers['chats.get']({ id });
  const slow = { ...setup, maxNewTokens: 100 };
  const asking = handlers['chats.ask']({ id, setup: slow, after: 2, asked: 'and 5' });
  await expect
    .poll(() => studio.store.chats.get(id).turns, { interval: 1 })
    .toEqual([...turns, { asked: 'and 5', answers: [] }]);
  await engine.kill();
  const kept = await handlers['chats.get']({ id });
  expect(kept.turns[2]).toEqual({ asked: 'and 5', answers: [] });
  expect(await asking).toMatchObject({ chat: kept, problem: { code: 'engine/stopped' } });
  const { chat } = await handlers['chats.ask']({ id, setup, after: 2, asked: 'and 5' });
  expect(chat.turns.map(({ answers }) => answers.length)).toEqual([2, 2, 2]);
  studio.store.chats.put({ ...chat, turns });
});

test('right answers become a data file of the library, every line of which can be trained on', async () => {
  const [head] = await handlers['chats.list']();
  const id = head?.id ?? 0;
  expect(head).toMatchObject({ turns: 2, right: 1 });
  const right = 'four';
  await handlers['chats.mark']({ id, turn: 1, column: 2, right });
  const { path, examples } = await handlers['chats.export']({ ids: [id] });
  expect(dirname(path)).toBe(paths.data);
  expect(examples).toBe(2);
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual([
    { messages: [system, first, { role: 'assistant', content: 'three' }] },
    {
      messages: [
        ...[system, first, { role: 'assistant', content: 'three', weight: 0 }],
        ...[
          { role: 'user', content: 'and 4' },
          { role: 'assistant', content: right },
        ],
      ],
    },
  ]);
  const report = await studio.queries.call('data.inspect', {
    ...{ path, columns: [], model: tinyModel, sequenceLength: 512 },
    ...{ task: 'causal-lm', problem: 'auto', thinking: 'auto' },
    held: { validation: { kind: 'none' }, seed: 0 },
  });
  expect(report).toMatchObject({ examples: 2, badLines: [], formats: ['messages'] });
  expect(studio.store.datasets.list()).toMatchObject([{ path, examples: 2 }]);
  // A file that a run may have learnt from stays as it is.
  const other = await handlers['chats.export']({ ids: null });
  expect(other.path).not.toBe(path);
});

test('a model without a chat template goes on with each text by itself, and its data are pairs', async () => {
  const model = join(root, 'plain');
  cpSync(tinyModel, model, { recursive: true });
  rmSync(join(model, 'chat_template.jinja'));
  studio.known.add(model);
  const own = { ...setup, model, columns: [{ key: 1, parts: [] }] };
  const { chat } = await handlers['chats.ask']({
    id: null,
    setup: own,
    after: 0,
    asked: 'Set the',
  });
  expect(chat.plain).toBe(true);
  const { id } = chat;
  await handlers['chats.mark']({ id, turn: 0, column: 1, right: ' lamp.' });
  const { path } = await handlers['chats.export']({ ids: [id] });
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
    ...{ prompt: 'Set the', completion: ' lamp.' },
  });
});

test('what cannot be asked leaves the conversation as it was', async () => {
  const [{ id } = { id: 0 }] = await handlers['chats.list']();
  const before = await handlers['chats.get']({ id });
  const asked = 'q'.repeat(2000);
  const problem = await problemOf(() =>
    handlers['chats.ask']({ id, setup: before.setup, after: before.turns.length, asked }),
  );
  expect(problem.code).toBe('engine/prompt-too-long');
  const foreign = await problemOf(() =>
    handlers['chats.ask']({ id, setup: { ...setup, model: '/etc' }, after: 0, asked: 'x' }),
  );
  expect(foreign.code).toBe('studio/path-not-chosen');
  expect(await handlers['chats.get']({ id })).toEqual(before);
});

test('one is renamed and removed, and there is no data without a right answer', async () => {
  const [{ id } = { id: 0 }] = await handlers['chats.list']();
  await handlers['chats.rename']({ id, name: 'Lamps' });
  expect((await handlers['chats.get']({ id })).name).toBe('Lamps');
  await handlers['chats.mark']({ id, turn: 0, column: 1, right: null });
  const none = await problemOf(() => handlers['chats.export']({ ids: [id] }));
  expect(none.code).toBe('studio/no-right-answer');
  await handlers['chats.remove']({ id });
  expect((await handlers['chats.list']()).map((each) => each.id)).not.toContain(id);
});
