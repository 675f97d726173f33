/** What is learnt under chat templates that refuse roles, hide or ask for something, or end turns in a way of their own. */
import { describe, expect, it, test } from 'vitest';
import {
  encodeExamples,
  loadEncoded,
  promptTokens,
  questionOf,
} from '../../../../src/main/engine/batch/encode.ts';
import type { Turn } from '../../../../src/main/engine/dataset/example.ts';
import type { Tokenizer } from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';
import { tinyFiles, tinyTokenizer } from '../tokenizer/fixtures.ts';
import { marked } from './marked.ts';
import {
  asksForThought,
  closesAnswers,
  closesThought,
  hidesSystem,
  needsTools,
  opensThought,
  otherField,
  refusesSystem,
} from './templates.ts';

const system: Turn = { role: 'system', content: 'Be brief' };
const user = (content: string): Turn => ({ role: 'user', content });
const assistant = (content: string, further?: Turn['further']): Turn => ({
  ...{ role: 'assistant', content },
  ...(further && { further }),
});
const twoExchanges = [user('One'), assistant('First'), user('Two'), assistant('Second')];
const thoughtful = [
  user('One'),
  assistant('First', { reasoning_content: 'Hm' }),
  user('Two'),
  assistant('<think>\nWell\n</think>\n\nSecond'),
];

function learn(messages: Turn[], tokenizer: Tokenizer): string[] {
  const { encoded, badLines } = encodeExamples([{ line: 3, kind: 'chat', messages }], tokenizer);
  return [
    ...encoded.flat().map((sequence) => marked(sequence, tokenizer)),
    ...badLines.map(({ line, reason }) => `line ${line}: ${reason}`),
  ];
}

/** The text that generation starts from, for each answer. */
function prompts(messages: Turn[], tokenizer: Tokenizer): string[] {
  return messages.flatMap(({ role }, index) =>
    role === 'assistant'
      ? [
          tokenizer.decode(
            promptTokens({ kind: 'chat', messages: messages.slice(0, index) }, tokenizer),
          ),
        ]
      : [],
  );
}

/** What stands before the last learnt stretch of each sequence. */
const given = (learnt: string[]) =>
  learnt.map((text) => text.slice(0, text.lastIndexOf('«')).replace(/[«»]/g, ''));

describe('a template without a system role', () => {
  const tokenizer = tinyTokenizer({ chatTemplate: refusesSystem });
  const line = { messages: [system, ...twoExchanges] };

  it('has the system prompt learnt and asked in front of the first message of the user', () => {
    const learnt = learn(line.messages, tokenizer);
    expect(learnt).toEqual([
      '<|im_start|>user\nBe brief\n\nOne<|im_end|>\n<|im_start|>model\n«First<|im_end|>»\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>model\n«Second<|im_end|>»',
    ]);
    expect(prompts(line.messages, tokenizer).at(-1)).toBe(given(learnt)[0]);
  });

  it('is told of, once for a file and only where it matters', async () => {
    const pair = { prompt: 'One', completion: 'First' };
    const file = dataFile(jsonl(line, pair, { ...pair, system: 'Be brief' }));
    expect((await loadEncoded({ path: file, columns: [] }, tokenizer)).notices).toEqual([
      expect.stringMatching(
        /takes no system prompt: in 2 conversations it stands before the first/,
      ),
    ]);
    expect(
      (await loadEncoded({ path: dataFile(jsonl(pair)), columns: [] }, tokenizer)).notices,
    ).toEqual([]);
    expect((await loadEncoded({ path: file, columns: [] }, tinyTokenizer())).notices).toEqual([]);
  });

  it('names the line where roles do not alternate', () => {
    expect(learn([user('One'), user('Two'), assistant('Second')], tokenizer)).toEqual([
      expect.stringMatching(
        /^line 3: .*Roles must alternate\. It takes what stands before message 2\.$/,
      ),
    ]);
    const late = [system, ...twoExchanges, assistant('Third'), user('Three'), assistant('Fourth')];
    expect(learn(late, tokenizer)).toEqual([
      expect.stringMatching(/^line 3: .*It takes what stands before message 6\.$/),
    ]);
    // What nobody asked after cannot be put anywhere.
    expect(learn([system, assistant('First')], tokenizer)).toEqual([
      expect.stringMatching(/^line 3: .*Roles must alternate/),
    ]);
  });
});

