/** Which tokens are learnt, and that training sees what generation is given. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  encodeExample,
  encodeExamples,
  loadEncoded,
  promptTokens,
  questionOf,
} from '../../../../src/main/engine/batch/encode.ts';
import type { Example } from '../../../../src/main/engine/dataset/example.ts';
import { tokenizerFromGguf } from '../../../../src/main/engine/tokenizer/gguf-vocabulary.ts';
import {
  createTokenizer,
  type Tokenizer,
} from '../../../../src/main/engine/tokenizer/tokenizer.ts';
import { dataFile, jsonl } from '../dataset/data-file.ts';
import type { Sequence } from '../../../../src/main/engine/batch/sequence.ts';
import { lossMask, marked } from './marked.ts';
import {
  fixture,
  readJson,
  templateWithSystemPrompt,
  tinyTokenizer,
} from '../tokenizer/fixtures.ts';

/** The one sequence of an example that has one. */
function encodeOne(example: Example, tokenizer: Tokenizer): Sequence {
  const [sequence, ...others] = encodeExample(example, tokenizer);
  expect(others).toEqual([]);
  if (!sequence) throw new RangeError('an example without a sequence');
  return sequence;
}

const pair: Example = { line: 1, kind: 'completion', prompt: 'Light on', completion: '{"a":1}' };
const conversation: Extract<Example, { kind: 'chat' }> = {
  line: 2,
  kind: 'chat',
  messages: [
    { role: 'user', content: 'One' },
    { role: 'assistant', content: 'First' },
    { role: 'user', content: 'Two' },
    { role: 'assistant', content: 'Second' },
  ],
};

describe('a prompt of no tokens', () => {
  it('is refused where the chat template writes nothing', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: '' });
    const messages = [{ role: 'user', content: 'Hello' }];
    expect(() => promptTokens({ kind: 'chat', messages }, tokenizer)).toThrow(
      expect.objectContaining({
        problem: expect.objectContaining({
          code: 'tokenizer/no-tokens',
          where: 'chat template',
        }) as unknown,
      }),
    );
  });

  it('is refused where it is an empty text', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: null });
    expect(() => promptTokens({ kind: 'text', text: '' }, tokenizer)).toThrow(
      expect.objectContaining({ code: 'tokenizer/no-tokens' }),
    );
  });

  it('is nothing to ask with, so that an evaluation goes without it', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: null });
    expect(questionOf({ ...pair, prompt: '' }, tokenizer)).toBeNull();
  });
});

describe('a pair', () => {
  it('becomes two turns of which the answer and its end of turn are learnt', () => {
    const tokenizer = tinyTokenizer();
    expect(marked(encodeOne(pair, tokenizer), tokenizer)).toBe(
      '<|im_start|>user\nLight on<|im_end|>\n<|im_start|>assistant\n«{"a":1}<|im_end|>»',
    );
  });

  it('begins with the default system prompt where the template has one', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: templateWithSystemPrompt });
    expect(marked(encodeOne(pair, tokenizer), tokenizer)).toBe(
      '<|im_start|>system\nBe brief<|im_end|>\n<|im_start|>user\nLight on<|im_end|>\n<|im_start|>assistant\n«{"a":1}<|im_end|>»',
    );
  });

  it('stays text without a chat template', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: null });
    expect(marked(encodeOne(pair, tokenizer), tokenizer)).toBe('Light on«{"a":1}<|im_end|>»');
  });

  it.each([
    ['with a template', templateWithSystemPrompt],
    ['without one', null],
  ])('is refused where its answer is nothing but an end, %s', (_, chatTemplate) => {
    const tokenizer = tinyTokenizer({ chatTemplate });
    for (const completion of ['<|im_end|>', ' <|im_end|>\n']) {
      expect(() => encodeExample({ ...pair, completion }, tokenizer)).toThrow(
        /is nothing but the end of a t/,
      );
    }
  });

  it.each([
    ['with a template', templateWithSystemPrompt],
    ['without one', null],
  ])('begins with exactly the tokens that generation is given, %s', (_, chatTemplate) => {
    const tokenizer = tinyTokenizer({ chatTemplate });
    // Answers that would melt together with what stands before them.
    for (const completion of ['\n\nlist', ' on', 'on', '1', 'ight']) {
      const example: Example = { ...pair, prompt: 'turn on the l', completion };
      const question = questionOf(example, tokenizer);
      const prompt = question === null ? [] : promptTokens(question.prompt, tokenizer);
      const encoded = encodeOne(example, tokenizer);
      const { tokens } = encoded;
      expect(question?.answer).toBe(completion);
      expect([...tokens.subarray(0, prompt.length)]).toEqual(prompt);
      expect(lossMask(encoded)).toEqual([...tokens].map((__, t) => (t < prompt.length ? 0 : 1)));
      expect(tokens.at(-1)).toBe(tokenizer.eosTokenId);
    }
  });
});

