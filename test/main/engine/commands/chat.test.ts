/** A chat over a model that stays loaded: its answers against those of `generate`, and how often the base is read for them. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ChatModel } from '../../../../src/main/engine/commands/chat-model.ts';
import { endChat } from '../../../../src/main/engine/commands/chat.ts';
import { handlers } from '../../../../src/main/engine/commands/index.ts';
import { openCheckpoint } from '../../../../src/main/engine/checkpoint/open-checkpoint.ts';
import { openAdapter } from '../../../../src/main/engine/commands/open-adapter.ts';
import { formOf, jointForm } from '../../../../src/main/engine/lora/bank-place.ts';
import type {
  AdapterSource,
  ChatColumn,
  GenerateOptions,
  EngineContext,
  EngineEvent,
  EngineRequest,
  Prompt,
} from '../../../../src/shared/contract/engine.ts';
import { problemOf, temporaryFolder } from '../checkpoint/fixtures.ts';
import { fixturePath } from '../parity/fixtures.ts';

const model = fixturePath('models/tiny-tied');
const short: Prompt = { kind: 'chat', messages: [{ role: 'user', content: 'Set the lamp' }] };
/** Read in more runs than `short`. */
const long: Prompt = {
  kind: 'chat',
  messages: [
    { role: 'system', content: 'Answer in a word, as briefly as the question lets you.' },
    { role: 'user', content: 'Set the lamp' },
    { role: 'assistant', content: 'Lamp set.' },
    { role: 'user', content: 'And the kitchen light, please' },
  ],
};
const greedy: GenerateOptions = { maxNewTokens: 12, temperature: 0, seed: 0, topP: 1 };

const adapter = (name: string, weight = 1): AdapterSource => {
  return { path: fixturePath(`adapters/${name}`), weight };
};
const silent: EngineContext = { emit: () => undefined, signal: new AbortController().signal };

function ask(
  columns: ChatColumn[],
  changed: Partial<EngineRequest<'chat'>> = {},
  context = silent,
) {
  const request = { model, precision: 'float32' as const, columns, nearby: [], options: greedy };
  return handlers.chat({ ...request, ...changed }, context);
}

const textsOf = async (...asked: Parameters<typeof ask>) =>
  (await ask(...asked)).answers.map(({ text }) => text);

/** What `generate` answers, without the beginning of a character that it would have gone on with. */
async function alone(adapters: AdapterSource[], prompt: Prompt): Promise<string | undefined> {
  const options = { maxNewTokens: greedy.maxNewTokens, temperature: 0, seed: 0 };
  const asked = { model, adapters, precision: 'float32' as const, prompts: [prompt], options };
  return (await handlers.generate(asked, silent))[0]?.text.replace(/\uFFFD+$/, '');
}

afterEach(endChat);

test('columns answer as base, adapters and blend do alone, whatever is beside them', async () => {
  const blend = [adapter('all-linear', 0.5), adapter('layers', 1.5)];
  const columns: ChatColumn[] = [
    { adapters: [], prompt: short },
    { adapters: [adapter('all-linear')], prompt: long },
    { adapters: [adapter('dora')], prompt: short },
    { adapters: blend, prompt: long },
  ];
  const wanted = [];
  for (const { adapters, prompt } of columns) wanted.push(await alone(adapters, prompt));
  expect(await textsOf(columns)).toEqual(wanted);
  // Neither do all of them say the same.
  expect(new Set(wanted).size).toBe(4);
});

test('adapters and weights change without the base being read again', async () => {
  const first = await ask([
    { adapters: [], prompt: short },
    { adapters: [adapter('all-linear')], prompt: short },
  ]);
  expect(first.loaded).toBe(true);
  const events: EngineEvent[] = [];
  const hearing = { ...silent, emit: (event: EngineEvent) => void events.push(event) };
  // Of other modules, of other scalings, with weights, and more of them than there are places.
  const others: AdapterSource[][] = [
    [adapter('layers')],
    [adapter('all-linear', -0.7)],
    [adapter('rslora'), adapter('layers', 0.25)],
    [adapter('patterns')],
    [adapter('all-linear')],
    [],
  ];
  const told: (string | undefined)[] = [];
  for (const adapters of others) {
    const { answers, loaded } = await ask([{ adapters, prompt: short }], {}, hearing);
    expect(loaded).toBe(false);
    told.push(answers[0]?.text);
  }
  expect(events.filter(({ kind }) => kind === 'progress')).toEqual([]);
  const wanted = [];
  for (const adapters of others) wanted.push(await alone(adapters, short));
  expect(told).toEqual(wanted);
});