describe('a template that hides the system prompt behind the last question', () => {
  it('has every answer learnt behind the prompt that it is asked with', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: hidesSystem });
    const messages = [system, ...twoExchanges];
    const learnt = learn(messages, tokenizer);
    expect(learnt).toEqual([
      '[INST]Be brief\n\nOne[/INST]«First<|im_end|>»',
      '[INST]One[/INST]First<|im_end|>[INST]Be brief\n\nTwo[/INST]«Second<|im_end|>»',
    ]);
    expect(given(learnt)).toEqual(prompts(messages, tokenizer));
    expect(learn(twoExchanges, tokenizer)).toEqual([
      '[INST]One[/INST]«First<|im_end|>»[INST]Two[/INST]«Second<|im_end|>»',
    ]);
  });
});

describe('a template that asks whether to think', () => {
  const question = '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n';

  it.each(['auto', 'on'] as const)('has thoughts learnt with the setting %s', (thinking) => {
    const tokenizer = tinyTokenizer({ chatTemplate: asksForThought }, { thinking });
    const learnt = learn(thoughtful, tokenizer);
    expect(learnt[0]).toBe(`${question}«<think>\nHm\n</think>\n\nFirst<|im_end|>»`);
    expect(learnt[1]).toMatch(/assistant\n«<think>\nWell\n<\/think>\n\nSecond<\|im_end\|>»$/);
    expect(given(learnt)).toEqual(prompts(thoughtful, tokenizer));
  });

  it('has answers alone learnt behind an empty thought with the setting off, and tells what is left out', async () => {
    const tokenizer = tinyTokenizer({ chatTemplate: asksForThought }, { thinking: 'off' });
    const learnt = learn(thoughtful, tokenizer);
    expect(learnt[0]).toBe(`${question}<think>\n\n</think>\n\n«First<|im_end|>»`);
    expect(learnt[1]).toMatch(/assistant\n<think>\n\n<\/think>\n\n«Second<\|im_end\|>»$/);
    expect(given(learnt)).toEqual(prompts(thoughtful, tokenizer));
    const asked = questionOf({ line: 1, kind: 'chat', messages: thoughtful }, tokenizer);
    expect(asked?.answer).toBe('Second');
    const messages = thoughtful.map(({ further, ...turn }) => ({ ...turn, ...further }));
    expect(
      (await loadEncoded({ path: dataFile(jsonl({ messages })), columns: [] }, tokenizer)).notices,
    ).toEqual(['Thinking is off: thoughts are left out of 2 answers.']);
  });

  it.each([
    ['off', '<think>a</think> <think>b</think>First', null, 'First'],
    ['off', '<think>only opened', null, /has "<think>" within it, and the model is asked not to/],
    [
      'off',
      'a\n</think>\n\nFirst',
      null,
      /has "<\/think>" within it, and the model is asked not to/,
    ],
    ['off', 'First <think>b</think>', null, /has "<think>" within it/],
    ['auto', '<think>only opened', null, /opens a thought and does not close it/],
    ['auto', '<think>a</think>First', 'b', /has a thought twice/],
    ['auto', 'First', 'b', '<think>\nb\n</think>\n\nFirst'],
  ] as const)(
    'thinking %s, the answer %j with the thought %j',
    (thinking, content, thought, wanted) => {
      const tokenizer = tinyTokenizer({ chatTemplate: asksForThought }, { thinking });
      const answer = assistant(
        content,
        thought === null ? undefined : { reasoning_content: thought },
      );
      const learnt = learn([user('One'), answer], tokenizer).join();
      if (typeof wanted === 'string') expect(learnt).toContain(`«${wanted}<|im_end|>»`);
      else expect(learnt).toMatch(wanted);
      if (thought !== null) return;
      // What is only read may be anything.
      const read = [user('One'), { ...answer, context: true as const }, ...twoExchanges];
      expect(learn(read, tokenizer).join()).toContain('«');
    },
  );

  it('may write the empty thought into the prompt alone', () => {
    const off = tinyTokenizer({ chatTemplate: closesThought }, { thinking: 'off' });
    expect(learn([user('One'), assistant('First')], off)).toEqual([
      'user: One<|im_end|>assistant: <think>\n</think>«First<|im_end|>»',
    ]);
    const on = tinyTokenizer({ chatTemplate: closesThought }, { thinking: 'on' });
    expect(learn(thoughtful.slice(0, 2), on)).toEqual([
      'user: One<|im_end|>assistant: <think>«\nHm\n</think>\n\nFirst<|im_end|>»',
    ]);
  });

  it.each([['on'], ['off']] as const)('has to, for the setting %s', (thinking) => {
    const refused = expect.objectContaining({ code: 'tokenizer/no-thinking' }) as unknown;
    expect(() => tinyTokenizer({}, { thinking })).toThrow(refused);
    expect(() => tinyTokenizer({ chatTemplate: null }, { thinking })).toThrow(refused);
  });
});