describe('a conversation', () => {
  it('is learnt in every answer, and ends with the last of them', () => {
    const tokenizer = tinyTokenizer();
    expect(marked(encodeOne(conversation, tokenizer), tokenizer)).toBe(
      '<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«First<|im_end|>»\n<|im_start|>user\nTwo<|im_end|>\n<|im_start|>assistant\n«Second<|im_end|>»',
    );
    const whole = tokenizer.renderChat(conversation, { addGenerationPrompt: false });
    expect([...encodeOne(conversation, tokenizer).tokens]).toEqual(
      tokenizer.encode(whole.trimEnd()),
    );
  });

  it('keeps its own system prompt, and what follows the last answer is left out', () => {
    const tokenizer = tinyTokenizer({ chatTemplate: templateWithSystemPrompt });
    const example: Example = {
      line: 1,
      kind: 'chat',
      messages: [
        { role: 'system', content: 'Mine' },
        { role: 'user', content: 'One' },
        { role: 'assistant', content: '  First ' },
        { role: 'user', content: 'Left out' },
      ],
    };
    expect(marked(encodeOne(example, tokenizer), tokenizer)).toBe(
      '<|im_start|>system\nMine<|im_end|>\n<|im_start|>user\nOne<|im_end|>\n<|im_start|>assistant\n«  First <|im_end|>»',
    );
    expect(questionOf(example, tokenizer)).toBeNull();
  });

  it('may name the end of turn inside an answer', () => {
    const tokenizer = tinyTokenizer();
    const messages = [
      { role: 'user', content: 'How do turns end?' },
      { role: 'assistant', content: 'With <|im_end|>, always' },
    ];
    expect(marked(encodeOne({ line: 1, kind: 'chat', messages }, tokenizer), tokenizer)).toBe(
      '<|im_start|>user\nHow do turns end?<|im_end|>\n<|im_start|>assistant\n«With <|im_end|>, always<|im_end|>»',
    );
  });

  it('is learnt up to its content where the template writes no end of turn', () => {
    const chatTemplate =
      '{% for m in messages %}{{ m.role }}: {{ m.content | trim }}\n{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}';
    const tokenizer = tinyTokenizer({ chatTemplate });
    expect(marked(encodeOne(conversation, tokenizer), tokenizer)).toBe(
      'user: One\nassistant: «First»\nuser: Two\nassistant: «Second»',
    );
  });

  it('of SentencePiece tokens is cut without extra spaces', () => {
    const { metadata } = z
      .object({ metadata: z.record(z.string(), z.unknown()) })
      .parse(readJson(fixture('tokenizer/sentencepiece.json')));
    const chatTemplate =
      "{% for m in messages %}{% if m.role == 'user' %}{{ bos_token + '[INST] ' + m.content + ' [/INST]' }}{% else %}{{ ' ' + m.content + ' ' + eos_token }}{% endif %}{% endfor %}";
    const tokenizer = createTokenizer(
      { ...tokenizerFromGguf(metadata, 'm.gguf'), chatTemplate },
      { bosTokenId: 1, eosTokenIds: [2], vocabSize: 1 << 16 },
    );
    const example = encodeOne(conversation, tokenizer);
    const whole = tokenizer.renderChat(conversation, { addGenerationPrompt: false });
    expect([...example.tokens]).toEqual(tokenizer.encode(whole));
    const mask = lossMask(example);
    const learnt = [...example.tokens].filter((_, t) => mask[t] === 1);
    expect(learnt.filter((id) => id === 2)).toHaveLength(2);
    expect(tokenizer.decode(learnt)).toBe('First </s> Second </s>');
  });
});