test('an adapter that there is no room for has room made, ahead of time where it is named', async () => {
  const narrow = [{ adapters: [adapter('layers')], prompt: short }];
  const wide = [{ adapters: [adapter('all-linear')], prompt: short }];
  await ask(narrow);
  expect((await ask(wide)).loaded).toBe(true);
  expect((await ask(narrow)).loaded).toBe(false);
  endChat();
  const nearby = ['all-linear', 'no-such-adapter'].map((name) => adapter(name).path);
  await ask(narrow, { nearby });
  expect((await ask(wide)).loaded).toBe(false);
});

test('what is to be said of an adapter is said when it is first asked, also where it is in its place before', async () => {
  const path = join(temporaryFolder(), 'other');
  cpSync(adapter('layers').path, path, { recursive: true });
  const file = join(path, 'adapter_config.json');
  const named = /"base_model_name_or_path": "tiny-tied"/;
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(named, '"base_model_name_or_path": "a/b"'),
  );
  const told: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind === 'notice') told.push(event.text);
  };
  const context = { emit, signal: new AbortController().signal };
  const columns = (of: AdapterSource) => [{ adapters: [of], prompt: short }];
  await ask(columns(adapter('all-linear')), { nearby: [path] }, context);
  expect(told).toEqual([]);
  for (const _ of [1, 2])
    expect((await ask(columns({ path, weight: 1 }), {}, context)).loaded).toBe(false);
  expect(told).toEqual([expect.stringContaining(`The adapter ${path} names "a/b" as its base`)]);
});

test('what is likely to be asked is in its place before it is', async () => {
  const opened = await openCheckpoint(model);
  const read: string[] = [];
  const asked = (name: string) => ({
    key: name,
    open: () => {
      read.push(name);
      return openAdapter(adapter(name).path, opened, silent);
    },
  });
  const forms = ['all-linear', 'layers'].map((name) => formOf(asked(name).open()));
  const place = jointForm(forms, 1);
  const room = { rows: 1, cacheLength: 32, places: [place, place] };
  const loaded = new ChatModel(opened, 'float32', room, silent);
  read.length = 0;
  loaded.place([asked('all-linear')]);
  // The third finds no place.
  loaded.offer([asked('layers'), asked('rslora')]);
  expect(read).toEqual(['all-linear', 'layers']);
  expect(loaded.place([asked('layers')])?.get('layers')).toBe(1);
  expect(read).toHaveLength(2);
  // It takes the place of the one that was asked the longest ago.
  expect(loaded.place([asked('rslora')])?.get('rslora')).toBe(0);
  loaded.dispose();
  opened.close();
});

test('a conversation that goes on is read from where it went on, and answered as if it were read whole', async () => {
  const opened = await openCheckpoint(model);
  const room = { rows: 2, cacheLength: 128, places: [] };
  const sampling = { maxNewTokens: 6, temperature: 0, seed: 0, stopTokens: [] };
  const asked = async (from: ChatModel, prompts: number[][]) => {
    let runs = 1;
    const answers = await from.generate(prompts, [[], []], sampling, (written) => {
      if (written.every(({ length }) => length === 0)) runs += 1;
      return Promise.resolve();
    });
    return { runs, answers };
  };
  const tokens = (length: number, first: number) =>
    Array.from({ length }, (_, i) => 40 + ((first + 7 * i) % 200));
  const [one, other] = [tokens(70, 0), tokens(40, 3)];
  const loaded = new ChatModel(opened, 'float32', room, silent);
  const first = await asked(loaded, [one, other]);
  // 70 tokens take three runs of 32.
  expect(first.runs).toBe(3);
  const next = [one, other].map((prompt, row) => [...prompt, ...(first.answers[row] ?? []), 50]);
  const again = await asked(loaded, next);
  expect(again.runs).toBe(1);
  const fresh = new ChatModel(opened, 'float32', room, silent);
  expect(again.answers).toEqual((await asked(fresh, next)).answers);
  loaded.dispose();
  fresh.dispose();
  opened.close();
});

