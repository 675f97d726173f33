/** What is learnt under chat templates that change a conversation as it goes on, or ask otherwise than they store. */
import { describe, expect, it } from 'vitest';
import {
  encodeExample,
  promptTokens,
  questionOf,
} from '../../../../src/main/engine/batch/encode.ts';
import type { Turn } from '../../../../src/main/engine/dataset/example.ts';
import type { Tokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { tinyTokenizer } from '../tokenizer/fixtures.ts';
import { lossMask, marked } from './marked.ts';
import {
  asksForThought,
  callsForNull,
  dropsThoughts,
  forgetsBeginning,
  mergesNeighbours,
  movesSystem,
  opensThought,
  writesTools,
} from './templates.ts';

const user = (content: string): Turn => ({ role: 'user', content });
const assistant = (content: string): Turn => ({ role: 'assistant', content });
const twoExchanges = [user('One'), assistant('First'), user('Two'), assistant('Second')];

function learn(messages: Turn[], tokenizer: Tokenizer): string[] {
  const sequences = encodeExample({ line: 3, kind: 'chat', messages }, tokenizer);
  return sequences.map((sequence) => marked(sequence, tokenizer));
}

/** Every answer is learnt once, behind exactly the tokens that generation would be given before it. */
function expectGivenTokens(messages: Turn[], tokenizer: Tokenizer): void {
  const sequences = encodeExample({ line: 1, kind: 'chat', messages }, tokenizer);
  const prompts = messages.flatMap(({ role, context }, index) =>
    role === 'assistant' && !context
      ? [promptTokens({ kind: 'chat', messages: messages.slice(0, index) }, tokenizer).join()]
      : [],
  );
  const given = sequences.flatMap((sequence) => {
    const { tokens } = sequence;
    const learnt = lossMask(sequence);
    return [...tokens.keys()]
      .filter((t) => learnt[t] === 1 && learnt[t - 1] === 0)
      .map((t) => tokens.subarray(0, t).join());
  });
  expect(given).toEqual(prompts);
}

describe('a template that drops earlier thoughts', () => {
  const tokenizer = tinyTokenizer({ chatTemplate: dropsThoughts });

  it('gives each answer a sequence of its own, learnt as it would be written there', () => {
    expect(learn(twoExchanges, tokenizer)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«<think>\n\n</think>\n\nFirst<|im_end|>»',
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\nFirst<|im_end|>\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n«<think>\n\n</think>\n\nSecond<|im_end|>»',
    ]);
    expectGivenTokens(twoExchanges, tokenizer);
  });

  it('has the block in the right reply to what is asked', () => {
    const question = questionOf({ line: 1, kind: 'chat', messages: twoExchanges }, tokenizer);
    expect(question?.answer).toBe('<think>\n\n</think>\n\nSecond');
  });

  it('has the thoughts of every answer learnt, wherever they are written', () => {
    const thoughts = { reasoning_content: 'Hm' };
    const messages = [
      user('One'),
      { ...assistant('First'), further: thoughts },
      user('Two'),
      assistant('<think>Well</think>Second'),
    ];
    const [first, second, ...others] = learn(messages, tokenizer);
    expect(first).toContain('«<think>\nHm\n</think>\n\nFirst<|im_end|>»');
    expect(second).toContain(
      'assistant\nFirst<|im_end|>\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n«<think>\nWell\n</think>\n\nSecond<|im_end|>»',
    );
    expect(others).toEqual([]);
  });
});

describe('a template that moves the system prompt into the last turn of the user', () => {
  it('has every answer learnt behind the prompt that it is asked with', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: movesSystem });
    const messages = [{ role: 'system', content: 'S' }, ...twoExchanges];
    expect(learn(messages, tokenizer)).toEqual([
      '[INST]S\n\nOne[/INST]«First<|im_end|>»',
      '[INST]One[/INST]First<|im_end|>[INST]S\n\nTwo[/INST]«Second<|im_end|>»',
    ]);
    expectGivenTokens(messages, tokenizer);
    // Without a system prompt nothing moves.
    expect(learn(twoExchanges, tokenizer)).toEqual([
      '[INST]One[/INST]«First<|im_end|>»[INST]Two[/INST]«Second<|im_end|>»',
    ]);
  });
});