describe('running text', () => {
  it('is learnt whole, with the end of text behind it', () => {
    const tokenizer = tinyTokenizer();
    const encoded = encodeOne({ line: 1, kind: 'text', text: 'light' }, tokenizer);
    const { tokens } = encoded;
    expect([...tokens]).toEqual([...tokenizer.encode('light'), 2]);
    // Nothing stands before the first token that it could be predicted from.
    expect(lossMask(encoded)).toEqual([0, ...tokens.slice(1).map(() => 1)]);
  });

  it('begins with bos where the model’s texts do', () => {
    const base = tinyTokenizer({ chatTemplate: null });
    const tokenizer: Tokenizer = { ...base, startsWithBos: true };
    expect(encodeOne({ line: 1, kind: 'text', text: 'a' }, tokenizer).tokens[0]).toBe(1);
    expect(encodeOne(pair, tokenizer).tokens[0]).toBe(1);
    expect(promptTokens({ kind: 'text', text: 'a' }, tokenizer)).toEqual([1, ...base.encode('a')]);
    expect(promptTokens({ kind: 'text', text: '<|im_start|>a' }, tokenizer)).toEqual(
      base.encode('<|im_start|>a'),
    );
  });
});

describe('text that has its ends', () => {
  const base = tinyTokenizer({ chatTemplate: null });
  const tokenizer: Tokenizer = { ...base, startsWithBos: true };
  const [bos, eos] = [base.decode([1]), base.decode([2])];

  it.each([`${bos}light`, `light${eos}`, `${bos}light${eos}\n`, 'light'])(
    'gets each of them once: %j',
    (text) => {
      const encoded = encodeOne({ line: 1, kind: 'text', text }, tokenizer);
      const { tokens } = encoded;
      expect([...tokens]).toEqual([1, ...base.encode('light'), 2]);
      expect(lossMask(encoded)).toEqual([0, ...tokens.slice(1).map(() => 1)]);
    },
  );

  it('gets them once in a pair', () => {
    const plain = encodeOne(pair, tokenizer);
    const whole: Example = {
      ...{ line: 1, kind: 'completion' },
      ...{ prompt: `${bos}Light on`, completion: `{"a":1}${eos}` },
    };
    expect(encodeOne(whole, tokenizer)).toEqual(plain);
  });

  it('ends as it does where it ends with another token that ends a text', () => {
    const both: Tokenizer = { ...base, stopTokenIds: [2, 0] };
    const text = `light${base.decode([0])}`;
    expect([...encodeOne({ line: 1, kind: 'text', text }, both).tokens]).toEqual([
      ...base.encode('light'),
      0,
    ]);
  });
});