describe('a thought as a field', () => {
  it('reaches a template that opens a thought as the beginning of the content', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: opensThought });
    const learnt = learn(thoughtful, tokenizer);
    expect(learnt[0]).toBe(
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n<think>\n«Hm\n</think>\n\nFirst<|im_end|>»',
    );
    expect(given(learnt)).toEqual(prompts(thoughtful, tokenizer));
  });

  it.each(['reasoning_content', 'reasoning', 'thinking'])(
    'reaches one of another name: %s',
    (key) => {
      const tokenizer = tinyTokenizer({ chatTemplate: otherField });
      expect(learn([user('One'), assistant('First', { [key]: 'Hm' })], tokenizer)).toEqual([
        '<|im_start|>user\nOne<|endoftext|><|im_start|>assistant« thinks\nHm\n\nFirst<|im_end|>»',
      ]);
    },
  );

  it('is refused by name where the template has no place for it', () => {
    expect(learn(thoughtful, tinyTokenizer())).toEqual([
      expect.stringMatching(/does not use "reasoning_content" of message 2/),
    ]);
  });
});

describe('the end of a turn', () => {
  it('is what the files name, behind what closes the answer', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: closesAnswers });
    const [start, end] = ['<|im_start|>', '<|endoftext|><|im_end|>'];
    expect(tokenizer.decode([tokenizer.eosTokenId])).toBe('<|im_end|>');
    expect(learn(twoExchanges, tokenizer)).toEqual([
      `${start}user\nOne<|im_end|>${start}assistant\n«First${end}»${start}user\nTwo<|im_end|>${start}assistant\n«Second${end}»`,
    ]);
  });

  it('is that of the last turn where earlier ones end otherwise', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: otherField });
    expect(learn(twoExchanges, tokenizer)).toEqual([
      '<|im_start|>user\nOne<|endoftext|><|im_start|>assistant«\nFirst<|im_end|>»',
      '<|im_start|>user\nOne<|endoftext|><|im_start|>assistant\nFirst<|endoftext|><|im_start|>user\nTwo<|endoftext|><|im_start|>assistant«\nSecond<|im_end|>»',
    ]);
  });

  test.each(['First<|im_end|>', 'First<|im_end|>\n', 'First<|im_end|><|im_end|>'])(
    'is learnt once where the answer has it: %j',
    (content) => {
      const messages = [user('One'), assistant(content), user('Two'), assistant(content)];
      const tokenizer = tinyTokenizer();
      const turn = '<|im_start|>assistant\n«First<|im_end|>»';
      const learnt = learn(messages, tokenizer);
      expect(learnt).toEqual([
        `<|im_start|>user\nOne<|im_end|>\n${turn}\n<|im_start|>user\nTwo<|im_end|>\n${turn}`,
      ]);
      expect(questionOf({ line: 1, kind: 'chat', messages }, tokenizer)?.answer).toBe('First');
      expect(prompts(messages, tokenizer).at(-1)).toBe(given(learnt)[0]);
    },
  );

  it('stays in an answer that the template puts none behind', () => {
    const chatTemplate =
      '{% for m in messages %}{{ m.role + ": " + m.content }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}';
    expect(
      learn([user('One'), assistant('First<|im_end|>')], tinyTokenizer({ chatTemplate })),
    ).toEqual(['user: Oneassistant: «First<|im_end|>»']);
  });
});

