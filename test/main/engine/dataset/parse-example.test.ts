/** Rows in the forms of other tools: ShareGPT, Alpaca with history, calls of tools, and lists as the text of columns. */
import { describe, expect, it } from 'vitest';
import { parseExample } from '../../../../src/main/engine/dataset/parse-example.ts';

const ask = { role: 'user', content: 'u' };
const answer = { role: 'assistant', content: 'a' };
const pair = { prompt: 'u', completion: 'a' };
const alpaca = { instruction: 'u', output: 'a' };
const parse = (row: Record<string, unknown>) => parseExample(row, 7);
const exampleOf = (row: Record<string, unknown>) => {
  const parsed = parse(row);
  if ('reason' in parsed) throw new Error(parsed.reason);
  expect(parsed.unused).toEqual([]);
  return parsed.example;
};
const chat = (...messages: unknown[]) => ({ line: 7, kind: 'chat', messages });

describe('ShareGPT', () => {
  it('has speakers for roles, in any of its names', () => {
    const conversations = [
      { from: 'system', value: 's' },
      { from: 'human', value: 'u', weight: null, text: null },
      { from: 'gpt', value: 'a', weight: 0 },
      { from: 'observation', value: 't' },
      { from: 'assistant', value: 'a' },
    ];
    expect(exampleOf({ conversations, id: 'x' })).toEqual(
      chat(
        { role: 'system', content: 's' },
        ask,
        { ...answer, context: true },
        { role: 'tool', content: 't' },
        answer,
      ),
    );
    expect(parse({ conversation: conversations })).toMatchObject({ format: 'conversation' });
  });

  it('may have roles and contents after all, and a system prompt and tools beside', () => {
    const tools = [{ function: { name: 'lamp' } }];
    expect(
      exampleOf({ conversations: [ask, answer], system: 's', tools: JSON.stringify(tools) }),
    ).toEqual({ ...chat({ role: 'system', content: 's' }, ask, answer), tools });
    expect(exampleOf({ messages: [{ from: 'user', value: 'u' }, answer] })).toEqual(
      chat(ask, answer),
    );
  });

  it.each([
    [[{ from: 'narrator', value: 'n' }], /message 1 is from "narrator", which is not known; known/],
    [[{ from: 'human', content: 'n' }], /"value" of message 1 is missing/],
    [[{ from: 'human', value: 'n', content: 'm' }], null],
    [[{ from: 'human', role: 'user', value: 'n' }], /message 1 has both "role" and "from"/],
    [[{ value: 'n' }], /message 1 has no "role"/],
    [[{ from: 'function_call', value: '{}' }], /message 1 is from "function_call"/],
  ])('is refused by message: %j', (conversations, reason) => {
    const parsed = parse({ conversations: [...conversations, { from: 'gpt', value: 'a' }] });
    if (reason === null) {
      // A key that templates may use goes on to them; encoding refuses it where they do not.
      expect(parsed).toMatchObject({ example: { messages: [{ further: { content: 'm' } }, {}] } });
    } else expect(parsed).toEqual({ reason: expect.stringMatching(reason) as unknown });
  });

  it('is refused beside another conversation', () => {
    expect(parse({ messages: [ask, answer], conversations: [ask, answer] })).toEqual({
      reason: expect.stringMatching(
        /"conversations" beside "messages" is not supported/,
      ) as unknown,
    });
  });
});

describe('what was said before a pair, and thought in it', () => {
  it('is a conversation: the history', () => {
    const history = [
      ['u1', 'a1'],
      ['u2', 'a2'],
    ];
    const rounds = history.flatMap(([content, answered]) => [
      { role: 'user', content },
      { role: 'assistant', content: answered },
    ]);
    const row = { instruction: 'u', input: 'i', output: 'a', system: 's', history };
    const last = { role: 'user', content: 'u\n\ni' };
    expect(exampleOf(row)).toEqual(chat({ role: 'system', content: 's' }, ...rounds, last, answer));
    expect(exampleOf({ ...alpaca, history: JSON.stringify(history) })).toEqual(
      chat(...rounds, ask, answer),
    );
    expect(exampleOf({ ...pair, history: '[]' })).toEqual({ line: 7, kind: 'completion', ...pair });
  });

  it('is a conversation: the reasoning', () => {
    expect(exampleOf({ ...pair, reasoning_content: 'r' })).toEqual(
      chat(ask, { ...answer, further: { reasoning_content: 'r' } }),
    );
  });

  it.each([
    [{ history: 'before' }, /"history" is text, not a list/],
    [{ history: ['u'] }, /round 1 of "history" is not a pair of texts/],
    [{ history: [['u', 'a', 'b']] }, /round 1 of "history" is not a pair of texts/],
    [
      {
        history: [
          ['u', 'a'],
          ['u', ' '],
        ],
      },
      /the answer in round 2 of "history" is empty/,
    ],
    [{ reasoning_content: ['r'] }, /"reasoning_content" is a list, not text/],
    [{ reasoning: 'r' }, /"reasoning" beside "instruction" is not supported/],
  ])('is refused: %j', (more, reason) => {
    expect(parse({ ...alpaca, ...more })).toEqual({
      reason: expect.stringMatching(reason) as unknown,
    });
  });

  it('is refused beside a prompt, where a history has several forms', () => {
    expect(parse({ ...pair, history: [['u', 'a']] })).toEqual({
      reason: expect.stringMatching(/^"history" beside "prompt" can mean several/) as unknown,
    });
  });
});