test('an adapter that was trained anew in its folder is read anew', async () => {
  const path = join(temporaryFolder(), 'adapter');
  const columns = [{ adapters: [{ path, weight: 1 }], prompt: short }];
  cpSync(adapter('all-linear').path, path, { recursive: true });
  await ask(columns);
  cpSync(adapter('layers').path, path, { recursive: true });
  const [text] = await textsOf(columns);
  expect(text).toBe(await alone([adapter('layers')], short));
});

test('a draw follows from the seed, and not from what is beside it', async () => {
  const options = { ...greedy, temperature: 1.5, seed: 7 };
  const base = { adapters: [], prompt: short };
  const [drawn] = await textsOf([base], { options });
  const beside = await textsOf([{ adapters: [adapter('dora')], prompt: long }, base, base], {
    options,
  });
  expect(beside.slice(1)).toEqual([drawn, drawn]);
  const [other] = await textsOf([base], { options: { ...options, seed: 8 } });
  expect(other).not.toBe(drawn);
  // Of a nucleus that is but one token it is drawn for certain.
  const [sure] = await textsOf([base], { options: { ...options, topP: 1e-6 } });
  expect(sure).toBe(await alone([], short));
});

test('a stopped answer keeps what was written, and the model is still there', async () => {
  const stop = new AbortController();
  const told: string[] = [];
  const emit = (event: EngineEvent) => {
    if (event.kind !== 'answer') return;
    told.push(event.text);
    if (told.length === 3) stop.abort();
  };
  const columns = [{ adapters: [], prompt: short }];
  const { answers } = await ask(columns, {}, { emit, signal: stop.signal });
  expect(answers[0]).toMatchObject({ ended: 'stopped', tokens: 3, text: told[2] });
  const again = await ask(columns);
  expect(again).toMatchObject({ loaded: false, answers: [{ ended: 'length', tokens: 12 }] });
  expect(again.answers[0]?.text.startsWith(told[2] ?? '?')).toBe(true);
});

test('what ended by itself before the others were stopped says so', async () => {
  const stop = new AbortController();
  let told = 0;
  const emit = (event: EngineEvent) => {
    if (event.kind !== 'answer' || event.column !== 0) return;
    told += 1;
    if (told === 12) stop.abort();
  };
  // Seven tokens from the end of the context.
  const full: Prompt = { kind: 'text', text: 'q'.repeat(505) };
  const columns = [short, full].map((prompt) => ({ adapters: [], prompt }));
  const options = { ...greedy, maxNewTokens: 40 };
  const { answers } = await ask(columns, { options }, { emit, signal: stop.signal });
  expect(answers.map(({ ended }) => ended)).toEqual(['stopped', 'context']);
});

test('an answer ends where the context does, and a longer prompt is refused', async () => {
  // The model has 512 positions, and every one of these letters is a token.
  const text = 'q'.repeat(505);
  const options = { ...greedy, maxNewTokens: 40 };
  const { answers } = await ask([{ adapters: [], prompt: { kind: 'text', text } }], { options });
  expect(answers[0]?.ended).toBe('context');
  const longer: Prompt = { kind: 'text', text: text + text };
  const problem = await problemOf(() => ask([{ adapters: [], prompt: longer }]));
  expect(problem.code).toBe('engine/prompt-too-long');
});

test('a classifier has no conversation', async () => {
  const folder = fixturePath('classifiers/tiny-qwen3-score');
  const columns = [{ adapters: [{ path: join(folder, 'adapter'), weight: 1 }], prompt: short }];
  const problem = await problemOf(() => ask(columns, { model: join(folder, 'model') }));
  expect(problem.code).toBe('task/no-next-token');
});