describe('a template that goes through tools', () => {
  it('is given an empty list where there are none, and it is told', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: needsTools });
    expect(learn([user('One'), assistant('First')], tokenizer)).toEqual([
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«First<|im_end|>»',
    ]);
    expect(tokenizer.notices).toEqual([expect.stringMatching(/made for calls of tools/)]);
  });
});

describe('a key of a message', () => {
  const titled =
    "{% for m in messages %}{{ '<|im_start|>' + m.role + (' ' + m.title if m.title else '') + '\n' + m.content + '<|im_end|>' }}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";
  const messages = [{ ...user('One'), title: 'T', id: 7 }, assistant('First')];

  it.each([
    ['reaches a template that writes it', titled, '<|im_start|>user T\nOne<|im_end|>', []],
    [
      'is told, but for its origin, where it only says something about it and is passed over',
      tinyFiles().chatTemplate,
      '<|im_start|>user\nOne<|im_end|>\n',
      [
        `The model's chat template does not use these keys of messages: "title" of the role "user".`,
      ],
    ],
  ])('%s', async (_, chatTemplate, begin, told) => {
    const tokenizer = tinyTokenizer({ chatTemplate });
    const { encoded, notices } = await loadEncoded(
      { path: dataFile(jsonl({ messages })), columns: [] },
      tokenizer,
    );
    expect(encoded.flat().map((sequence) => marked(sequence, tokenizer))).toEqual([
      `${begin}<|im_start|>assistant\n«First<|im_end|>»`,
    ]);
    expect(notices).toEqual(told);
  });
});

test('the name of a tool that answers may be passed over, and is told', async () => {
  const tool = { role: 'tool', tool_call_id: 'c1', name: 'lamp', content: 'on' };
  const messages = [user('One'), assistant('First'), tool, assistant('Second')];
  const file = { path: dataFile(jsonl({ messages })), columns: [] };
  expect((await loadEncoded(file, tinyTokenizer())).notices).toEqual([
    `The model's chat template does not use these keys of messages: "name" of the role "tool".`,
  ]);
});

describe('an end within an answer', () => {
  const early = assistant('Ends with <|im_end|> here');
  const told = (count: string) => [
    `${count} "<|im_end|>" before the end, where the model stops: what follows it is learnt and never written.`,
  ];

  it.each([
    ['is told', { messages: [user('One'), early] }, told('1 answer has')],
    [
      'is told of each',
      { messages: [user('One'), early, user('Two'), early] },
      told('2 answers have'),
    ],
    ['is told of a pair', { prompt: 'One', completion: early.content }, told('1 answer has')],
    [
      'is nothing at the very end, in a question, or where nothing is learnt',
      {
        messages: [
          ...[user(early.content), { ...early, weight: 0 }],
          ...[user('Two'), assistant('Second<|im_end|>\n')],
        ],
      },
      [],
    ],
    ['is nothing at the very end of a pair', { prompt: 'One', completion: 'A<|im_end|> \n' }, []],
    ['is nothing in running text', { text: early.content }, []],
  ])('%s', async (_, line, notices) => {
    const file = { path: dataFile(jsonl(line)), columns: [] };
    expect((await loadEncoded(file, tinyTokenizer())).notices).toEqual(notices);
    if (!('messages' in line)) {
      const bare = tinyTokenizer({ chatTemplate: null });
      expect((await loadEncoded(file, bare)).notices).toEqual(notices);
    }
  });
});

test('the date of a template is that of the run, and it is told', () => {
  const chatTemplate = `{{ strftime_now('%d %b %Y') }}${tinyFiles().chatTemplate ?? ''}`;
  const tokenizer = tinyTokenizer({ chatTemplate }, { date: '2024-02-29' });
  expect(learn([user('One'), assistant('First')], tokenizer)[0]).toMatch(/^29 Feb 2024</);
  expect(tokenizer.notices).toEqual([
    expect.stringMatching(/date of the day; it is given 2024-02-29/),
  ]);
});