describe('calls of tools', () => {
  const call = (args: unknown) => ({
    id: 'c1',
    type: 'function',
    function: { name: 'lamp', arguments: args },
  });

  it('are an answer, with their arguments as objects', () => {
    const calls = { role: 'assistant', content: null, tool_calls: [call('{"on": true}')] };
    const result = { role: 'tool', content: 'done', tool_call_id: 'c1', name: 'lamp' };
    const read = { role: 'assistant', content: '', further: { tool_calls: [call({ on: true })] } };
    expect(exampleOf({ messages: [ask, calls, result, answer] })).toEqual(
      chat(
        ask,
        read,
        { role: 'tool', content: 'done', further: { tool_call_id: 'c1', name: 'lamp' } },
        answer,
      ),
    );
    const plain = { role: 'assistant', tool_calls: [{ name: 'lamp', arguments: { on: true } }] };
    expect(exampleOf({ messages: [ask, plain] })).toEqual(
      chat(ask, { role: 'assistant', content: '', further: { tool_calls: plain.tool_calls } }),
    );
  });

  it.each([
    [{ ...answer, tool_calls: 'lamp' }, /"tool_calls" of message 2 is not a list of objects/],
    [{ ...answer, tool_calls: [{ function: {} }] }, /a call in "tool_calls" .* has no "name"/],
    [{ ...ask, tool_calls: [call({})] }, /message 2 has "tool_calls", which only the role "assis/],
    [{ ...answer, tool_calls: [call('{"on": }')] }, /the arguments of a call .* not JSON/],
    [{ ...answer, tool_calls: [call('{"on": 1, "on": 2}')] }, /the arguments .* key "on" twice/],
    [
      { ...answer, tool_calls: [call('{"id": 12345678901234567891}')] },
      /"tool_calls" of message 2 has the number 12345678901234567891/,
    ],
    [{ ...answer, tool_calls: [call({ on: Infinity })] }, /has the number beyond 1e308/],
    [{ ...answer, content: 7, tool_calls: [call({})] }, /"content" of message 2 is a number/],
    [{ ...answer, function_call: { name: 'lamp' } }, /"function_call", .*; write "tool_calls"/],
  ])('are refused: %j', (message, reason) => {
    expect(parse({ messages: [ask, message, answer] })).toEqual({
      reason: expect.stringMatching(reason) as unknown,
    });
  });
});

describe('an instruction', () => {
  it('that is empty leaves no blank line before the input', () => {
    expect(exampleOf({ instruction: '', input: 'u', output: 'a' })).toMatchObject({ prompt: 'u' });
    expect(exampleOf({ instruction: 'u', input: '', output: 'a' })).toMatchObject({ prompt: 'u' });
    const both = { instruction: 'u', input: 'i', output: 'a' };
    expect(exampleOf(both)).toMatchObject({ prompt: 'u\n\ni' });
  });
});

describe('columns of text', () => {
  it('hold lists as JSON, numbers and truth', () => {
    const messages = JSON.stringify([
      ask,
      { ...answer, weight: '0' },
      { ...answer, train: 'True' },
    ]);
    expect(exampleOf({ messages, system: '', tools: '', weight: '1', train: 'true' })).toEqual(
      chat(ask, { ...answer, context: true }, answer),
    );
  });

  it.each([
    [{ messages: "[{'role': 'user'}]" }, /"messages" is text, not a list/],
    [{ messages: '[{"role":"user","role":"system"}]' }, /"messages" is text, not a list/],
    [{ ...pair, weight: '0' }, /asks with "weight" or "train" not to be learnt/],
    [{ ...pair, weight: Infinity }, /"weight" of the line is a number beyond 1e308; it can be/],
    [{ ...pair, weight: '0.5' }, /"weight" of the line is "0.5"; it can be 0 or 1/],
    [{ ...pair, train: 'no' }, /"train" of the line is text, not true or false/],
  ])('are refused: %j', (row, reason) => {
    expect(parse(row)).toEqual({ reason: expect.stringMatching(reason) as unknown });
  });
});