describe('a template whose prompt opens a thought', () => {
  const tokenizer = tinyTokenizer({ chatTemplate: opensThought });

  it('has answers with a thought learnt from where the prompt ends', () => {
    const messages = [
      user('One'),
      assistant('<think>\nHm\n</think>\n\nFirst'),
      user('Two'),
      assistant('<think></think>Second'),
    ];
    expect(learn(messages, tokenizer)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n<think>\n«Hm\n</think>\n\nFirst<|im_end|>»',
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n\n\nFirst<|im_end|>\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n<think>\n«</think>Second<|im_end|>»',
    ]);
    expectGivenTokens(messages, tokenizer);
  });

  it('has answers learnt that begin in the middle of the thought, as the model writes them', () => {
    expect(learn([user('One'), assistant('Hm\n</think>\n\nFirst')], tokenizer)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n<think>\n«Hm\n</think>\n\nFirst<|im_end|>»',
    ]);
  });

  it('is named where an answer has none', () => {
    expect(() => learn([user('One'), assistant('First')], tokenizer)).toThrow(
      expect.objectContaining({
        code: 'tokenizer/unlike-prompt',
        message: expect.stringMatching(
          /chat template begins every answer with "<think>\\n".*line 3, message 2/,
        ) as string,
      }),
    );
  });
});

describe('an answer', () => {
  const tokenizer = tinyTokenizer();

  it('right behind another is a matter of its line, where the template asks for none there', () => {
    const merging = tinyTokenizer({ chatTemplate: mergesNeighbours });
    const messages = [user('One'), assistant('First'), assistant('Second')];
    expect(() => learn(messages, merging)).toThrow(
      expect.objectContaining({
        code: 'dataset/bad-example',
        message: expect.stringContaining('message 3 is an answer right behind another') as string,
      }),
    );
    expect(learn(messages.slice(0, 2), merging)).toHaveLength(1);
  });

  it('of which nothing is left without its thought is refused, and learnt with it', () => {
    const messages = [user('One'), assistant('<think>Hm</think>')];
    const template = { chatTemplate: asksForThought };
    expect(() => learn(messages, tinyTokenizer(template, { thinking: 'off' }))).toThrow(
      /the answer in message 2 is nothing without its thought/,
    );
    expect(learn(messages, tinyTokenizer(template))).toHaveLength(1);
  });

  it('of calls alone has null for its content where the template goes by that', () => {
    const call = {
      type: 'function',
      function: { name: 'lamp', arguments: { level: 1, on: true } },
    };
    const called = { ...assistant(''), further: { tool_calls: [call] } };
    const calling = tinyTokenizer({ chatTemplate: callsForNull });
    expect(learn([user('One'), called, user('Two'), assistant('Second')], calling)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«<call>lamp\n{"level": 1, "on": true}</call><|im_end|>»\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n«Second<|im_end|>»',
    ]);
  });

  it('is never taken for an equal text elsewhere', () => {
    const messages = [user('yes'), assistant('yes'), user('yes'), assistant('yes')];
    const turn = '<|im_start|>user\nyes<|im_end|>\n<|im_start|>assistant\n«yes<|im_end|>»';
    expect(learn(messages, tokenizer)).toEqual([`${turn}\n${turn}`]);
    expectGivenTokens(messages, tokenizer);
  });

  it.each(['a <|im_end|> b', 'dot.', 'bang!', 'An answer.', ' spaces \n', '\n\nlist'])(
    'may have any text in it: %j',
    (content) => {
      const messages = [user('One'), assistant(content), user('Two'), assistant(content)];
      const learnt = learn(messages, tokenizer).join('');
      expect(
        learnt
          .split('«')
          .slice(1)
          .map((part) => part.split('»')[0]),
      ).toEqual([`${content}<|im_end|>`, `${content}<|im_end|>`]);
      expectGivenTokens(messages, tokenizer);
    },
  );

  it('is context only where its line says so', () => {
    const messages: Turn[] = [
      user('One'),
      { ...assistant('Wrong'), context: true },
      user('Two'),
      assistant('Second'),
    ];
    expect(learn(messages, tokenizer)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\nWrong<|im_end|>\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n«Second<|im_end|>»',
    ]);
  });

  it('is refused where the template leaves a part of it out', () => {
    const chatTemplate =
      "{% for m in messages %}{{ '<|im_start|>' + m.content.split('</think>')[-1] + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>{% endif %}";
    const other = tinyTokenizer({ chatTemplate });
    expect(learn([user('One'), assistant('First')], other)).toEqual([
      '<|im_start|>One<|im_end|><|im_start|>«First<|im_end|>»',
    ]);
    expect(() => learn([user('One'), assistant('<think>a</think>First')], other)).toThrow(
      /leaves out a part of the answer in message 2/,
    );
  });

  it('is refused where a template drops the mark U+FEFF from it', () => {
    const drops = `{% for m in messages %}{{ m.role + ': ' + m.content.replace('\ufeff', '') + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}{{ 'assistant: ' }}{% endif %}`;
    const tokenizer = tinyTokenizer({ chatTemplate: drops });
    expect(learn([user('One'), assistant('First')], tokenizer)).toHaveLength(1);
    expect(() => learn([user('One'), assistant('\ufeffFirst')], tokenizer)).toThrow(
      /leaves out a part of the answer in message 2/,
    );
  });
});