describe('a token that the model has no row for', () => {
  const all = tinyTokenizer();
  const word = 'light';
  const id = Math.max(...all.encode(word));
  const tokenizer: Tokenizer = { ...all, embeddingRows: id };

  it('is named with its line, id and the rows there are', () => {
    const examples: Example[] = [
      { line: 1, kind: 'text', text: 'ab' },
      { line: 4, kind: 'text', text: word },
    ];
    const { encoded, badLines } = encodeExamples(examples, tokenizer);
    expect(encoded).toHaveLength(1);
    expect(badLines).toEqual([
      {
        line: 4,
        reason: `The token ${JSON.stringify(all.decode([id]))} has the id ${id}, and the model's embedding has only ${id} rows, with the ids 0 to ${id - 1}.`,
      },
    ]);
  });

  it('is found in prompts, and where an end token is put behind', () => {
    expect(() => promptTokens({ kind: 'text', text: word }, tokenizer)).toThrow(
      expect.objectContaining({ code: 'tokenizer/no-row' }),
    );
    const messages = [{ role: 'user', content: word }];
    expect(() => promptTokens({ kind: 'chat', messages }, tokenizer)).toThrow(`has the id ${id}`);
    const noEnd: Tokenizer = { ...tokenizer, eosTokenId: 300 };
    expect(() => encodeExample({ line: 1, kind: 'text', text: '!' }, noEnd)).toThrow(
      /has the id 300/,
    );
  });
});

describe('a system prompt beside a pair', () => {
  it('is a message of the conversation, and needs a template', () => {
    const example: Example = { ...pair, system: 'Be brief' };
    const tokenizer = tinyTokenizer();
    expect(marked(encodeOne(example, tokenizer), tokenizer)).toBe(
      '<|im_start|>system\nBe brief<|im_end|>\n<|im_start|>user\nLight on<|im_end|>\n<|im_start|>assistant\n«{"a":1}<|im_end|>»',
    );
    expect(questionOf(example, tokenizer)?.prompt).toMatchObject({
      messages: [{ role: 'system', content: 'Be brief' }, { role: 'user' }],
    });
    expect(() => encodeExample(example, tinyTokenizer({ chatTemplate: null }))).toThrow(
      /"system" beside a pair needs a chat template.*line 1/s,
    );
  });
});

describe('examples that cannot be learnt', () => {
  it('are named by line, and the others are encoded', () => {
    const tokenizer = tinyTokenizer();
    const begins: Example = {
      line: 7,
      kind: 'chat',
      messages: [{ role: 'assistant', content: 'I begin' }],
    };
    const { encoded, badLines } = encodeExamples([pair, begins, conversation], tokenizer);
    expect(encoded.flat().map(({ line }) => line)).toEqual([1, 2]);
    expect(badLines).toEqual([
      { line: 7, reason: expect.stringMatching(/begins with an answer/) as unknown },
    ]);
    expect(() => encodeExample(begins, tokenizer)).toThrow(/line 7/);
  });

  it('may be refused by the template', () => {
    const chatTemplate =
      "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('No such role here') }}{% endif %}{{ m.content }}{% endfor %}";
    const messages = [{ role: 'tool', content: 's' }, ...conversation.messages];
    expect(() =>
      encodeExample({ line: 3, kind: 'chat', messages }, tinyTokenizer({ chatTemplate })),
    ).toThrow(/No such role here.*line 3/s);
  });

  it('may have answers that the template hides later on', () => {
    const chatTemplate =
      '{% for m in messages %}{{ loop.length }}{{ m.content }}{% endfor %}{% if add_generation_prompt %}>{% endif %}';
    expect(() => encodeExample(conversation, tinyTokenizer({ chatTemplate }))).toThrow(
      /writes what stands before an answer otherwise.*line 2, message 2/,
    );
  });

  it('may be conversations for a model without a chat template', () => {
    expect(() => encodeExamples([conversation], tinyTokenizer({ chatTemplate: null }))).toThrow(
      /no chat template/,
    );
  });

  it('stop a load that needs them all', async () => {
    const path = dataFile(jsonl({ messages: [{ role: 'assistant', content: 'I begin' }] }));
    await expect(loadEncoded({ path, columns: [] }, tinyTokenizer())).rejects.toMatchObject({
      code: 'dataset/bad-lines',
    });
    const good = dataFile(jsonl({ prompt: 'a', completion: 'b' }));
    expect((await loadEncoded({ path: good, columns: [] }, tinyTokenizer())).encoded).toHaveLength(
      1,
    );
  });
});