describe('what is beside roles and contents', () => {
  const tools = [{ type: 'function', function: { name: 'lamp' } }];
  const asks = { messages: [user('One'), assistant('First')], tools };
  const named = [{ ...user('One'), further: { name: 'Ann' } }, assistant('First')];

  it('reaches a template that uses it', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: writesTools });
    const [sequence] = encodeExample({ line: 1, kind: 'chat', ...asks }, tokenizer);
    expect(sequence && marked(sequence, tokenizer)).toBe(
      `<|im_start|>system\n${JSON.stringify(tools).replace(/([:,])/g, '$1 ')}<|im_end|>\n<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«First<|im_end|>»`,
    );
    expect(learn(named, tokenizer)).toEqual([
      '<|im_start|>user Ann\nOne<|im_end|>\n<|im_start|>assistant\n«First<|im_end|>»',
    ]);
    const prompt = promptTokens({ kind: 'chat', messages: [user('One')], tools }, tokenizer);
    expect([...(sequence?.tokens.subarray(0, prompt.length) ?? [])]).toEqual(prompt);
  });

  it('is refused where a template passes over a whole message', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: opensThought });
    const tool = { role: 'tool', content: '17 °C' };
    const answer = assistant('<think></think>First');
    expect(() => learn([user('One'), tool, answer], tokenizer)).toThrow(
      /does not use message 2, of the role "tool"/,
    );
    expect(() => promptTokens({ kind: 'chat', messages: [user('One'), tool] }, tokenizer)).toThrow(
      /does not use message 2/,
    );
  });

  it('is refused where a template passes over a question', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: forgetsBeginning });
    const messages = [...twoExchanges, user('Three'), assistant('Third')];
    expect(() => learn(messages, tokenizer)).toThrow(/does not use message 1, of the role "user"/);
    expect(learn(twoExchanges.slice(0, 2), tokenizer)).toHaveLength(1);
  });

  it('is refused by name where it does not', () => {
    const tokenizer = tinyTokenizer();
    expect(() => encodeExample({ line: 1, kind: 'chat', ...asks }, tokenizer)).toThrow(
      /does not use "tools"/,
    );
    expect(() => learn(named, tokenizer)).toThrow(/does not use "name" of message 1/);
    expect(() => promptTokens({ kind: 'chat', messages: named.slice(0, 1) }, tokenizer)).toThrow(
      expect.objectContaining({ code: 'tokenizer/ignored-part' }),
    );
  });
});
